import { z } from "zod";
import { slug } from "../domain/value.ts";
import { parkedKind } from "./api.ts";

/** The queues that Parcours reads: two subscriptions of its own topic, and the mail provider's reports. */
export const queue = z.enum(["trigger-events", "decisions", "mail-reports"]);
export type Queue = z.infer<typeof queue>;

/** Which parked messages, or dead letters, are meant: all that is said must hold. */
export const manyAsked = z
  .discriminatedUnion("list", [
    z.strictObject({
      list: z.literal("parked"),
      kind: parkedKind,
      source: z.enum(["webhook", "trigger-events", "mail-reports", "decisions"]).optional(),
      trigger: slug.optional(),
      journey: slug.optional(),
      /** A part of the reason. */
      reason: z.string().min(1).max(200).optional(),
    }),
    z.strictObject({ list: z.literal("dead-letters"), queue }),
  ])
  .meta({ id: "ManyAsked" });
export type ManyAsked = z.infer<typeof manyAsked>;

export const batch = z
  .object({
    id: z.string(),
    does: z.enum(["replay", "discard"]),
    of: manyAsked,
    by: z.string(),
    at: z.string(),
    done: z.number(),
    /** Those that can't be replayed: they stay where they are. */
    left: z.number(),
    over: z.boolean(),
  })
  .meta({ id: "Batch" });
export const batches = z.object({ batches: z.array(batch) });

export const replayed = z.object({ outcome: z.enum(["replayed", "told"]) });
export const discarded = z.object({ outcome: z.enum(["replayed", "discarded"]) });

export const deadLettersAsked = z.object({ queue, next: z.coerce.number().int().nonnegative().default(0) });
export const deadLetters = z.object({
  deadLetters: z.array(
    z
      .object({
        sequence: z.string(),
        messageId: z.string(),
        at: z.string(),
        deliveryCount: z.number(),
        reason: z.string().nullable(),
        description: z.string().nullable(),
        body: z.unknown(),
      })
      .meta({ id: "DeadLetter" }),
  ),
  next: z.number().nullable(),
});
