import { asksWho } from "../domain/could-fire.ts";
import { fieldsOf } from "../domain/evaluate.ts";
import { type Reached, reachOfFirst } from "../domain/reach.ts";
import { needsRows } from "../domain/split.ts";
import type { RecordTrigger } from "../domain/trigger.ts";
import { followWays, nameOf } from "./audience-rows.ts";
import type { Deps } from "./deps.ts";
import { type PastFire, readPastFires } from "./past-changes.ts";

/** What rows as they are now can't tell, so that the numbers are a guess in that respect. */
export const DOUBTS = [
  "which-columns", // a row keeps when it was saved last, not what that save wrote
  "earlier-updates", // of each row only the last save is known
  "old-values",
  "who-changed-it",
  "rows-then", // what related rows and the person looked like, and how many rows there were, is kept nowhere
  "later-values", // a row may look otherwise now than when it was created
  "deletes", // what is gone is not there to be counted
  "more-rows", // only the latest 5 000 were looked at
] as const;
export type Doubt = (typeof DOUBTS)[number];

export interface Backtest {
  /** What it was computed from. Audit history is not read. */
  readonly from: "current-rows";
  readonly days: number;
  readonly times: number;
  readonly people: number;
  readonly busiest: { readonly day: string; readonly times: number } | null;
  readonly doubts: readonly Doubt[];
  /** The newest ones. */
  readonly list: readonly Backtested[];
}

export interface Backtested {
  readonly record: string;
  readonly name: string | null;
  readonly message: "create" | "update";
  readonly at: string;
  /** Whether it would have fired for sure, but for the doubts of all. */
  readonly sure: boolean;
  readonly outcome: Reached;
  readonly member: string | null;
  readonly person: string | null;
}

const LISTED = 500;

/** How often a trigger would have fired in the last days, for whom, and when most. */
export async function backtestTrigger(
  trigger: RecordTrigger,
  days: number,
  timeZone: string,
  deps: Pick<Deps, "clock" | "dataverse" | "metadata" | "settings">,
): Promise<Backtest> {
  const nameColumn = (await deps.metadata.table(trigger.table))?.nameColumn ?? null;
  const { fires, complete } = await readPastFires(trigger, days, nameColumn === null ? [] : [nameColumn], deps);
  const rows = [...new Set(fires.map(({ row }) => row))];
  const { people, targetOf } = await followWays(rows, trigger.audience, deps);
  const told = fires.map(({ row, change, guess }): Backtested => {
    const targets = trigger.audience.map((way) => targetOf(row, way));
    const { outcome, member } = reachOfFirst(targets, people, deps.settings.addressColumn);
    const name = nameColumn === null ? null : row.columns[nameColumn];
    return {
      ...{ record: row.id, name: typeof name === "string" ? name : null, message: change.message, at: change.at },
      ...{ sure: guess === "yes", outcome, member, person: nameOf(member, people) },
    };
  });
  return {
    from: "current-rows",
    days,
    times: fires.length,
    people: new Set(told.flatMap(({ member }) => member ?? [])).size,
    busiest: busiestDay(fires, timeZone),
    doubts: doubtsOf(trigger, complete),
    list: told.slice(0, LISTED),
  };
}

function busiestDay(fires: readonly PastFire[], timeZone: string): Backtest["busiest"] {
  // The one locale whose dates are ISO 8601.
  const format = new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" });
  const days = new Map<string, number>();
  for (const { change } of fires) {
    const day = format.format(Date.parse(change.at));
    days.set(day, (days.get(day) ?? 0) + 1);
  }
  const [most] = [...days].sort(([, one], [, other]) => other - one);
  return most === undefined ? null : { day: most[0], times: most[1] };
}

function doubtsOf(trigger: RecordTrigger, complete: boolean): readonly Doubt[] {
  const { updated, condition } = trigger;
  const fields = condition === undefined ? [] : fieldsOf(condition);
  const has: Readonly<Record<Doubt, boolean>> = {
    "which-columns": updated !== undefined && (updated.columns !== "any" || updated.onlyWhenChanged),
    "earlier-updates": updated !== undefined,
    "old-values": updated !== undefined && fields.some((field) => field.startsWith("before.")),
    "who-changed-it": asksWho(trigger),
    "rows-then": condition !== undefined && needsRows(condition),
    "later-values": trigger.created && fields.some((field) => field.startsWith("event.")),
    deletes: trigger.deleted,
    "more-rows": !complete,
  };
  return DOUBTS.filter((doubt) => has[doubt]);
}
