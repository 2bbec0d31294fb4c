import type { Comparison, Condition } from "./condition.ts";
import { isAtHand } from "./evaluate.ts";
import { type Key, narrowings } from "./narrowing.ts";
import { instant } from "./sameness.ts";

/**
 * Something of one field without which a condition can't hold, cheap to look up for thousands of triggers at once:
 * one of some keys, a text with one of some parts in it, a number or moment between two.
 */
export type FieldTest =
  | { readonly kind: "keys"; readonly keys: ReadonlySet<Key> }
  | { readonly kind: "parts"; readonly parts: readonly string[] }
  | { readonly kind: "numbers" | "moments"; readonly from: number; readonly to: number };

/** At most one test for each field: the strictest that is known. */
export function fieldTests(condition: Condition): ReadonlyMap<string, FieldTest> {
  const tests = testsOf(condition);
  for (const { field, keys } of narrowings(condition)) tests.set(field, { kind: "keys", keys });
  return tests;
}

type Tests = Map<string, FieldTest>;

function testsOf(condition: Condition): Tests {
  switch (condition.kind) {
    case "compare":
      return ofComparison(condition);
    case "all": {
      const all: Tests = new Map();
      for (const part of condition.of)
        for (const [field, test] of testsOf(part)) {
          const there = all.get(field);
          all.set(field, there === undefined ? test : both(there, test));
        }
      return all;
    }
    case "any":
      return inEach(condition.of.map(testsOf));
    default:
      return new Map();
  }
}

function ofComparison(comparison: Comparison): Tests {
  const { field, op } = comparison;
  if (!isAtHand(field)) return new Map();
  switch (op) {
    case "contains":
    case "starts-with":
      // Of several choices one is compared as a value, not as a part of a text.
      return typeof comparison.value === "string"
        ? new Map([[field, { kind: "parts", parts: [comparison.value.toLowerCase()] }]])
        : new Map();
    case "gt":
    case "ge":
    case "lt":
    case "le": {
      const { value } = comparison;
      const bound = typeof value === "number" ? value : instant(value);
      if (bound === undefined || Number.isNaN(bound)) return new Map();
      const above = op === "gt" || op === "ge";
      const [from, to] = above ? [bound, Number.POSITIVE_INFINITY] : [Number.NEGATIVE_INFINITY, bound];
      return new Map([[field, { kind: typeof value === "number" ? "numbers" : "moments", from, to }]]);
    }
    default:
      return new Map();
  }
}

/** Of two things that must both be so: what both say, or the first where they can't be told in one. */
function both(one: FieldTest, other: FieldTest): FieldTest {
  if (one.kind === "parts" && other.kind === "parts") return shortest(one.parts) >= shortest(other.parts) ? one : other;
  if ((one.kind === "numbers" || one.kind === "moments") && one.kind === other.kind)
    return { kind: one.kind, from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) };
  return one;
}

/** Of each alternative the shortest part counts: it is the one that most texts hold. */
function shortest(parts: readonly string[]): number {
  return Math.min(...parts.map(({ length }) => length));
}

/** What each alternative asks of the same field in the same way, as wide as any of them. */
function inEach(alternatives: readonly Tests[]): Tests {
  const [first, ...others] = alternatives;
  const shared: Tests = new Map();
  for (const [field, test] of first ?? []) {
    let widest: FieldTest | undefined = test;
    for (const other of others) {
      const more = other.get(field);
      widest = widest === undefined || more === undefined ? undefined : either(widest, more);
    }
    if (widest !== undefined) shared.set(field, widest);
  }
  return shared;
}

function either(one: FieldTest, other: FieldTest): FieldTest | undefined {
  if (one.kind === "parts" && other.kind === "parts") return { kind: "parts", parts: [...one.parts, ...other.parts] };
  if ((one.kind === "numbers" || one.kind === "moments") && one.kind === other.kind)
    return { kind: one.kind, from: Math.min(one.from, other.from), to: Math.max(one.to, other.to) };
  return undefined;
}
