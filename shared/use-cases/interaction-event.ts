import type { TriggerEvent } from "../domain/event.ts";
import type { Interaction } from "../domain/trigger.ts";
import type { Columns } from "../domain/value.ts";
import type { BusMessage } from "../ports/bus.ts";
import type { Delivery } from "../stores/deliveries.ts";
import { hash } from "../stores/hash.ts";

/** What nobody did: if such events let people in, a journey whose mails bring its own entry would turn in circles. */
const AUTOMATIC: ReadonlySet<Interaction> = new Set(["mail-sent", "mail-delivered", "mail-bounced"]);

/**
 * What became of what a run sent, or what its reader did with it, as a trigger event. `distinct` tells two of a kind
 * apart: a link, a time. Who unsubscribes means all mails, so that event is about the person, and about no run.
 */
export function interactionEvent(
  trigger: Interaction,
  operation: string,
  delivery: Delivery,
  what: { readonly at: number; readonly received: number; readonly values: Columns; readonly distinct?: string },
): TriggerEvent {
  const { run, step, record, member, journey, mail } = delivery;
  const ofPerson = trigger === "mail-unsubscribed";
  const sender = trigger === "survey-answered" ? {} : { mail: mail.slug, journey, step };
  return {
    id: hash(trigger, operation, what.distinct ?? ""),
    trigger,
    change: null,
    at: new Date(what.at).toISOString(),
    received: new Date(what.received).toISOString(),
    record: ofPerson ? null : record,
    candidates: [],
    member,
    run: ofPerson ? null : run,
    step: ofPerson ? null : step,
    before: {},
    after: { ...sender, ...what.values },
    changeRef: null,
    by: null,
    depth: 1,
    tag: null,
    message: null,
    hops: AUTOMATIC.has(trigger) ? (delivery.hops ?? 0) + 1 : 0,
  };
}

export function eventMessage(event: TriggerEvent, id = event.id): BusMessage {
  return { id, subject: "event", body: event, properties: { trigger: event.trigger, hops: event.hops } };
}
