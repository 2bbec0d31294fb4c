import type { Change, Message } from "./change.ts";
import { columnOf } from "./change-lookup.ts";
import type { Comparison, Condition } from "./condition.ts";
import { isOfEachSave } from "./each-save.ts";
import type { ColumnInfo, ColumnType, TableInfo } from "./metadata.ts";
import { same } from "./sameness.ts";
import type { AudienceWay, RecordTrigger } from "./trigger.ts";
import type { FieldValue } from "./value.ts";

/** What Parcours keeps of a change that somebody made to show what shall fire: no column that stayed as it was. */
export interface SeenChange {
  /** The change's idempotency key. */
  readonly id: string;
  readonly record: string;
  readonly message: Message;
  /** ISO 8601, whole seconds. */
  readonly at: string;
  /** 1 where the user did it, more where a plug-in or flow did it in the user's name. */
  readonly depth: number;
  /** Columns that the save wrote and that really differ from before; of a create those with a value. */
  readonly columns: readonly ColumnChange[];
  /** Over 256 KB: Dataverse left out what changed. */
  readonly oversize: boolean;
}

export interface ColumnChange {
  readonly column: string;
  readonly from: FieldValue;
  readonly to: FieldValue;
}

/** `taken`: the trigger listens to it. The others are shown, with why they are not. */
export type Part =
  | "taken"
  /** A status reason that changed with its state: the state says what happened, the reason only how. */
  | "with-state"
  /** Written by the platform, or by a plug-in: nobody chose it. */
  | "by-product";

export interface ProposedColumn extends ColumnChange {
  readonly part: Part;
}

/** A trigger that lacks its name. */
export interface ProposedTrigger {
  readonly trigger: Omit<RecordTrigger, "slug" | "name">;
  readonly columns: readonly ProposedColumn[];
}

/** Types whose values an author would name: of a text or an amount nobody waits for one single value. */
const NAMED: ReadonlySet<ColumnType> = new Set(["boolean", "choice", "state", "status"]);
const NEVER: ReadonlySet<ColumnType> = new Set(["id", "other"]);
/** Dataverse runs an update that mixes state and other columns as two, within moments. */
const ONE_THING_MS = 10_000;

/** Undefined for a save that changed nothing: Dataverse splits what writes a state, and one of the parts may be empty. */
export function seenIn(change: Change): SeenChange | undefined {
  const { id, record, message, at, depth, oversize } = change;
  const written = message === "delete" ? [] : change.written.filter((column) => !isOfEachSave(column, change)).sort();
  const columns = written.flatMap((column) => differenceIn(change, column));
  if (message === "update" && columns.length === 0 && !oversize) return undefined;
  return { id, record, message, at, depth, oversize, columns };
}

function differenceIn({ before, after }: Change, column: string): ColumnChange[] {
  const from = columnOf(before, column);
  const to = columnOf(after, column);
  return same(from, to) ? [] : [{ column, from, to }];
}

/**
 * The trigger that fires when somebody does again what was seen: of the newest change, or of the one that is named,
 * with the parts into which Dataverse split it. What plug-ins did besides is no part of it. Undefined where nothing
 * was seen, or nothing that people write really changed.
 */
export function proposeTrigger(
  seen: readonly SeenChange[],
  table: TableInfo,
  audience: readonly AudienceWay[],
  id?: string,
): ProposedTrigger | undefined {
  const shown = id === undefined ? newestOf(seen) : seen.find((one) => one.id === id);
  if (shown === undefined) return undefined;
  const base = { kind: "record" as const, table: table.table, audience: [...audience] };
  const columns = partsOf(changesOf(shown, seen), table);
  if (shown.message === "create") return { trigger: { ...base, created: true, deleted: false }, columns };
  if (shown.message === "delete") return { trigger: { ...base, created: false, deleted: true }, columns: [] };
  const taken = columns.filter(({ part }) => part === "taken");
  if (taken.length === 0) return undefined;
  const updated = { columns: taken.map(({ column }) => column), onlyWhenChanged: true };
  const condition = conditionOn(taken, table);
  const more = condition === undefined ? {} : { condition };
  return { trigger: { ...base, created: false, updated, deleted: false, ...more }, columns };
}

/** Of the changes that the user made, rather than what followed from them. */
function newestOf(seen: readonly SeenChange[]): SeenChange | undefined {
  const least = Math.min(...seen.map(({ depth }) => depth));
  const own = seen.filter(({ depth }) => depth === least);
  return own.sort((one, other) => Date.parse(other.at) - Date.parse(one.at))[0];
}

function changesOf(shown: SeenChange, seen: readonly SeenChange[]): readonly ColumnChange[] {
  const parts = seen.filter(
    ({ record, message, depth, at }) =>
      record === shown.record &&
      message === shown.message &&
      depth === shown.depth &&
      Math.abs(Date.parse(at) - Date.parse(shown.at)) <= ONE_THING_MS,
  );
  const byColumn = new Map<string, ColumnChange>();
  for (const change of parts.flatMap(({ columns }) => columns)) byColumn.set(change.column, change);
  for (const change of shown.columns) byColumn.set(change.column, change);
  return [...byColumn.values()];
}

function partsOf(changes: readonly ColumnChange[], table: TableInfo): readonly ProposedColumn[] {
  const known = new Map(table.columns.map((column) => [column.column, column]));
  const withState = changes.some(({ column }) => known.get(column)?.type === "state");
  const partOf = (column: ColumnInfo | undefined): Part => {
    if (column === undefined || !column.writable || NEVER.has(column.type)) return "by-product";
    return withState && column.type === "status" ? "with-state" : "taken";
  };
  return changes
    .map((change) => ({ ...change, part: partOf(known.get(change.column)) }))
    .sort((one, other) => (one.column < other.column ? -1 : 1));
}

function conditionOn(taken: readonly ColumnChange[], table: TableInfo): Condition | undefined {
  const comparisons = taken.flatMap(({ column, from, to }): Comparison[] => {
    const type = table.columns.find((each) => each.column === column)?.type;
    if (type === undefined || !NAMED.has(type)) return [];
    const field = `event.${column}`;
    return [
      { kind: "compare", field, op: "changed-from", value: from },
      { kind: "compare", field, op: "changed-to", value: to },
    ];
  });
  return comparisons.length === 0 ? undefined : { kind: "all", of: comparisons };
}
