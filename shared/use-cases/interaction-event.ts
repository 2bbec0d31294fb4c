import type { TriggerEvent } from "../domain/event.ts";
import type { Interaction } from "../domain/trigger.ts";
import type { Columns } from "../domain/value.ts";
import type { BusMessage } from "../ports/bus.ts";
import type { Delivery } from "../stores/deliveries.ts";
import { hash } from "../stores/hash.ts";

/** What a person did with what a run sent, as a trigger event. `distinct` tells two of a kind apart: a link, a time. */
export function interactionEvent(
  trigger: Interaction,
  operation: string,
  delivery: Delivery,
  what: { readonly at: number; readonly received: number; readonly values: Columns; readonly distinct?: string },
): TriggerEvent {
  return {
    id: hash(trigger, operation, what.distinct ?? ""),
    trigger,
    change: null,
    at: new Date(what.at).toISOString(),
    received: new Date(what.received).toISOString(),
    record: delivery.record,
    candidates: [],
    member: delivery.member,
    run: delivery.run,
    step: delivery.step,
    before: {},
    after: what.values,
    changeRef: null,
    by: null,
    depth: 1,
    tag: null,
    message: null,
    hops: 0,
  };
}

export function eventMessage(event: TriggerEvent, id = event.id): BusMessage {
  return { id, subject: "event", body: event, properties: { trigger: event.trigger, hops: event.hops } };
}
