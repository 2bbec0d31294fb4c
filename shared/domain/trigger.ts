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
  /** One row away: `column` leads to a row of this table, and that row's lookup to the person. */
  through: z.strictObject({ table: logicalName, column: logicalName }).optional(),
});
export type AudienceWay = z.infer<typeof audienceWay>;

/** What of an update counts: which columns, and whether their value must really differ from before. */
const updated = z.strictObject({
  columns: z.union([z.literal("any"), z.array(logicalName).min(1)]),
  onlyWhenChanged: z.boolean().default(true),
});

/** Dataverse's id of a user. Ids are an organisation's own: what names them is checked where it is imported. */
const user = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, "the id of a user, a GUID");

/** Changes that fire nothing, by who or what made them. */
const ignored = z.strictObject({
  users: z.array(user).max(50).default([]),
  /** What counts as an import is told in docs/who-changed-it.md. */
  imports: z.boolean().default(false),
  /** What journeys themselves write lets nobody in; their waits, goals and exits see it all the same. */
  own: z.boolean().default(true),
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
  /** Only changes that these users made; everybody's if absent. */
  by: z.array(user).min(1).max(50).optional(),
  ignore: ignored.optional(),
  condition: condition.optional(),
});
export type RecordTrigger = z.infer<typeof recordTrigger>;

/** Triggers that Parcours fires itself: what a person did with what a journey sent, and that two persons became one. */
export const INTERACTIONS = [
  "survey-answered",
  "mail-sent",
  "mail-delivered",
  "mail-bounced",
  "mail-opened",
  "mail-clicked",
  "mail-unsubscribed",
  "contact-merged",
] as const;
export type Interaction = (typeof INTERACTIONS)[number];

/** What conditions may ask of an interaction of a mail, as `event.<name>`: all of it text. */
export const MAIL_ATTRIBUTES = {
  "mail-sent": ["mail", "journey", "step"],
  "mail-delivered": ["mail", "journey", "step", "status"],
  "mail-bounced": ["mail", "journey", "step", "status"],
  "mail-opened": ["mail", "journey", "step"],
  "mail-clicked": ["mail", "journey", "step", "link"],
  "mail-unsubscribed": ["mail", "journey", "step"],
} as const satisfies Readonly<Partial<Record<Interaction, readonly string[]>>>;

export function isInteraction(trigger: string): trigger is Interaction {
  return (INTERACTIONS as readonly string[]).includes(trigger);
}

const attributeName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]*$/, "letters, digits and underscores after a letter, such as orderTotal")
  .max(60)
  // Conditions and templates read values by these names.
  .refine((name) => !(name in {}), "means something else to programs: choose another name");

const named = {
  name: attributeName,
  required: z.boolean().default(false),
  description: z.string().max(500).optional(),
};

/** One typed value that a custom event brings: `event.<name>` in conditions and templates. */
export const attribute = z.discriminatedUnion("type", [
  z.strictObject({ ...named, type: z.literal("text"), maxLength: z.int().min(1).max(4_000).default(4_000) }),
  z.strictObject({ ...named, type: z.literal("number") }),
  z.strictObject({ ...named, type: z.literal("integer") }),
  z.strictObject({ ...named, type: z.literal("boolean") }),
  /** A day, which never shifts. */
  z.strictObject({ ...named, type: z.literal("date") }),
  /** Comes with its offset, is kept in UTC. */
  z.strictObject({ ...named, type: z.literal("moment") }),
  z.strictObject({
    ...named,
    type: z.literal("choice"),
    options: z.array(z.string().min(1).max(200)).min(1).max(200).refine(areDistinct, "holds the same option twice"),
  }),
]);
export type Attribute = z.infer<typeof attribute>;

/** Tables that a person may stand in; an account stands for its primary contact. */
export const personTable = z.enum(["contact", "lead", "account"]);

/** Who a custom event is about. */
const about = z.strictObject({
  /** Where persons are looked for, in this order. */
  tables: z.array(personTable).min(1).refine(areDistinct, "names the same table twice").default(["contact"]),
  /** Columns other than the e-mail address whose value may name a person: no others are ever searched. */
  keys: z
    .array(z.strictObject({ table: personTable, column: logicalName }))
    .max(10)
    .refine((keys) => areDistinct(keys.map(({ table, column }) => `${table}.${column}`)), "names the same column twice")
    .default([]),
});

/** Fires when another system says so, through the API. */
export const customTrigger = z.strictObject({
  kind: z.literal("custom"),
  slug,
  name: z.string().min(1).max(200),
  description: z.string().max(1_000).optional(),
  person: about.prefault({}),
  /** Table of the record that its events may be about. */
  table: logicalName.optional(),
  attributes: z
    .array(attribute)
    .max(50)
    .refine((list) => areDistinct(list.map(({ name }) => name)), "holds two attributes of the same name")
    .default([]),
});
export type CustomTrigger = z.infer<typeof customTrigger>;

/** A trigger that authors define. */
export const trigger = z
  .discriminatedUnion("kind", [recordTrigger, customTrigger])
  .refine((it) => !isInteraction(it.slug), { path: ["slug"], error: "Parcours fires a trigger of this name itself" });
export type Trigger = z.infer<typeof trigger>;

function areDistinct(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}
