import type { Change } from "./change.ts";
import { columnOf } from "./change-lookup.ts";

const AUDIT = new Set(["modifiedon", "modifiedby", "modifiedonbehalfby", "versionnumber", "timezoneruleversionnumber"]);

/**
 * Whether each save writes the column: it tells nothing about what the author meant by "any column changed". Also the
 * primary key, which no pre-image need hold.
 */
export function isOfEachSave(column: string, change: Pick<Change, "after" | "record">): boolean {
  return AUDIT.has(column) || columnOf(change.after, column) === change.record;
}
