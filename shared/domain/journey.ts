import { z } from "zod";
import { condition } from "./condition.ts";
import { language } from "./mail.ts";
import { step } from "./steps/kinds.ts";
import { duration, stepId } from "./steps/step.ts";
import { slug, timeZone } from "./value.ts";

/** How often the same person may enter. `once-per-record`: once for each record and person. */
const reentry = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("never") }),
  z.strictObject({ kind: z.literal("once-per-record") }),
  z.strictObject({ kind: z.literal("always") }),
  z.strictObject({ kind: z.literal("after"), delay: duration }),
]);

const entry = z.strictObject({
  trigger: slug,
  /** Asked of the entry event, of the person and of the record, once. */
  filter: condition.optional(),
  reentry: reentry.default({ kind: "once-per-record" }),
});

/** A trigger that ends the run: as its goal, or as an exit. */
const ending = z.strictObject({
  name: z.string().min(1).max(100),
  trigger: slug,
  condition: condition.optional(),
  /** An event about a row of the entry's table must be about the very row. */
  sameRecord: z.boolean().default(true),
});
export type Ending = z.infer<typeof ending>;

/** What an author designs. The same document imports into another environment: slugs and logical names only. */
export const journey = z.strictObject({
  slug,
  name: z.string().min(1).max(200),
  entry,
  goals: z.array(ending).max(10).default([]),
  exits: z.array(ending).max(10).default([]),
  start: stepId,
  steps: z.record(stepId, step),
  settings: z
    .strictObject({
      /** For people whose language is unknown. */
      language: language.default("en"),
      /** IANA time zone in which moments are shown. */
      timeZone,
    })
    .prefault({}),
});
export type Journey = z.infer<typeof journey>;

/** A published version: immutable, with the revisions of what it sends. */
export interface JourneyVersion {
  readonly version: number;
  readonly publishedAt: string;
  readonly journey: Journey;
  /** Revision of each mail and survey that this version sends, by slug. */
  readonly mails: Readonly<Record<string, number>>;
  readonly surveys: Readonly<Record<string, number>>;
  readonly uses: JourneyUses;
}

/** What a version needs of the events that it is about, found statically. */
export interface JourneyUses {
  /** Triggers of waits, goals and exits: their events go into inboxes. */
  readonly cares: readonly string[];
  /** Columns that messages must carry, by trigger. */
  readonly columns: Readonly<Record<string, readonly string[]>>;
}
