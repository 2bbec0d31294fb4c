import type { Change, ImportMark } from "./change.ts";
import { columnOf } from "./change-lookup.ts";
import { same } from "./sameness.ts";
import type { RecordTrigger } from "./trigger.ts";

/** Why a change does not count for a trigger, by who or what made it. */
export type Disregarded = "other-user" | "ignored-user" | "import";

/**
 * Columns that the import of data writes: the number of the import, and the time that a migration gives a row. People
 * who make a row by hand leave both empty.
 */
const IMPORT_COLUMNS = ["importsequencenumber", "overriddencreatedon"];
/** What a loader may call itself, in the parameter `tag` of its writes: `import`, or `import:<which>`. */
const IMPORT_TAG = /^import(:|$)/i;

/**
 * Whether a change is an import's, as far as anything tells: Dataverse marks imports in no sure way. `users` are those
 * of whom somebody said that they import.
 */
export function importMark(change: Change, users: readonly string[]): ImportMark | undefined {
  if (users.some((user) => made(change, user))) return "user";
  if (change.tag !== null && IMPORT_TAG.test(change.tag)) return "tag";
  const written = IMPORT_COLUMNS.filter((column) => change.message === "create" || change.written.includes(column));
  return written.some((column) => columnOf(change.after, column) !== null) ? "column" : undefined;
}

/** Why the change does not count for the trigger, or undefined: who made it is as good as any other. */
export function disregarded({ by, ignore }: RecordTrigger, change: Change): Disregarded | undefined {
  if (by !== undefined && !by.some((user) => made(change, user))) return "other-user";
  if (ignore === undefined) return undefined;
  if (ignore.imports && change.imported !== undefined) return "import";
  return ignore.users.some((user) => made(change, user)) ? "ignored-user" : undefined;
}

/** Whether somebody made the change: by own hand, or through somebody in whose name it was made. */
function made(change: Change, user: string): boolean {
  return same(change.by, user) || same(change.initiatedBy, user);
}
