import { z } from "zod";
import type { Change } from "../domain/change.ts";

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
