import { z } from "zod";
import { logicalName } from "./value.ts";

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/**
 * A comparison that Dataverse itself makes, of one column of rows that are only counted. Text compares there without
 * regard to case. No value is null here: `is-null` and `is-not-null` ask for that.
 */
export const rowComparison = z.union([
  z.strictObject({
    column: logicalName,
    op: z.enum(["eq", "ne", "gt", "ge", "lt", "le", "contains", "starts-with"]),
    value: scalar,
  }),
  z.strictObject({ column: logicalName, op: z.literal("in"), value: z.array(scalar).min(1).max(50) }),
  z.strictObject({ column: logicalName, op: z.enum(["is-null", "is-not-null"]) }),
  z.strictObject({ column: logicalName, op: z.enum(["within-last", "within-next"]), value: z.string() }),
]);
export type RowComparison = z.infer<typeof rowComparison>;
export type RowOperator = RowComparison["op"];

const rows = {
  table: logicalName,
  /** The column of these rows that leads to whose they are. */
  lookup: logicalName,
  /** Whose rows: the person's, the record's, or those of the row that a lookup of the record leads to. */
  whose: z
    .string()
    .regex(/^(audience|record(\.[a-z][a-z0-9_]*)?)$/, "audience, record, or a lookup such as record.customerid")
    .default("audience"),
  /** All of these must hold of a row that counts. */
  where: z.array(rowComparison).max(10).default([]),
  /** Leaves the event's own record out, where it is a row of this table: "other open cases". */
  others: z.boolean().default(true),
};

/** Whether there are such rows, none, or how many. */
export const counting = z.union([
  z.strictObject({ kind: z.enum(["has", "has-no"]), ...rows }),
  z.strictObject({
    kind: z.literal("count"),
    ...rows,
    op: z.enum(["eq", "ne", "gt", "ge", "lt", "le"]),
    value: z.int().min(0).max(1_000),
  }),
]);
export type Counting = z.infer<typeof counting>;

/** What was counted, by the very question; what is not in it nobody counted yet. */
export type Counts = ReadonlyMap<Counting, number>;
export const NO_COUNTS: Counts = new Map();

/** As many rows as have to be counted for an answer: one more than the number that is asked about. */
export function mostOf(asked: Counting): number {
  return asked.kind === "count" ? asked.value + 1 : 1;
}

/** Whether so many rows, counted up to `mostOf`, are what is asked for. */
export function countHolds(asked: Counting, found: number): boolean {
  switch (asked.kind) {
    case "has":
      return found > 0;
    case "has-no":
      return found === 0;
    case "count":
      switch (asked.op) {
        case "eq":
          return found === asked.value;
        case "ne":
          return found !== asked.value;
        case "gt":
          return found > asked.value;
        case "ge":
          return found >= asked.value;
        case "lt":
          return found < asked.value;
        case "le":
          return found <= asked.value;
      }
  }
}

/** The record's lookup whose row is meant, if one is. */
export function lookupIn(whose: string): string | undefined {
  return whose.startsWith("record.") ? whose.slice("record.".length) : undefined;
}
