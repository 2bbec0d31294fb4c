import { z } from "zod";

/** A lookup's value. `name` is what Dataverse sent along, or null: show it, never compare it. */
export interface Reference {
  readonly table: string;
  readonly id: string;
  readonly name: string | null;
}

/**
 * A column's value, JSON-safe. Choices are their numbers, money its amount, moments ISO 8601 in UTC
 * (`2026-03-01T09:00:00.000Z`), several choices an array of numbers, party lists an array of references.
 */
export type FieldValue = string | number | boolean | null | Reference | readonly FieldValue[];

/** Values by the column's logical name. Absent and null are the same. */
export type Columns = Readonly<Record<string, FieldValue>>;

const reference = z.strictObject({ table: z.string(), id: z.string(), name: z.string().nullable() });

export const fieldValue: z.ZodType<FieldValue> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), reference, z.array(fieldValue)]),
);

export const columns: z.ZodType<Columns> = z.record(z.string(), fieldValue);

/** Stable name of a definition, the same in every environment: `support-case-status-updated`. */
export const slug = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, "lower-case words joined by hyphens, such as case-resolved")
  .max(60)
  .refine((text) => !(text in {}), "another word: every object of JavaScript has something of this name");

/** A Dataverse logical name: `incident`, `ab_demande`. */
export const logicalName = z.string().regex(/^[a-z][a-z0-9_]*$/, "a Dataverse logical name, such as customerid");

/** An IANA time zone. */
export const timeZone = z.string().refine(isTimeZone, "an IANA time zone such as Europe/Paris").default("Europe/Paris");

/** A row's address: `incident`, lower-case GUID. */
export const recordAddress = z.strictObject({ table: logicalName, id: z.string() });
export type RecordAddress = z.infer<typeof recordAddress>;

export function isReference(value: FieldValue | undefined): value is Reference {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
