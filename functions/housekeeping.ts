import { app } from "@azure/functions";
import { services } from "../shared/services.ts";
import { checkRegistrations } from "../shared/use-cases/check-registrations.ts";
import { sweepExamples } from "../shared/use-cases/examples.ts";
import { keep } from "../shared/use-cases/keep.ts";
import { moveRuns } from "../shared/use-cases/move-runs.ts";
import { passGates } from "../shared/use-cases/pass-gate.ts";
import { purge } from "../shared/use-cases/purge.ts";
import { publishSpilled, replayTransient } from "../shared/use-cases/replay.ts";
import { durableClient, runnerOf } from "./durable-client.ts";

app.timer("publish-spilled", {
  schedule: "*/30 * * * * *",
  handler: async (_timer, context) => {
    const published = await publishSpilled(services());
    if (published > 0) context.log("spilled messages published", { published });
  },
});

app.timer("replay-parked", {
  schedule: "0 */5 * * * *",
  handler: async (_timer, context) => {
    const replayed = await replayTransient(services());
    if (replayed > 0) context.log("parked messages replayed", { replayed });
  },
});

app.timer("pass-gates", {
  schedule: "15,45 * * * * *",
  extraInputs: [durableClient],
  handler: async (_timer, context) => {
    const woken = await passGates(runnerOf(context), services());
    if (woken > 0) context.log("runs woken after a gate was changed", { woken });
  },
});

app.timer("move-runs", {
  schedule: "30 * * * * *",
  extraInputs: [durableClient],
  handler: async (_timer, context) => {
    const looked = await moveRuns(runnerOf(context), services());
    if (looked > 0) context.log("runs moved to this build's orchestrator", { looked });
  },
});

app.timer("keep", {
  schedule: "0 2-59/5 * * * *",
  extraInputs: [durableClient],
  handler: async (_timer, context) => {
    const kept = await keep(runnerOf(context), services());
    if (Object.values(kept).some((count) => count > 0)) context.log("kept", kept);
  },
});

app.timer("ask-readiness", {
  schedule: "50 */2 * * * *",
  handler: async (_timer, context) => {
    const deps = services();
    // The probes are for whoever watches: where nobody does, nobody is asked.
    if (!deps.measure.on) return;
    const { ready, parts } = await deps.readiness.read();
    if (!ready) context.warn("not ready", parts);
  },
});

app.timer("check-registrations", {
  schedule: "0 */10 * * * *",
  handler: async (_timer, context) => {
    const outcome = await checkRegistrations(services());
    if (outcome !== "off") await sweepExamples(services(), true);
    if (outcome !== "off") context.log("registrations checked", { outcome });
  },
});

app.timer("sweep-examples", {
  schedule: "20 * * * * *",
  handler: async (_timer, context) => {
    const outcome = await sweepExamples(services());
    if (outcome === "swept" || outcome === "pending") context.log("examples swept", { outcome });
  },
});

app.timer("purge", {
  schedule: "0 15 3 * * *",
  extraInputs: [durableClient],
  handler: async (_timer, context) => {
    const removed = await purge(runnerOf(context), services());
    context.log("purged", { removed });
  },
});
