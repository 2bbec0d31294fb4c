import { triggerEvent } from "../domain/event.ts";
import type { BusMessage } from "../ports/bus.ts";
import type { ParkedItem } from "../stores/outboxes.ts";
import { changeReport, readBackRequest } from "../wire/bus-messages.ts";
import { eventMessage } from "./interaction-event.ts";
import { readBackMessage } from "./read-back-message.ts";

/**
 * A body that goes to the topic once more, under a new message id, with what subscriptions choose by. A mail's report
 * too: its own queue is the provider's to write to.
 */
export function messageAgain(source: Exclude<ParkedItem["source"], "webhook">, id: string, body: unknown): BusMessage {
  if (source === "mail-reports") return { id, subject: "change", body: { mailReport: body }, properties: {} };
  if (source === "decisions") {
    const request = readBackRequest.safeParse(body);
    if (request.success) return { ...readBackMessage(request.data), id };
    const report = changeReport.safeParse(body);
    const table = report.success ? report.data.about.split(":")[0] : undefined;
    return { id, subject: "change", body, properties: table === undefined ? {} : { table } };
  }
  const event = triggerEvent.safeParse(body);
  // What nobody could read goes back as it is: an operator may have asked for it.
  return event.success ? eventMessage(event.data, id) : { id, subject: "event", body, properties: {} };
}
