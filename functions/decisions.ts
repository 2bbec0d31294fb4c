import { app, type InvocationContext } from "@azure/functions";
import { services, TOPIC } from "../shared/services.ts";
import { consume } from "../shared/use-cases/consume.ts";
import { recordDecision } from "../shared/use-cases/record-decision.ts";
import { readReport } from "../shared/wire/bus-messages.ts";
import { deliveryOf } from "./bus-delivery.ts";

export async function decisions(message: unknown, context: InvocationContext, deps = services()): Promise<void> {
  await consume(
    { source: "decisions", body: message, ...deliveryOf(context) },
    () => recordDecision(readReport(message), deps),
    deps,
  );
}

app.serviceBusTopic("decisions", {
  connection: "ServiceBus",
  topicName: TOPIC,
  subscriptionName: "decisions",
  handler: (message, context) => decisions(message, context),
});
