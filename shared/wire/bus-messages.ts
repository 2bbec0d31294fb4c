import { z } from "zod";
import type { Change } from "../domain/change.ts";
import { type TriggerEvent, triggerEvent } from "../domain/event.ts";
import { ParcoursError } from "../errors.ts";

/** What was considered for a change: read by the subscription `decisions`. */
export const changeReport = z.object({
  change: z.string(),
  /** `table:id` of the record. */
  about: z.string(),
  at: z.string(),
  fired: z.array(z.string()).readonly(),
  /** Of those that fired: whose conditions the consumer has yet to ask of rows. */
  open: z.array(z.string()).readonly().optional(),
  considered: z.array(z.object({ trigger: z.string(), failed: z.unknown() })).readonly(),
  generation: z.number(),
  /** The change itself, to be stored; null where it lies in the store already. */
  body: z.custom<Change>().nullable(),
  changeRef: z.string().nullable(),
  /** How Parcours heard of it, if not by the webhook, and when. */
  via: z.enum(["webhook", "failed-job", "change-tracking", "replay"]).optional(),
  received: z.string().optional(),
  /** Triggers of which nobody can tell whether they fire, with what would have to be known: an operator decides. */
  unknown: z
    .array(z.object({ trigger: z.string(), asks: z.array(z.string()).readonly() }))
    .readonly()
    .optional(),
});
export type ChangeReport = z.infer<typeof changeReport>;

/** A change without its values, whose row is to be read: it goes to the subscription `decisions` too. */
export const readBackRequest = z.object({
  readBack: z.enum(["oversize", "failed-job"]),
  via: z.enum(["webhook", "failed-job", "replay"]),
  change: z.custom<Change>((value) => typeof value === "object" && value !== null),
});
export type ReadBackRequest = z.infer<typeof readBackRequest>;

/** A report of the mail provider that could not be worked on before, nor parked. */
export const mailReportAgain = z.object({ mailReport: z.unknown().refine((it) => it !== undefined) });

/** When it was sent, in milliseconds: whatever was reported before it was worked on once this is. */
const marker = z.object({ marker: z.number() });
export type Marker = z.infer<typeof marker>;

/** A mark of how far the reports are worked on, or undefined for anything else. */
export function readMarker(body: unknown): Marker | undefined {
  return marker.safeParse(body).data;
}

/** A request to read a row back, or undefined for what is a report. @throws MESSAGE_MALFORMED */
export function readRequest(body: unknown): ReadBackRequest | undefined {
  const asks = typeof body === "object" && body !== null && "readBack" in body;
  return asks ? read(readBackRequest, body, "request to read a row back") : undefined;
}

/** An event off the bus. @throws MESSAGE_MALFORMED */
export function readEvent(body: unknown): TriggerEvent {
  return read(triggerEvent, body, "trigger event");
}

/** A report off the bus. @throws MESSAGE_MALFORMED */
export function readReport(body: unknown): ChangeReport {
  return read(changeReport, body, "change report");
}

function read<T>(schema: z.ZodType<T>, body: unknown, what: string): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ParcoursError("MESSAGE_MALFORMED", `not a ${what}: ${issue?.path.join(".")}: ${issue?.message}`);
}
