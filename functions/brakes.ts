import { app } from "@azure/functions";
import { services } from "../shared/services.ts";
import { tendBrakes } from "../shared/use-cases/decide-brake.ts";

app.timer("tend-brakes", {
  schedule: "50 * * * * *",
  handler: async (_timer, context) => {
    const tended = await tendBrakes(services());
    if (tended.released + tended.discarded > 0) context.log("entries that waited at a brake", { ...tended });
  },
});
