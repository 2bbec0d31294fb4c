import type { Message } from "../domain/change.ts";
import { asksWho } from "../domain/could-fire.ts";
import { fieldsOf } from "../domain/evaluate.ts";
import { asksUnkept, type NotKept } from "../domain/history.ts";
import { type Reached, reachOfFirst } from "../domain/reach.ts";
import { needsRows } from "../domain/split.ts";
import type { RecordTrigger } from "../domain/trigger.ts";
import { followWays, nameOf } from "./audience-rows.ts";
import type { Deps } from "./deps.ts";
import { columnsSeen, type PastFire, readPastFires, type Source } from "./past-changes.ts";

/** What rows as they are now, or the audit, can't tell, so that the numbers are a guess in that respect. */
export const DOUBTS = [
  "which-columns", // a row keeps when it was saved last, not what that save wrote
  "earlier-updates", // of each row only the last save is known
  "old-values",
  "who-changed-it",
  "rows-then", // what related rows and the person looked like, and how many rows there were, is kept nowhere
  "later-values", // a row may look otherwise now than when it was created
  "deletes", // what is gone is not there to be counted
  "more-rows", // only the latest 5 000 rows, or 2 000 audited changes, were looked at
  "included-unchanged", // the audit keeps what really changed, not what a save only included
  "unaudited-columns", // of these the audit keeps nothing: their present values were taken
  "kept-shorter", // the audit of the first of these days is deleted by now
] as const;
export type Doubt = (typeof DOUBTS)[number];

export interface Backtest {
  /** What it was computed from: the audit where the organisation keeps one, else the rows as they are now. */
  readonly from: Source["from"];
  /** Why it is not the audit. */
  readonly why: NotKept | null;
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
  readonly message: Message;
  readonly at: string;
  /** Whether it would have fired for sure, but for the doubts of all. */
  readonly sure: boolean;
  readonly outcome: Reached;
  readonly member: string | null;
  readonly person: string | null;
}

const LISTED = 500;
const DAY_MS = 86_400_000;

/** How often a trigger would have fired in the last days, for whom, and when most. */
export async function backtestTrigger(
  trigger: RecordTrigger,
  days: number,
  timeZone: string,
  deps: Pick<Deps, "clock" | "dataverse" | "history" | "metadata" | "settings">,
): Promise<Backtest> {
  const nameColumn = (await deps.metadata.table(trigger.table))?.nameColumn ?? null;
  const named = nameColumn === null ? [] : [nameColumn];
  const { fires, complete, source } = await readPastFires(trigger, { days }, named, deps);
  const rows = [...new Set(fires.map(({ row }) => row))];
  const { people, targetOf } = await followWays(rows, trigger.audience, deps);
  const told = fires.map(({ row, message, at, guess }): Backtested => {
    const targets = trigger.audience.map((way) => targetOf(row, way));
    const { outcome, member } = reachOfFirst(targets, people, deps.settings.addressColumn);
    const name = nameColumn === null ? null : row.columns[nameColumn];
    return {
      ...{ record: row.id, name: typeof name === "string" ? name : null, message, at },
      ...{ sure: guess === "yes", outcome, member, person: nameOf(member, people) },
    };
  });
  return {
    from: source.from,
    why: source.from === "audit" ? null : source.why,
    days,
    times: fires.length,
    people: new Set(told.flatMap(({ member }) => member ?? [])).size,
    busiest: busiestDay(fires, timeZone),
    doubts: doubtsOf(trigger, complete, source, deps.clock.now() - days * DAY_MS),
    list: told.slice(0, LISTED),
  };
}

function busiestDay(fires: readonly PastFire[], timeZone: string): Backtest["busiest"] {
  // The one locale whose dates are ISO 8601.
  const format = new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" });
  const days = new Map<string, number>();
  for (const { at } of fires) {
    const day = format.format(Date.parse(at));
    days.set(day, (days.get(day) ?? 0) + 1);
  }
  const [most] = [...days].sort(([, one], [, other]) => other - one);
  return most === undefined ? null : { day: most[0], times: most[1] };
}

function doubtsOf(trigger: RecordTrigger, complete: boolean, source: Source, since: number): readonly Doubt[] {
  const { updated, condition } = trigger;
  const fields = condition === undefined ? [] : fieldsOf(condition);
  if (source.from === "audit") {
    const listened = updated === undefined || updated.columns === "any" ? [] : updated.columns;
    const has: Readonly<Partial<Record<Doubt, boolean>>> = {
      "who-changed-it": asksUnkept(trigger),
      "rows-then": condition !== undefined && needsRows(condition),
      "more-rows": !complete,
      "included-unchanged": updated?.onlyWhenChanged === false,
      "unaudited-columns": [...columnsSeen(trigger, listened)].some((column) => source.unaudited.has(column)),
      "kept-shorter": source.since !== null && Date.parse(source.since) > since,
    };
    return DOUBTS.filter((doubt) => has[doubt] === true);
  }
  const has: Readonly<Partial<Record<Doubt, boolean>>> = {
    "which-columns": updated !== undefined && (updated.columns !== "any" || updated.onlyWhenChanged),
    "earlier-updates": updated !== undefined,
    "old-values": updated !== undefined && fields.some((field) => field.startsWith("before.")),
    "who-changed-it": asksWho(trigger),
    "rows-then": condition !== undefined && needsRows(condition),
    "later-values": trigger.created && fields.some((field) => field.startsWith("event.")),
    deletes: trigger.deleted,
    "more-rows": !complete,
  };
  return DOUBTS.filter((doubt) => has[doubt] === true);
}
