import { z } from "zod";
import { journey } from "../domain/journey.ts";
import { mail } from "../domain/mail.ts";
import { survey } from "../domain/survey.ts";
import { trigger } from "../domain/trigger.ts";
import { slug } from "../domain/value.ts";

const revisionNumber = z.int().positive();
const bySlug = z.record(slug, revisionNumber);

/** A published version of a journey, with what it pins. */
const journeyVersion = z.looseObject({
  version: revisionNumber,
  publishedAt: z.string(),
  journey,
  mails: bySlug,
  surveys: bySlug,
  uses: z.object({ cares: z.array(z.string()), columns: z.record(z.string(), z.array(z.string())) }),
});

const line = z.object({
  slug,
  name: z.string(),
  published: revisionNumber.nullable(),
  stopped: z.boolean().optional(),
  updatedAt: z.string(),
});
const span = z.object({ revision: revisionNumber, at: z.string().nullable(), until: z.string().optional() });

function copyOf<Kind extends string, D extends z.ZodType, R extends z.ZodType>(kind: Kind, draft: D, value: R) {
  return z.object({
    kind: z.literal(kind),
    line,
    draft: draft.nullable(),
    revisions: z.array(z.object({ revision: revisionNumber, value })).readonly(),
    spans: z.array(span).readonly(),
    /** What stands over a journey as a whole. */
    gate: z.enum(["open", "paused", "stopped"]).optional(),
  });
}

export const definitionCopy = z.discriminatedUnion("kind", [
  copyOf("mails", mail, mail),
  copyOf("surveys", survey, survey),
  copyOf("triggers", trigger, trigger),
  copyOf("journeys", journey, journeyVersion),
]);

/** A page of a backup; what later builds write has another number. */
export const definitionCopies = z
  .object({ format: z.literal("parcours-definitions/1"), definitions: z.array(definitionCopy).readonly() })
  .meta({ id: "DefinitionCopies" });

export type SentCopy = z.infer<typeof definitionCopy>;

/** What became of each. */
export const importAnswer = z.object({
  definitions: z.array(
    z.object({
      kind: z.string(),
      slug: z.string(),
      outcome: z.enum(["created", "completed", "same", "conflict"]),
      note: z.string().nullable(),
    }),
  ),
  /** Why Dataverse does not tell of all of it yet; a timer goes on with it. */
  pending: z.string().nullable(),
});
