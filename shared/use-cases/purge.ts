import type { Runner } from "../ports/runner.ts";
import { monthOf } from "../stores/audit.ts";
import { dayOf } from "../stores/expiry.ts";
import type { Bucket } from "../stores/members.ts";
import { placeOf } from "../stores/run-index.ts";
import { expiredWeeks } from "../stores/weeks.ts";
import type { Deps } from "./deps.ts";
import { purgeRun } from "./purge-run.ts";

type Needs = Pick<
  Deps,
  | "audit"
  | "bindings"
  | "changes"
  | "clock"
  | "codes"
  | "decisions"
  | "deliveries"
  | "expiry"
  | "index"
  | "insights"
  | "journeys"
  | "members"
  | "parked"
  | "settings"
  | "triggerLog"
>;

const ENDED: readonly Bucket[] = ["goal", "exit", "completed", "stopped"];
const PARKED_KINDS = ["malformed", "foreign", "permanent", "transient", "unknown"] as const;
const BATCH = 200;
/** Days and weeks behind the limit that are looked at: a purge that missed some runs makes up for it, and a shorter limit too. */
const LOOK_BACK_DAYS = 14;
const LOOK_BACK_WEEKS = 26;
const DAY_MS = 86_400_000;
/** Longer than any entry takes from binding its record to writing its run. */
const ENTERING_MS = DAY_MS;

/** Who did what is kept for so long, in days: two years, as auditors ask. */
const AUDIT_DAYS = 731;

/**
 * Removes inbox rows that no live run can still need, runs that ended long ago with all that they sent, the engine's
 * histories of ended runs, and what was parked long ago; drops weeks and months that are over. Answers how much went.
 */
export async function purge(runner: Runner, deps: Needs): Promise<number> {
  const now = deps.clock.now();
  const today = dayOf(now);
  let removed = 0;
  for (let day = today - LOOK_BACK_DAYS; day < today; day += 1) removed += await purgeDay(day, now, runner, deps);
  const oldestRun = now - deps.settings.runsKeptDays * DAY_MS;
  removed += await purgeRuns(oldestRun, deps);
  for (const kind of PARKED_KINDS) removed += await deps.parked.removeBefore(oldestRun, kind);
  for (const week of expiredWeeks(now, deps.settings.keptDays, LOOK_BACK_WEEKS)) {
    await deps.decisions.drop(week);
    await deps.changes.drop(week);
    await deps.triggerLog.drop(week);
  }
  const oldest = monthOf(now - AUDIT_DAYS * DAY_MS);
  for (const month of await deps.audit.months()) if (month < oldest) await deps.audit.drop(month);
  return removed;
}

/** Runs that ended before a time. One that entered before and ended since is looked at again the next night. */
async function purgeRuns(time: number, deps: Needs): Promise<number> {
  let removed = 0;
  for (const { slug } of await deps.journeys.list())
    for (const bucket of ENDED) {
      let after: string | undefined;
      for (let more = true; more; ) {
        const page = await deps.index.enteredBefore(time, slug, bucket, BATCH, after);
        for (const line of page.runs) {
          const stored = await deps.members.run(line.member, line.run);
          if ((stored?.row.state.ended?.at ?? 0) >= time) continue;
          await purgeRun(line, deps);
          removed += 1;
        }
        const last = page.runs.at(-1);
        after = last && placeOf(last);
        more = page.more && last !== undefined;
      }
    }
  return removed;
}

async function purgeDay(
  day: number,
  now: number,
  runner: Runner,
  deps: Pick<Deps, "bindings" | "expiry" | "members">,
): Promise<number> {
  let removed = 0;
  for (;;) {
    const rows = await deps.expiry.page(day, BATCH);
    if (rows.length === 0) return removed;
    for (const { row, value } of rows) {
      // A live run that is older may still wait for it: it is looked at again tomorrow.
      if (await stillNeeded(value, now, deps)) await deps.expiry.put(dayOf(now) + 1, value);
      else {
        if ("run" in value.of) await runner.forget(value.of.run);
        else if ("member" in value.of) await deps.members.forget(value.of.member, value.at, value.id);
        else await deps.bindings.forget(value.of.record, value.at, value.id);
        removed += 1;
      }
      await deps.expiry.remove(day, row);
    }
  }
}

async function stillNeeded(
  what: Awaited<ReturnType<Deps["expiry"]["page"]>>[number]["value"],
  now: number,
  deps: Pick<Deps, "bindings" | "members">,
): Promise<boolean> {
  if ("run" in what.of) return false;
  if ("member" in what.of) {
    const live = await deps.members.liveRuns(what.of.member);
    return live.some(({ state }) => state.since <= what.at);
  }
  for (const { member, run, at } of await deps.bindings.runs(what.of.record)) {
    const stored = await deps.members.run(member, run);
    const gone = stored === undefined ? at < now - ENTERING_MS : stored.row.state.ended !== null;
    if (gone) await deps.bindings.unbind(what.of.record, run);
    else if (stored !== undefined && stored.row.state.since <= what.at) return true;
  }
  return false;
}
