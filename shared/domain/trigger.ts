import { z } from "zod";
import { condition } from "./condition.ts";
import { logicalName, slug } from "./value.ts";

/**
 * One way from a changed row to a person: through a lookup, or `self` for a row of those tables. An account stands for
 * its primary contact. The first way that reaches somebody is taken.
 */
export const audienceWay = z.strictObject({
  column: z.union([z.literal("self"), logicalName]),
  table: z.enum(["contact", "lead", "account"]),
});
export type AudienceWay = z.infer<typeof audienceWay>;

/** What of an update counts: which columns, and whether their value must really differ from before. */
const updated = z.strictObject({
  columns: z.union([z.literal("any"), z.array(logicalName).min(1)]),
  onlyWhenChanged: z.boolean().default(true),
});

/** Fires on changes of one table. */
export const recordTrigger = z.strictObject({
  kind: z.literal("record"),
  slug,
  name: z.string().min(1).max(200),
  table: logicalName,
  audience: z.array(audienceWay).min(1),
  created: z.boolean().default(false),
  updated: updated.optional(),
  deleted: z.boolean().default(false),
  condition: condition.optional(),
});
export type RecordTrigger = z.infer<typeof recordTrigger>;

/** Triggers that Parcours fires itself: what a person did with what a journey sent, and that two persons became one. */
export const INTERACTIONS = [
  "survey-answered",
  "mail-delivered",
  "mail-bounced",
  "mail-opened",
  "mail-clicked",
  "contact-merged",
] as const;
export type Interaction = (typeof INTERACTIONS)[number];

export function isInteraction(trigger: string): trigger is Interaction {
  return (INTERACTIONS as readonly string[]).includes(trigger);
}
