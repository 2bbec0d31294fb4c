import { app } from "@azure/functions";
import { services } from "../shared/services.ts";
import { reconcile } from "../shared/use-cases/reconcile.ts";
import { workOffBatches } from "../shared/use-cases/work-off-batch.ts";

app.timer("reconcile", {
  schedule: "40 1-59/5 * * * *",
  handler: async (_timer, context) => {
    const run = await reconcile(services());
    if (run === "off") return;
    const { problems, ...found } = run;
    if (found.jobs + found.untold > 0) context.log("changes found that never came", found);
    for (const problem of problems) context.warn(`could not look for changes that never came: ${problem}`);
  },
});

app.timer("work-off-batches", {
  schedule: "25 * * * * *",
  handler: async (_timer, context) => {
    const done = await workOffBatches(services());
    if (done > 0) context.log("worked off what an operator asked", { done });
  },
});
