import { z } from "zod";
import { isGuid } from "../domain/sameness.ts";
import type { Attribute, CustomTrigger } from "../domain/trigger.ts";
import { type Columns, logicalName, type RecordAddress } from "../domain/value.ts";
import { issuesOf } from "./issues.ts";

/** Who sends an event: a system that keeps a secret, or a page that anybody can read. */
export type Caller = "server" | "browser";

/** How an event names its person. */
export type Named =
  | { readonly by: "id"; readonly table: "contact" | "lead" | "account"; readonly id: string }
  | { readonly by: "email"; readonly email: string }
  | { readonly by: "key"; readonly column: string; readonly value: string | number };

/** A custom event as it was sent, checked against its trigger. */
export interface CustomEvent {
  readonly person: Named;
  /** ISO 8601 in UTC; null where the sender does not say. */
  readonly occurredAt: string | null;
  readonly idempotencyKey: string | null;
  readonly record: RecordAddress | null;
  readonly attributes: Columns;
}

export type CustomEventsRead =
  | { readonly kind: "events"; readonly events: readonly CustomEvent[] }
  | { readonly kind: "invalid"; readonly problems: readonly { readonly at: string; readonly problem: string }[] };

export const MOST_EVENTS = 100;
/** In characters of JSON: an event must fit into a message of the bus, with all that comes around it. */
const LARGEST_ATTRIBUTES = 60_000;
/** Clocks differ by this much, in milliseconds; what lies further ahead did not happen. */
const SKEW = 5 * 60_000;

/** One event, or up to 100 of them. A batch with a wrong event is refused whole: each problem names its place. */
export function readCustomEvents(trigger: CustomTrigger, caller: Caller, body: unknown, now: number): CustomEventsRead {
  const one = customEvent(trigger, caller, now);
  if (!Array.isArray(body)) return resultOf(one.transform((event) => [event]).safeParse(body));
  if (body.length === 0 || body.length > MOST_EVENTS)
    return { kind: "invalid", problems: [{ at: "body", problem: `holds ${body.length} events: send 1 to 100` }] };
  return resultOf(z.array(one).safeParse(body));
}

function resultOf(parsed: z.ZodSafeParseResult<CustomEvent[]>): CustomEventsRead {
  return parsed.success
    ? { kind: "events", events: parsed.data }
    : { kind: "invalid", problems: issuesOf(parsed.error) };
}

/** The schema of a trigger's events, made of its attributes. `now` in milliseconds: the future is refused. */
export function customEvent(trigger: CustomTrigger, caller: Caller, now: number): z.ZodType<CustomEvent> {
  const moment = utc.refine((at) => Date.parse(at) <= now + SKEW, "lies in the future");
  return z
    .strictObject({
      person: person(trigger, caller),
      occurredAt: moment.nullish(),
      idempotencyKey: z.string().min(1).max(200).nullish(),
      record: record(trigger.table),
      attributes: attributes(trigger.attributes),
    })
    .transform(({ occurredAt, idempotencyKey, ...event }) => ({
      ...{ person: event.person, attributes: event.attributes, record: event.record ?? null },
      ...{ occurredAt: occurredAt ?? null, idempotencyKey: idempotencyKey ?? null },
    }));
}

const guid = z
  .string()
  .refine(isGuid, "a GUID")
  .transform((id) => id.toLowerCase());

const utc = z.iso
  .datetime({ offset: true, error: "a moment with its offset, such as 2026-03-01T09:00:00Z" })
  .transform((text) => new Date(text).toISOString());

function record(table: string | undefined): z.ZodType<RecordAddress | null | undefined> {
  return table === undefined
    ? z.null("the trigger's events are about no record").optional()
    : z.strictObject({ table: z.literal(table), id: guid }).nullish();
}

function person({ person: { tables, keys } }: CustomTrigger, caller: Caller): z.ZodType<Named> {
  // An id is no secret, but a page that may use it can act for anybody whose id it has seen.
  const ids = caller === "server" ? tables : [];
  const ways = [...ids, "email", ...(keys.length > 0 ? ["key"] : [])].join(", ");
  return z
    .strictObject(
      {
        ...Object.fromEntries(ids.map((table) => [table, guid.optional()])),
        email: z.email().max(254).optional(),
        key: keyIn(keys.map(({ column }) => column)),
      },
      { error: (issue) => (issue.code === "unrecognized_keys" ? `may only be named by ${ways}` : undefined) },
    )
    .refine((given) => Object.keys(given).length === 1, `name the person by one of ${ways}`)
    .transform((given): Named => {
      if (given.key !== undefined) return { by: "key", ...given.key };
      if (given.email !== undefined) return { by: "email", email: given.email };
      const table = tables.find((each) => each in given) ?? "contact";
      return { by: "id", table, id: String((given as Readonly<Record<string, unknown>>)[table]) };
    });
}

type Key = Omit<Extract<Named, { by: "key" }>, "by">;

function keyIn(columns: readonly string[]): z.ZodType<Key | undefined> {
  if (columns.length === 0) return z.undefined("the trigger names no columns to find persons by").optional();
  const value = z.union([z.string().min(1).max(200), z.number()]);
  return z.strictObject({ column: z.enum(columns), value }).optional();
}

function attributes(all: readonly Attribute[]): z.ZodType<Columns> {
  const schema = z
    .strictObject(Object.fromEntries(all.map((each) => [each.name, optional(each)])))
    .refine((given) => JSON.stringify(given).length <= LARGEST_ATTRIBUTES, `over ${LARGEST_ATTRIBUTES} characters`)
    // Absent and null are the same: one of them is kept.
    .transform((given) => Object.fromEntries(Object.entries(given).filter(([, value]) => value != null)) as Columns);
  return all.some((each) => each.required) ? schema : schema.prefault({});
}

function optional(each: Attribute): z.ZodType {
  return each.required ? value(each) : value(each).nullish();
}

function value(each: Attribute): z.ZodType {
  switch (each.type) {
    case "text":
      return z.string().max(each.maxLength);
    case "number":
      return z.number();
    case "integer":
      return z.int();
    case "boolean":
      return z.boolean();
    case "date":
      return z.iso.date("a day, such as 2026-03-01");
    case "moment":
      return utc;
    case "choice":
      return z.enum(each.options);
  }
}

/** What every trigger's events have in common: for the description of the route. */
export const anyCustomEvent = z
  .strictObject({
    person: z.record(z.string(), z.unknown()),
    occurredAt: z.string().nullish(),
    idempotencyKey: z.string().max(200).nullish(),
    record: z.strictObject({ table: logicalName, id: z.string() }).nullish(),
    attributes: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: "CustomEvent" });

export const anyCustomEvents = z.union([anyCustomEvent, z.array(anyCustomEvent).min(1).max(MOST_EVENTS)]);

/** What became of each event, in the order in which they were sent. */
export const eventsTaken = z
  .object({
    events: z.array(
      z.object({
        id: z.string(),
        outcome: z.enum(["accepted", "unknown", "ambiguous"]),
        reason: z.string().optional(),
      }),
    ),
  })
  .meta({ id: "EventsTaken" });

/** A trigger's snippets: how to send its events. */
export const snippets = z
  .object({ snippets: z.array(z.object({ language: z.string(), file: z.string(), code: z.string() })) })
  .meta({ id: "Snippets" });
