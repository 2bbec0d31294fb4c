import { app, type InvocationContext } from "@azure/functions";
import { services, TOPIC } from "../shared/services.ts";
import { consume } from "../shared/use-cases/consume.ts";
import { receiveEvent } from "../shared/use-cases/receive-event.ts";
import { readEvent } from "../shared/wire/bus-messages.ts";
import { deliveryOf } from "./bus-delivery.ts";
import { durableClient, runnerOf } from "./durable-client.ts";

export async function triggerEvents(message: unknown, context: InvocationContext, deps = services()): Promise<void> {
  const outcome = await consume(
    { source: "trigger-events", body: message, ...deliveryOf(context) },
    async () => {
      const event = readEvent(message);
      const received = await receiveEvent(event, runnerOf(context), deps);
      context.log("event received", { event: event.id, trigger: event.trigger, ...received });
    },
    deps,
  );
  if (outcome !== "done") context.warn(`message ${outcome}`);
}

app.serviceBusTopic("trigger-events", {
  connection: "ServiceBus",
  topicName: TOPIC,
  subscriptionName: "journeys",
  extraInputs: [durableClient],
  handler: (message, context) => triggerEvents(message, context),
});
