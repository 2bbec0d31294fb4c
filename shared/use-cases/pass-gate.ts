import type { Runner } from "../ports/runner.ts";
import type { Bucket } from "../stores/members.ts";
import { placeOf } from "../stores/run-index.ts";
import type { Deps } from "./deps.ts";
import { wakeRun } from "./wake-run.ts";

type Needs = Pick<Deps, "gatePasses" | "index" | "members">;

const PAGE = 50;
const AT_ONCE = 10;
/** Pages in one go; the next tick goes on. */
const PAGES = 100;
/** Those that change lists while they are woken read an old gate in the one, and are found in the other. */
const LISTS: readonly Bucket[] = ["held", "live", "held"];

/** Wakes the runs of every journey whose gate was changed, from where the last time ended. Answers how many. */
export async function passGates(runner: Runner, deps: Needs): Promise<number> {
  let woken = 0;
  for (const journey of await deps.gatePasses.waiting())
    for (let page = 0; page < PAGES; page += 1) {
      const passed = await passPage(journey, runner, deps);
      if (passed === "over") break;
      woken += passed;
    }
  return woken;
}

/** Wakes the next page of one journey's runs; `over` where nothing is left, or somebody else goes on with it. */
export async function passPage(journey: string, runner: Runner, deps: Needs): Promise<number | "over"> {
  const stored = await deps.gatePasses.read(journey);
  if (stored === undefined) return "over";
  const { epoch, list, after } = stored.value;
  const bucket = LISTS[list];
  if (bucket === undefined) {
    await deps.gatePasses.end(stored);
    return "over";
  }
  const { runs, more } = await deps.index.newest(journey, bucket, PAGE, after ?? undefined);
  for (let from = 0; from < runs.length; from += AT_ONCE)
    await Promise.all(runs.slice(from, from + AT_ONCE).map((line) => wakeRun(line, runner, deps.members)));
  const last = runs.at(-1);
  const next =
    more && last !== undefined
      ? { journey, epoch, list, after: placeOf(last) }
      : { journey, epoch, list: list + 1, after: null };
  return (await deps.gatePasses.move(stored, next)) ? runs.length : "over";
}
