import { couldFire, type Guess, type PastChange, pastChanges } from "../domain/could-fire.ts";
import { fieldsOf } from "../domain/evaluate.ts";
import { parseField } from "../domain/fields.ts";
import type { RecordTrigger } from "../domain/trigger.ts";
import type { FoundRow } from "../ports/dataverse.ts";
import { columnsOf } from "./audience-rows.ts";
import type { Deps } from "./deps.ts";

/** Most that one query gives; a table with more changes than that in the time is said to have more. */
export const MOST_ROWS = 5_000;

/** One past change that the trigger would have fired on, surely or as far as can be known. */
export interface PastFire {
  readonly row: FoundRow;
  readonly change: PastChange;
  readonly guess: Exclude<Guess, "no">;
}

/** Columns that a trigger has to see of a row, with those asked for besides. */
export function columnsSeen(trigger: RecordTrigger, more: Iterable<string>): readonly string[] {
  const asked = trigger.condition === undefined ? [] : fieldsOf(trigger.condition);
  const named = asked.flatMap((path) => {
    const field = parseField(path);
    return field?.scope === "event" || field?.scope === "before" ? [field.name] : [];
  });
  return [...new Set(["createdon", "modifiedon", ...columnsOf(trigger.audience), ...named, ...more])];
}

/** Past changes in the last so many days, newest first, that the trigger would have fired on. One query. */
export async function readPastFires(
  trigger: RecordTrigger,
  days: number,
  more: Iterable<string>,
  deps: Pick<Deps, "clock" | "dataverse">,
): Promise<{ readonly fires: readonly PastFire[]; readonly complete: boolean }> {
  const since = deps.clock.now() - days * 86_400_000;
  const columns = columnsSeen(trigger, more);
  const ask = { columns, most: MOST_ROWS, by: "modifiedon", since: new Date(since).toISOString() } as const;
  const rows = await deps.dataverse.recent(trigger.table, ask);
  return { fires: firesOf(trigger, rows, since, deps), complete: rows.length < MOST_ROWS };
}

/** Of rows that were read: what the trigger would have fired on since a moment, newest first. */
export function firesOf(
  trigger: RecordTrigger,
  rows: readonly FoundRow[],
  since: number,
  { clock }: Pick<Deps, "clock">,
): readonly PastFire[] {
  const fires = rows.flatMap((row) =>
    pastChanges(trigger, row.columns, since).flatMap((change) => {
      const guess = couldFire(trigger, change, clock.now());
      return guess === "no" ? [] : [{ row, change, guess }];
    }),
  );
  return fires.sort((one, other) => Date.parse(other.change.at) - Date.parse(one.change.at));
}
