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
  considered: z.array(z.object({ trigger: z.string(), failed: z.unknown() })).readonly(),
  generation: z.number(),
  /** The change itself, to be stored; null where it lies in the store already. */
  body: z.custom<Change>().nullable(),
  changeRef: z.string().nullable(),
});
export type ChangeReport = z.infer<typeof changeReport>;

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
