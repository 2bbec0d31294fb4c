import type { StoredRow } from "../ports/rows.ts";
import type { Runner } from "../ports/runner.ts";
import type { DueRun } from "../stores/due.ts";
import type { Deps } from "./deps.ts";
import { duePlaceOf } from "./run-row.ts";
import { wakeRun } from "./wake-run.ts";

type Needs = Pick<Deps, "clock" | "due" | "measure" | "members">;

const MINUTE_MS = 60_000;
/** A run that has done nothing for so long after it was due is looked at; and after a wake, once more. */
export const PATIENCE_MS = 10 * MINUTE_MS;
/** Activities that fail are tried for some minutes, then held for ten: in between nothing is heard of them. */
const TRIED_MS = 20 * MINUTE_MS;
/** Runs that are woken or started in one go: the others are looked at by the next. */
const MOST = 2_000;
/** The engine ends an instance some time after it was told to. */
const ENDING = { attempts: 20, pauseMs: 250 };

/** What the keeper did with the rows that were due. */
export interface Kept {
  woken: number;
  /** The engine had ended them, or never heard of them. */
  started: number;
  /** Ran without progress. */
  restarted: number;
  /** Rows of runs that ended or moved on. */
  removed: number;
  /** Rows that a run stands by: waited for, or tried in vain of late. */
  overdue: number;
}

/**
 * Revives what the durable engine lost (rule 12): a run that is overdue by ten minutes is woken; where its instance
 * ended or is missing, started again under its id; where that makes no progress either, terminated and started. Safe,
 * for the truth is in the store: an activity that is called once too often finds all done.
 */
export async function keep(runner: Runner, deps: Needs): Promise<Kept> {
  const now = deps.clock.now();
  const kept: Kept = { woken: 0, started: 0, restarted: 0, removed: 0, overdue: 0 };
  await deps.due.forEach(now - PATIENCE_MS, now, async (due) => {
    if (kept.woken + kept.started + kept.restarted >= MOST) return;
    kept[await look(due, now, runner, deps)] += 1;
  });
  for (const how of ["woken", "started", "restarted"] as const)
    if (kept[how] > 0) deps.measure.count("parcours.keeper.revived", { how }, kept[how]);
  deps.measure.level("parcours.keeper.overdue", kept.overdue);
  return kept;
}

async function look(stored: StoredRow<DueRun>, now: number, runner: Runner, deps: Needs): Promise<keyof Kept> {
  const due = stored.value;
  const { run, member, journey } = due;
  const { row } = (await deps.members.run(member, run)) ?? {};
  const place = row && duePlaceOf(row);
  if (row === undefined || place === undefined || place.at !== due.at || place.seq !== due.seq) {
    // The right place first: a run is never without one.
    if (place !== undefined) await deps.due.put({ ...place, run, member, journey }, now);
    await deps.due.remove(due);
    return "removed";
  }
  const { watched, tried } = due;
  if (tried !== undefined && now - tried.at < TRIED_MS) return "overdue";
  const noted = { watched: { at: now, seq: row.seq } };
  if (watched === undefined || watched.seq !== row.seq || watched.at < (tried?.at ?? 0)) {
    const how = await wakeRun(due, runner, deps.members);
    await deps.due.note(stored, noted);
    return how === "ended" ? "removed" : how;
  }
  if (now - watched.at < PATIENCE_MS) return "overdue";
  const how = await startAnew(due, runner, deps);
  await deps.due.note(stored, noted);
  return how;
}

/** Ends an instance and starts it again. Where the engine takes its time over the end, the next look finds the instance gone, and starts it. */
export async function startAnew(
  { run, member }: Pick<DueRun, "run" | "member">,
  runner: Runner,
  deps: Pick<Needs, "clock">,
): Promise<"started" | "restarted" | "overdue"> {
  const ended = await runner.terminate(run, "started anew");
  for (let attempt = 0; attempt < ENDING.attempts; attempt += 1) {
    if ((await runner.start(run, { member, run })) === "started") return ended === "gone" ? "started" : "restarted";
    await deps.clock.sleep(ENDING.pauseMs);
  }
  return "overdue";
}
