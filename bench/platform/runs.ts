import { cpus } from "node:os";
import type { Line } from "../bench.ts";
import { secondsFor, type Target } from "./durable-load.ts";
import { type Part, percent, watchShares } from "./processes.ts";

const INSTANCES = 2000;
const WARM_UP = 300;
/** Published with the recordings: the same orchestrator, 200 instances, the real host on two cores with Azurite. */
const REAL_HOST = 16;
const AIM = 500;

/** 2 000 instances of the recorded app's `bench`: five activities and a timer of a second. */
export async function runsOfFive(part: Part<Target>): Promise<Line[]> {
  await secondsFor(part.ready, "bench", WARM_UP, null);
  const shares = await watchShares(part);
  const seconds = await secondsFor(part.ready, "bench", INSTANCES, null);
  const { part: platform, app, load, others, idle, writing, writes } = await shares();
  const rate = INSTANCES / seconds;
  console.log(
    `  where the time goes, of ${cpus().length} cores: platform ${percent(platform)}, app ${percent(app)}, ` +
      `load generator ${percent(load)}, others on this machine ${percent(others)}, idle ${percent(idle)}; ` +
      `the platform spends ${percent(writing)} of the time in SQLite (${Math.round(writes / INSTANCES)} statements a run; ` +
      `its journal is flushed at checkpoints, so a kill loses nothing, a power cut may lose the last moments)`,
  );
  const measured = `${rate.toFixed(0)}/s (${seconds.toFixed(1)} s for ${INSTANCES}, the second of waiting in it)`;
  return [
    {
      what: "runs of 5 activities and a 1 s timer",
      measured,
      peer: `the real host 13–${REAL_HOST}/s (published)`,
      ratio: rate / REAL_HOST,
      goal: { text: "≥ 10×", met: rate >= 10 * REAL_HOST },
    },
    { what: "  the same, against the aim", measured: `${rate.toFixed(0)}/s`, peer: `${AIM}/s`, ratio: rate / AIM },
  ];
}
