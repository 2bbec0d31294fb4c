import { z } from "zod";
import { slug } from "../domain/value.ts";

const brake = z
  .object({
    trigger: slug,
    since: z.string(),
    usualInHour: z.number(),
    limitInHour: z.number(),
    held: z.number(),
    by: z.array(z.object({ user: z.string().nullable(), events: z.number() })),
    journeys: z.array(slug),
    calm: z.boolean(),
    decided: z
      .object({ kind: z.enum(["release", "discard"]), by: z.string(), perMinute: z.number().optional() })
      .nullable(),
  })
  .meta({ id: "Brake" });
export const brakes = z.object({ brakes: z.array(brake) });

export const held = z.object({
  held: z.array(
    z
      .object({
        id: z.string(),
        at: z.string(),
        record: z.string().nullable(),
        by: z.string().nullable(),
        people: z.array(z.string()),
      })
      .meta({ id: "Held" }),
  ),
  next: z.string().nullable(),
});

/** What an operator answers. `choose` lets some in at once; the rest waits on or is given up. */
export const brakeAnswer = z
  .discriminatedUnion("do", [
    z.strictObject({ do: z.literal("release"), perMinute: z.int().min(1).max(5_000) }),
    z.strictObject({ do: z.literal("discard") }),
    z.strictObject({
      do: z.literal("choose"),
      ids: z
        .array(z.string().regex(/^[0-9]{13}~[A-Za-z0-9:._-]{1,200}$/))
        .min(1)
        .max(500),
      rest: z.enum(["keep", "discard"]).default("keep"),
    }),
  ])
  .meta({ id: "BrakeAnswer" });

export const brakeDecided = z.object({ entered: z.number() });
