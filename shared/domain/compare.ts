import { assertNever } from "../errors.ts";
import type { Comparison } from "./condition.ts";
import { addDuration } from "./duration.ts";
import { instant, same } from "./sameness.ts";
import type { FieldValue } from "./value.ts";

/** Where a comparison's values come from; a field that holds nothing answers null. */
export type Lookup = (field: string) => FieldValue;

/** `before.statecode` for `event.statecode`. */
export function fieldBefore(field: string): string {
  return `before${field.slice(field.indexOf("."))}`;
}

/** `event.statecode`, the value after, whichever way the author named the column. */
export function fieldAfter(field: string): string {
  return `event${field.slice(field.indexOf("."))}`;
}

/** Whether one comparison holds. What can't be compared does not. `now` in milliseconds. */
export function compare(comparison: Comparison, lookup: Lookup, now: number): boolean {
  switch (comparison.op) {
    case "changed":
      return !same(...beforeAndAfter(comparison, lookup));
    case "changed-from":
    case "changed-to": {
      const [before, after] = beforeAndAfter(comparison, lookup);
      return !same(before, after) && same(comparison.op === "changed-from" ? before : after, comparison.value);
    }
    case "is-null":
      return lookup(comparison.field) === null;
    case "ne":
      return !same(lookup(comparison.field), comparison.value);
    default: {
      const seen = lookup(comparison.field);
      return seen !== null && compareValue(comparison, seen, now);
    }
  }
}

/** What `changed`, `changed-from` and `changed-to` look at: here alone null is a value like any other. */
export function beforeAndAfter(comparison: Comparison, lookup: Lookup): [before: FieldValue, after: FieldValue] {
  let sides = SIDES.get(comparison);
  if (sides === undefined) {
    sides = { before: fieldBefore(comparison.field), after: fieldAfter(comparison.field) };
    SIDES.set(comparison, sides);
  }
  return [lookup(sides.before), lookup(sides.after)];
}

/** Remembered, for a name that is put together anew has to be hashed anew wherever it is looked up. */
const SIDES = new WeakMap<Comparison, { readonly before: string; readonly after: string }>();

type ValueComparison = Extract<Comparison, { readonly value: FieldValue }>;

function compareValue(comparison: ValueComparison, seen: FieldValue, now: number): boolean {
  switch (comparison.op) {
    case "eq":
      return same(seen, comparison.value);
    case "in":
      return comparison.value.some((value) => same(seen, value));
    case "gt":
    case "ge":
    case "lt":
    case "le":
      return inOrder(comparison.op, seen, comparison.value);
    case "contains":
      return contains(seen, comparison.value);
    case "starts-with":
      return typeof seen === "string" && typeof comparison.value === "string"
        ? seen.toLowerCase().startsWith(comparison.value.toLowerCase())
        : false;
    case "within-last":
      return isBetween(addDuration(now, comparison.value, -1), seen, now);
    case "within-next":
      return isBetween(now, seen, addDuration(now, comparison.value));
    case "ne":
    case "changed-from":
    case "changed-to":
      return false; // decided before, since they know null
    default:
      return assertNever(comparison);
  }
}

function contains(seen: FieldValue, value: FieldValue): boolean {
  if (Array.isArray(seen)) return seen.some((one: FieldValue) => same(one, value));
  if (typeof seen !== "string" || typeof value !== "string") return false;
  return seen.toLowerCase().includes(value.toLowerCase());
}

/** Numbers by size, moments by their instant, other text by its code units; a mixture has no order. */
function inOrder(op: "gt" | "ge" | "lt" | "le", seen: FieldValue, value: FieldValue): boolean {
  if (typeof seen === "number" && typeof value === "number") return ordered(op, seen - value);
  if (typeof seen !== "string" || typeof value !== "string") return false;
  const one = instant(seen);
  const other = instant(value);
  if (one !== undefined && other !== undefined) return ordered(op, one - other);
  return ordered(op, seen < value ? -1 : seen > value ? 1 : 0);
}

function ordered(op: "gt" | "ge" | "lt" | "le", difference: number): boolean {
  switch (op) {
    case "gt":
      return difference > 0;
    case "ge":
      return difference >= 0;
    case "lt":
      return difference < 0;
    case "le":
      return difference <= 0;
    default:
      return assertNever(op);
  }
}

function isBetween(from: number, seen: FieldValue, until: number): boolean {
  const ms = instant(seen);
  return ms !== undefined && from <= ms && ms <= until;
}
