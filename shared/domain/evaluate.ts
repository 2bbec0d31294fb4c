import { assertNever } from "../errors.ts";
import type { Comparison, Condition, Operator } from "./condition.ts";
import { addDuration } from "./duration.ts";
import { instant, same } from "./sameness.ts";
import type { FieldValue } from "./value.ts";

/** Where a comparison's values come from; a field that holds nothing answers null. */
export type Lookup = (field: string) => FieldValue;

/** The comparison that decided that a condition does not hold. */
export interface Failed {
  readonly field: string;
  /** `empty`: an `any` of nothing, which never holds. */
  readonly op: Operator | "empty";
  readonly expected: FieldValue;
  readonly seen: FieldValue;
  /** The value before, where the comparison looks at it. */
  readonly before?: FieldValue;
  /** True where the comparison held and should not have. */
  readonly negated?: true;
}

/** Whether a condition holds. Pure and total: a comparison of things that can't be compared is false. */
export function holds(condition: Condition, lookup: Lookup, now: number): boolean {
  switch (condition.kind) {
    case "compare":
      return compare(condition, lookup, now);
    case "all":
      return condition.of.every((part) => holds(part, lookup, now));
    case "any":
      return condition.of.some((part) => holds(part, lookup, now));
    case "not":
      return !holds(condition.of, lookup, now);
    default:
      return assertNever(condition);
  }
}

/** The first comparison that made a condition false, with the value it saw; undefined if the condition holds. */
export function explain(condition: Condition, lookup: Lookup, now: number): Failed | undefined {
  return decider(condition, false, lookup, now);
}

/** The first comparison that made a condition come out so, or undefined if it came out otherwise. In one pass. */
function decider(condition: Condition, outcome: boolean, lookup: Lookup, now: number): Failed | undefined {
  switch (condition.kind) {
    case "compare":
      return compare(condition, lookup, now) === outcome ? seenBy(condition, outcome, lookup) : undefined;
    case "not":
      return decider(condition.of, !outcome, lookup, now);
    case "all":
    case "any": {
      // One part decides that an `all` is false or an `any` true; the contrary needs every part.
      const needsEvery = (condition.kind === "all") === outcome;
      let first: Failed | undefined;
      for (const part of condition.of) {
        const decided = decider(part, outcome, lookup, now);
        if (decided === undefined && needsEvery) return undefined;
        if (decided !== undefined && !needsEvery) return decided;
        first ??= decided;
      }
      return needsEvery ? (first ?? ofNothing(outcome)) : undefined;
    }
    default:
      return assertNever(condition);
  }
}

function ofNothing(outcome: boolean): Failed {
  return { field: "", op: "empty", expected: null, seen: null, ...(outcome && { negated: true }) };
}

function seenBy(comparison: Comparison, outcome: boolean, lookup: Lookup): Failed {
  const { field, op } = comparison;
  const expected = "value" in comparison ? comparison.value : null;
  let failed: Failed;
  if (op === "changed" || op === "changed-from" || op === "changed-to") {
    const [before, seen] = beforeAndAfter(comparison, lookup);
    failed = { field, op, expected, seen, before };
  } else failed = { field, op, expected, seen: lookup(field) };
  return outcome ? { ...failed, negated: true } : failed;
}

/** The fields that a condition reads, each once; `changed…` reads the old and the new value. */
export function fieldsOf(condition: Condition): string[] {
  const fields = new Set<string>();
  collect(condition, fields);
  return [...fields];
}

function collect(condition: Condition, into: Set<string>): void {
  switch (condition.kind) {
    case "compare":
      if (condition.op === "changed" || condition.op === "changed-from" || condition.op === "changed-to")
        into.add(fieldBefore(condition.field)).add(fieldAfter(condition.field));
      else into.add(condition.field);
      return;
    case "all":
    case "any":
      for (const part of condition.of) collect(part, into);
      return;
    case "not":
      collect(condition.of, into);
      return;
    default:
      assertNever(condition);
  }
}

/** `before.statecode` for `event.statecode`. */
export function fieldBefore(field: string): string {
  return `before${field.slice(field.indexOf("."))}`;
}

/** `event.statecode`, the value after, whichever way the author named the column. */
export function fieldAfter(field: string): string {
  return `event${field.slice(field.indexOf("."))}`;
}

function compare(comparison: Comparison, lookup: Lookup, now: number): boolean {
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

/** Here alone null is a value like any other. */
function beforeAndAfter(comparison: Comparison, lookup: Lookup): [before: FieldValue, after: FieldValue] {
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
