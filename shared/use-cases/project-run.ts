import type { Fact } from "../domain/run.ts";
import type { RunRow } from "../stores/members.ts";
import type { Deps } from "./deps.ts";

/**
 * Writes what others look at: the operators' index and the counters. The run's own row is the truth; where it moved on
 * meanwhile, this goes round again, so that the last word wins whoever says it.
 */
export async function projectRun(
  row: RunRow,
  deps: Pick<Deps, "index" | "insights" | "members">,
  facts?: readonly Fact[],
): Promise<void> {
  let current = row;
  for (;;) {
    await writeIndex(current, deps);
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
