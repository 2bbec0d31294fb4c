import { app, type InvocationContext } from "@azure/functions";
import { services, TOPIC } from "../shared/services.ts";
import { consume } from "../shared/use-cases/consume.ts";
import { workOnReport } from "../shared/use-cases/work-on-report.ts";
import { deliveryOf } from "./bus-delivery.ts";

/** Reports of what was considered for a change, and what else is worked on beside the journeys. */
export async function decisions(message: unknown, context: InvocationContext, deps = services()): Promise<void> {
  await consume(
    { source: "decisions", body: message, ...deliveryOf(context) },
    async () => {
      const outcome = await workOnReport(message, deps);
      if (outcome !== "recorded" && outcome !== "marked") context.log("worked on beside the journeys", { outcome });
    },
    deps,
  );
}

app.serviceBusTopic("decisions", {
  connection: "ServiceBus",
  topicName: TOPIC,
  subscriptionName: "decisions",
  handler: (message, context) => decisions(message, context),
});
