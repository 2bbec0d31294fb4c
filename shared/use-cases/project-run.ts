import type { Fact } from "../domain/run.ts";
import { dayOf } from "../stores/expiry.ts";
import type { RunRow } from "../stores/members.ts";
import type { Deps } from "./deps.ts";
import { duePlaceOf } from "./run-row.ts";

const DAY_MS = 86_400_000;

/**
 * Writes what others look at: the keeper's row, the operators' index and the counters. The run's own row is the truth; where it moved on
 * meanwhile, this goes round again, so that the last word wins whoever says it.
 */
export async function projectRun(
  row: RunRow,
  deps: Pick<Deps, "clock" | "due" | "expiry" | "index" | "insights" | "members" | "settings">,
  facts?: readonly Fact[],
): Promise<void> {
  let current = row;
  for (;;) {
    await writeDue(current, deps);
    await writeIndex(current, deps);
    await expireHistory(current, deps);
    const { member, run } = current.state;
    const made = current === row && facts !== undefined ? facts : await deps.members.factsOf(member, run, current.seq);
    const { journey, version } = current.state;
    await deps.insights.count({ journey, version, run, seq: current.seq }, made);
    const now = await deps.members.run(member, run);
    if (now === undefined || now.row.seq === current.seq) return;
    current = now.row;
  }
}

async function writeIndex(row: RunRow, deps: Pick<Deps, "index">): Promise<void> {
  const { run, member, journey, version, enteredAt } = row.state;
  const { bucket, seq } = row;
  const hold = row.state.hold?.reason ?? null;
  const line = { run, member, journey, version, enteredAt, bucket, status: row.next.status, hold, seq };
  await deps.index.put(line);
  for (const former of row.formerBuckets) await deps.index.remove(line, former);
}

/**
 * First of all, so that a run that nobody goes on with is found. A commit that left the row where it was says nothing
 * new. A place that somebody late wrote again is cleared by the keeper, once it is due.
 */
async function writeDue(row: RunRow, deps: Pick<Deps, "clock" | "due">): Promise<void> {
  const { run, member, journey } = row.state;
  const place = duePlaceOf(row);
  if (place !== undefined && place.seq !== row.seq) return;
  if (place !== undefined) await deps.due.put({ ...place, run, member, journey }, deps.clock.now());
  if (row.formerDue !== undefined) await deps.due.remove({ ...row.formerDue, run });
}

/** Once a run ended nobody asks the engine about it for long; the store goes on to tell of it. */
async function expireHistory({ state }: RunRow, deps: Pick<Deps, "expiry" | "settings">): Promise<void> {
  if (state.ended === null) return;
  const day = dayOf(state.ended.at + deps.settings.keptDays * DAY_MS);
  await deps.expiry.put(day, { of: { run: state.run }, at: state.ended.at, id: "history" });
}
