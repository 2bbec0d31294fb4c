import type { Runner } from "../ports/runner.ts";
import type { Deps } from "./deps.ts";
import { passAll, passPage } from "./pass-runs.ts";
import { wakeRun } from "./wake-run.ts";

type Needs = Pick<Deps, "gatePasses" | "index" | "members">;

/** Wakes the runs of every journey whose gate was changed, from where the last time ended. Answers how many. */
export async function passGates(runner: Runner, deps: Needs): Promise<number> {
  return passAll(deps.gatePasses, deps.index, (line) => wakeRun(line, runner, deps.members));
}

/** Wakes the next page of one journey's runs; `over` where nothing is left, or somebody else goes on with it. */
export async function passGatePage(journey: string, runner: Runner, deps: Needs): Promise<number | "over"> {
  return passPage(journey, deps.gatePasses, deps.index, (line) => wakeRun(line, runner, deps.members));
}
