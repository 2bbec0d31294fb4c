import type { Bucket } from "../stores/members.ts";
import type { Passes } from "../stores/passes.ts";
import { type IndexedRun, placeOf, type RunIndex } from "../stores/run-index.ts";

const PAGE = 50;
const AT_ONCE = 10;
/** Pages in one go; the next tick goes on. */
const PAGES = 100;
/** Those that change lists meanwhile stood in the one before it was come to, and are found in the other. */
const LISTS: readonly Bucket[] = ["held", "live", "held"];

/** Does something to each live run of every journey that waits for it, from where the last time ended. Answers how many. */
export async function passAll(
  passes: Passes,
  index: RunIndex,
  act: (line: IndexedRun) => Promise<unknown>,
): Promise<number> {
  let passed = 0;
  for (const journey of await passes.waiting())
    for (let page = 0; page < PAGES; page += 1) {
      const count = await passPage(journey, passes, index, act);
      if (count === "over") break;
      passed += count;
    }
  return passed;
}

/** The next page of one journey's runs; `over` where nothing is left, or somebody else goes on with it. */
export async function passPage(
  journey: string,
  passes: Passes,
  index: RunIndex,
  act: (line: IndexedRun) => Promise<unknown>,
): Promise<number | "over"> {
  const stored = await passes.read(journey);
  if (stored === undefined) return "over";
  const { epoch, list, after } = stored.value;
  const bucket = LISTS[list];
  if (bucket === undefined) {
    await passes.end(stored);
    return "over";
  }
  const { runs, more } = await index.newest(journey, bucket, PAGE, after ?? undefined);
  for (let from = 0; from < runs.length; from += AT_ONCE) await Promise.all(runs.slice(from, from + AT_ONCE).map(act));
  const last = runs.at(-1);
  const next =
    more && last !== undefined
      ? { journey, epoch, list, after: placeOf(last) }
      : { journey, epoch, list: list + 1, after: null };
  return (await passes.move(stored, next)) ? runs.length : "over";
}
