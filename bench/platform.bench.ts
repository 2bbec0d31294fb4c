import { loadavg } from "node:os";
import type { Bench } from "./bench.ts";
import { broker } from "./platform/broker.ts";
import type { Target } from "./platform/durable-load.ts";
import { measureLimits } from "./platform/limits.ts";
import { startPart } from "./platform/processes.ts";
import { runsOfFive } from "./platform/runs.ts";
import { costOfSteps } from "./platform/steps.ts";

export const bench: Bench = {
  name: "platform",
  how: "The local platform, durable on disk: orchestrations of the recorded app through the real host process (management API, scheduler, process channel, durable-functions), and the bus through the unmodified SDK. Platform, app, bus and load generator are processes of their own on one machine, all counted. Ratios of the bus are to the machine's own limit.",
  run: async () => {
    console.log(`  load of this machine before: ${loadavg()[0]?.toFixed(1)}`);
    const limits = await measureLimits(1024);
    const platform = await startPart<Target>("platform");
    try {
      const runs = await runsOfFive(platform);
      const steps = await costOfSteps(platform);
      return [...runs, ...steps, ...(await broker(limits))];
    } finally {
      await platform.stop();
    }
  },
};
