import { app, type InvocationContext } from "@azure/functions";
import { services, TOPIC } from "../shared/services.ts";
import { consume } from "../shared/use-cases/consume.ts";
import { readBackChange } from "../shared/use-cases/read-back-change.ts";
import { recordDecision } from "../shared/use-cases/record-decision.ts";
import { readMarker, readReport, readRequest } from "../shared/wire/bus-messages.ts";
import { deliveryOf } from "./bus-delivery.ts";

/** Reports of what was considered for a change, and changes that are to be read back first. */
export async function decisions(message: unknown, context: InvocationContext, deps = services()): Promise<void> {
  await consume(
    { source: "decisions", body: message, ...deliveryOf(context) },
    async () => {
      const mark = readMarker(message);
      if (mark !== undefined) return deps.reconciliation.setReportedUntil(mark.marker);
      const request = readRequest(message);
      if (request === undefined) return recordDecision(readReport(message), deps);
      const outcome = await readBackChange(request, deps);
      context.log("change read back", { change: request.change.id, via: request.via, outcome });
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
