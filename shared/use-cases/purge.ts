import { monthOf } from "../stores/audit.ts";
import { dayOf } from "../stores/expiry.ts";
import { expiredWeeks } from "../stores/weeks.ts";
import type { Deps } from "./deps.ts";

const BATCH = 200;
/** Days and weeks behind the limit that are looked at: a purge that missed some runs makes up for it, and a shorter limit too. */
const LOOK_BACK_DAYS = 14;
const LOOK_BACK_WEEKS = 26;
const DAY_MS = 86_400_000;
/** Longer than any entry takes from binding its record to writing its run. */
const ENTERING_MS = DAY_MS;

/** Who did what is kept for so long, in days: two years, as auditors ask. */
const AUDIT_DAYS = 731;

/** Removes inbox rows that no live run can still need, and drops weeks and months that are over. */
export async function purge(
  deps: Pick<Deps, "audit" | "bindings" | "changes" | "clock" | "decisions" | "expiry" | "members" | "settings">,
): Promise<number> {
  const now = deps.clock.now();
  const today = dayOf(now);
  let removed = 0;
  for (let day = today - LOOK_BACK_DAYS; day < today; day += 1) removed += await purgeDay(day, now, deps);
  for (const week of expiredWeeks(now, deps.settings.keptDays, LOOK_BACK_WEEKS)) {
    await deps.decisions.drop(week);
    await deps.changes.drop(week);
  }
  const oldest = monthOf(now - AUDIT_DAYS * DAY_MS);
  for (const month of await deps.audit.months()) if (month < oldest) await deps.audit.drop(month);
  return removed;
}

async function purgeDay(
  day: number,
  now: number,
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
        if ("member" in value.of) await deps.members.forget(value.of.member, value.at, value.id);
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
