import { app } from "@azure/functions";
import { services } from "../shared/services.ts";
import { purge } from "../shared/use-cases/purge.ts";
import { publishSpilled, replayTransient } from "../shared/use-cases/replay.ts";

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

app.timer("purge", {
  schedule: "0 15 3 * * *",
  handler: async (_timer, context) => {
    const removed = await purge(services());
    context.log("purged", { removed });
  },
});
