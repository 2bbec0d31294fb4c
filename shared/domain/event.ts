import { z } from "zod";
import { condition } from "./condition.ts";
import { personTable } from "./trigger.ts";
import { columns, recordAddress } from "./value.ts";

/** Somebody whom an event may be about, in the order in which to try them, and the way that led there. */
export const candidate = z.union([
  z.strictObject({ way: z.string(), table: personTable, id: z.string() }),
  /** Whoever's column holds the value: looked up by the consumer, where it could not be at the receipt. */
  z.strictObject({
    way: z.string(),
    table: personTable,
    find: z.strictObject({ column: z.string(), value: z.union([z.string(), z.number()]) }),
  }),
  /** Whoever this row's lookup leads to: read by the consumer, since a change only carries its own row. */
  z.strictObject({
    way: z.string(),
    table: personTable,
    through: z.strictObject({ table: z.string(), id: z.string(), column: z.string() }),
  }),
]);
export type Candidate = z.infer<typeof candidate>;

/** A change, custom event or interaction that fired one trigger for one audience member. */
export const triggerEvent = z.strictObject({
  /** The same for each delivery, replay and reconciliation of the same thing. */
  id: z.string(),
  trigger: z.string(),
  /** The change that fired it; a run never takes an event of the change that made it enter. */
  change: z.string().nullable(),
  /** When it happened, ISO 8601; for changes whole seconds. */
  at: z.string(),
  /** When Parcours took it in, ISO 8601. */
  received: z.string(),
  record: recordAddress.nullable(),
  candidates: z.array(candidate),
  /** Interactions know their person, their run, and the step that sent what was acted on. */
  member: z.string().nullable(),
  run: z.string().nullable(),
  step: z.string().nullable(),
  before: columns,
  after: columns,
  /** Where the whole body lies, when columns were left out: `<week>/<partition>/<row>`. */
  changeRef: z.string().nullable(),
  by: z.string().nullable(),
  depth: z.number(),
  tag: z.string().nullable(),
  message: z.enum(["create", "update", "delete"]).nullable(),
  /** How many of Parcours's own effects stand before it in a row. */
  hops: z.number(),
  /** The trace in which it was worked on, as W3C `traceparent`: a run that it starts belongs to it. */
  trace: z.string().optional(),
  /** What of the trigger's condition only rows can tell: where it does not hold, the trigger did not fire. */
  rest: condition.optional(),
  /** An event of the past that is brought now: told to no run, and entering this journey alone, if one is named. */
  entryOnly: z.strictObject({ journey: z.string().nullable() }).optional(),
});
export type TriggerEvent = z.infer<typeof triggerEvent>;

const OWN_TAG = /^parcours:(\d{1,3})$/;

/** The tag of Parcours's own writes: how many of its effects, this one counted, stand before what follows. */
export function ownTag(hops: number): string {
  return `parcours:${hops}`;
}

/** How many of Parcours's own effects stand before a change, by its tag; 0 for a change of somebody else's. */
export function hopsOf(tag: string | null): number {
  return Number(OWN_TAG.exec(tag ?? "")?.[1] ?? 0);
}

/** The time that counts for order: never later than the receipt, since clocks differ. Milliseconds. */
export function eventTime(event: Pick<TriggerEvent, "at" | "received">): number {
  return Math.min(Date.parse(event.at), Date.parse(event.received));
}
