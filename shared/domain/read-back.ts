import type { Change, ReadBack } from "./change.ts";
import { isOfEachSave } from "./each-save.ts";
import { fieldsOf } from "./evaluate.ts";
import { same } from "./sameness.ts";
import type { RecordTrigger } from "./trigger.ts";
import type { Columns, FieldValue } from "./value.ts";

/** Stored bodies of the same record's changes: the last one before, and the first one after. */
export interface Neighbours {
  readonly earlier: Change | undefined;
  readonly later: Change | undefined;
}

/** Columns that tell a merge, whatever triggers there are. */
const OF_MERGES = ["merged", "masterid"];

/** Columns of a table that its triggers, or what their events must carry, need. */
export function columnsNeeded(
  table: string,
  triggers: readonly RecordTrigger[],
  uses: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlySet<string> {
  const columns = new Set<string>(table === "contact" ? OF_MERGES : []);
  for (const { audience, condition, slug, updated } of triggers) {
    for (const way of audience) if (way.column !== "self") columns.add(way.column);
    for (const column of updated === undefined || updated.columns === "any" ? [] : updated.columns) columns.add(column);
    for (const field of condition === undefined ? [] : fieldsOf(condition)) {
      const [scope, column] = field.split(".");
      if (column !== undefined && (scope === "event" || scope === "before")) columns.add(column);
    }
    for (const column of uses.get(slug) ?? []) columns.add(column);
  }
  return columns;
}

/**
 * A change with what can be known of its values: after it, as the next change saw them before itself, else as the row
 * is now; before it, as the last change left them.
 *
 * @param row the row now; undefined where it is gone, or the change is a delete
 */
export function withValues(
  change: Change,
  read: Omit<ReadBack, "gone" | "since">,
  row: Columns | undefined,
  { earlier, later }: Neighbours,
): Change {
  const after = change.message === "delete" ? null : { ...row, ...later?.before };
  const before = change.message === "create" ? null : { ...earlier?.after };
  const readBack = { ...read, gone: row === undefined, since: before === null ? null : (earlier?.at ?? null) };
  const told = { ...change, before, after, readBack };
  const written = Object.keys(after ?? {}).filter(
    (column) => differs(told, column) === true && !isOfEachSave(column, told),
  );
  return { ...told, written };
}

/** Whether a column's value differs from before; undefined where one of the two is unknown. */
export function differs(change: Pick<Change, "before" | "after">, column: string): boolean | undefined {
  const before = known(change.before, column);
  const after = known(change.after, column);
  return before === undefined || after === undefined ? undefined : !same(before, after);
}

/** A value of a change that was read back: on create nothing was before, on delete nothing is after. */
export function known(columns: Columns | null, column: string): FieldValue | undefined {
  if (columns === null) return null;
  return Object.hasOwn(columns, column) ? (columns[column] ?? null) : undefined;
}
