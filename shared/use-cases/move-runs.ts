import type { Runner } from "../ports/runner.ts";
import { ORCHESTRATOR, ORCHESTRATOR_GENERATION } from "../wire/run-call.ts";
import type { Deps } from "./deps.ts";
import { startAnew } from "./keep.ts";
import { passAll } from "./pass-runs.ts";

type Needs = Pick<Deps, "clock" | "due" | "index" | "journeys" | "members" | "movePasses" | "upgrades">;

/** The first builds did not write it down. */
const FIRST = 1;

/**
 * Brings every live run under this build's orchestrator, where an earlier build's had another name: its instance is
 * ended as it stands and started anew, and goes on from its row. Kept as it goes, so that it survives a crash; done
 * once. Answers how many runs were looked at.
 */
export async function moveRuns(runner: Runner, deps: Needs): Promise<number> {
  if (((await deps.upgrades.orchestrator()) ?? FIRST) < ORCHESTRATOR_GENERATION) {
    for (const { slug } of await deps.journeys.list())
      await deps.movePasses.begin({ journey: slug, epoch: 0, list: 0, after: null });
    await deps.upgrades.movedTo(ORCHESTRATOR_GENERATION);
  }
  return passAll(deps.movePasses, deps.index, async (line) => {
    const status = await runner.status(line.run);
    if (status !== undefined && status.orchestrator !== ORCHESTRATOR) await startAnew(line, runner, deps);
  });
}
