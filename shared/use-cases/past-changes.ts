import { importMark } from "../domain/authors.ts";
import type { Message } from "../domain/change.ts";
import type { Condition } from "../domain/condition.ts";
import { couldFire, type Guess, pastChanges, restAt } from "../domain/could-fire.ts";
import { fieldsOf } from "../domain/evaluate.ts";
import { parseField } from "../domain/fields.ts";
import { type NotKept, rebuilt, wouldFire } from "../domain/history.ts";
import type { RecordTrigger } from "../domain/trigger.ts";
import type { Columns } from "../domain/value.ts";
import type { FoundRow } from "../ports/dataverse.ts";
import { columnsOf } from "./audience-rows.ts";
import type { Deps } from "./deps.ts";

/** Most that one query gives; a table with more changes than that in the time is said to have more. */
export const MOST_ROWS = 5_000;
/** What each replaced is asked for one by one, a hundred in a request: more would keep the asker waiting. */
const MOST_AUDITED = 2_000;
const DAY_MS = 86_400_000;

/** One past change that the trigger would have fired on, surely or as far as can be known. */
export interface PastFire {
  /** Who it is about then: the row after the change, or before its deletion. */
  readonly row: FoundRow;
  readonly message: Message;
  /** ISO 8601. */
  readonly at: string;
  /** Values before; null on a creation, and where nobody knows them. */
  readonly before: Columns | null;
  /** The user who made it; null where nobody knows. */
  readonly by: string | null;
  readonly guess: Exclude<Guess, "no">;
  /** What of the trigger's condition rows must tell still, when the change is brought now. */
  readonly rest: Condition | undefined;
}

/** What past changes were read from. Rows as they are now tell of the last save only, and what it left. */
export type Source =
  | { readonly from: "audit"; readonly since: string | null; readonly unaudited: ReadonlySet<string> }
  | { readonly from: "current-rows"; readonly why: NotKept };

export interface PastFires {
  /** Newest first. */
  readonly fires: readonly PastFire[];
  readonly complete: boolean;
  readonly source: Source;
}

type Needs = Pick<Deps, "clock" | "dataverse" | "history" | "settings">;

/** Columns that a trigger has to see of a row, with those asked for besides. */
export function columnsSeen(trigger: RecordTrigger, more: Iterable<string>): readonly string[] {
  const asked = trigger.condition === undefined ? [] : fieldsOf(trigger.condition);
  const named = asked.flatMap((path) => {
    const field = parseField(path);
    return field?.scope === "event" || field?.scope === "before" ? [field.name] : [];
  });
  return [...new Set(["createdon", "modifiedon", ...columnsOf(trigger.audience), ...named, ...more])];
}

/**
 * Past changes in the last so many days, of these records alone if they are named, that the trigger would have fired on:
 * out of the organisation's audit where it keeps one and lets Parcours read it, else out of the rows as they are now.
 */
export async function readPastFires(
  trigger: RecordTrigger,
  asked: { readonly days: number; readonly records?: readonly string[] },
  more: Iterable<string>,
  deps: Needs,
): Promise<PastFires> {
  const since = deps.clock.now() - asked.days * DAY_MS;
  const columns = columnsSeen(trigger, more);
  const { records } = asked;
  const history = await deps.history.read(trigger.table, {
    since: new Date(since).toISOString(),
    most: MOST_AUDITED,
    ...(records === undefined ? {} : { records }),
  });
  if (history.kind === "not-kept") {
    const rows = await currentRows(trigger.table, columns, since, records, deps);
    const complete = records !== undefined || rows.length < MOST_ROWS;
    return { fires: firesOf(trigger, rows, since, deps), complete, source: { from: "current-rows", why: history.why } };
  }
  const ids = [...new Set(history.changes.map(({ record }) => record))];
  const rows = await deps.dataverse.readMany(trigger.table, ids, columns);
  const now = deps.clock.now();
  const fires = rebuilt(trigger.table, history.changes, rows).flatMap((change): PastFire[] => {
    const imported = importMark(change, deps.settings.importUsers);
    const { guess, rest } = wouldFire(trigger, imported === undefined ? change : { ...change, imported }, now);
    const { record, message, at, before, after, by } = change;
    if (guess === "no") return [];
    return [{ row: { id: record, columns: after ?? before ?? {} }, message, at, before, by: by || null, guess, rest }];
  });
  const { since: kept, unaudited } = history;
  return { fires, complete: !history.more, source: { from: "audit", since: kept, unaudited } };
}

async function currentRows(
  table: string,
  columns: readonly string[],
  since: number,
  records: readonly string[] | undefined,
  { dataverse }: Needs,
): Promise<readonly FoundRow[]> {
  if (records !== undefined) {
    const rows = await dataverse.readMany(table, records, columns);
    return [...rows].map(([id, row]) => ({ id, columns: row }));
  }
  return dataverse.recent(table, {
    ...{ columns, most: MOST_ROWS, by: "modifiedon" },
    since: new Date(since).toISOString(),
  });
}

/** Of rows that were read: what the trigger would have fired on since a moment, newest first. */
function firesOf(
  trigger: RecordTrigger,
  rows: readonly FoundRow[],
  since: number,
  { clock }: Pick<Deps, "clock">,
): readonly PastFire[] {
  const fires = rows.flatMap((row) =>
    pastChanges(trigger, row.columns, since).flatMap((change): PastFire[] => {
      const guess = couldFire(trigger, change, clock.now());
      const { message, at } = change;
      if (guess === "no") return [];
      return [{ row, message, at, before: null, by: null, guess, rest: restAt(trigger, change, clock.now()) }];
    }),
  );
  return fires.sort((one, other) => Date.parse(other.at) - Date.parse(one.at));
}
