import { assertNever } from "../errors.ts";
import { type Counting, type Counts, countHolds, NO_COUNTS } from "./child-rows.ts";
import { beforeAndAfter, compare, fieldAfter, fieldBefore, type Lookup } from "./compare.ts";
import type { Comparison, Condition, Operator } from "./condition.ts";
import type { FieldValue } from "./value.ts";

/** The comparison that decided that a condition does not hold. */
export interface Failed {
  readonly field: string;
  /** `empty`: an `any` of nothing, which never holds. */
  readonly op: Operator | Counting["kind"] | "empty";
  readonly expected: FieldValue;
  readonly seen: FieldValue;
  /** The value before, where the comparison looks at it. */
  readonly before?: FieldValue;
  /** What was counted, where rows were: `seen` is their number, no higher than it took to decide. */
  readonly asked?: Counting;
  /** True where the comparison held and should not have. */
  readonly negated?: true;
}

/** Whether a condition holds. Pure and total: a comparison of things that can't be compared is false. */
export function holds(condition: Condition, lookup: Lookup, now: number, counts: Counts = NO_COUNTS): boolean {
  switch (condition.kind) {
    case "compare":
      return compare(condition, lookup, now);
    case "all":
      return condition.of.every((part) => holds(part, lookup, now, counts));
    case "any":
      return condition.of.some((part) => holds(part, lookup, now, counts));
    case "not":
      return !holds(condition.of, lookup, now, counts);
    case "has":
    case "has-no":
    case "count": {
      const found = counts.get(condition);
      return found !== undefined && countHolds(condition, found);
    }
    default:
      return assertNever(condition);
  }
}

/** What a condition is asked with. */
interface Seen {
  readonly lookup: Lookup;
  readonly now: number;
  readonly counts: Counts;
  /** Whether a field's value is known; of an unknown one nothing follows, neither yes nor no. */
  readonly knows: (field: string) => boolean;
}

/** The first comparison that made a condition false, with the value it saw; undefined if the condition holds. */
export function explain(
  condition: Condition,
  lookup: Lookup,
  now: number,
  counts: Counts = NO_COUNTS,
): Failed | undefined {
  return decider(condition, false, { lookup, now, counts, knows: () => true });
}

/** The same of a change alone: undefined also where only rows can tell whether the condition holds. */
export function explainAtHand(condition: Condition, lookup: Lookup, now: number): Failed | undefined {
  return decider(condition, false, { lookup, now, counts: NO_COUNTS, knows: isAtHand });
}

/** Whether the event itself tells a field's value, so that no row need be read. */
export function isAtHand(field: string): boolean {
  return field.startsWith("event.") || field.startsWith("before.") || field.startsWith("change.");
}

/** The first comparison that made a condition come out so, or undefined if it came out otherwise. In one pass. */
function decider(condition: Condition, outcome: boolean, seen: Seen): Failed | undefined {
  switch (condition.kind) {
    case "compare": {
      const { lookup, now } = seen;
      if (!seen.knows(condition.field)) return undefined;
      return compare(condition, lookup, now) === outcome ? seenBy(condition, outcome, lookup) : undefined;
    }
    case "has":
    case "has-no":
    case "count": {
      const found = seen.counts.get(condition);
      if (found === undefined || countHolds(condition, found) !== outcome) return undefined;
      return counted(condition, outcome, found);
    }
    case "not":
      return decider(condition.of, !outcome, seen);
    case "all":
    case "any": {
      // One part decides that an `all` is false or an `any` true; the contrary needs every part.
      const needsEvery = (condition.kind === "all") === outcome;
      let first: Failed | undefined;
      for (const part of condition.of) {
        const decided = decider(part, outcome, seen);
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

function counted(asked: Counting, outcome: boolean, found: number): Failed {
  const expected = asked.kind === "count" ? asked.value : null;
  return {
    ...{ field: `rows.${asked.table}`, op: asked.kind, expected, seen: found, asked },
    ...(outcome && { negated: true }),
  };
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
    case "has":
    case "has-no":
    case "count":
      return;
    default:
      assertNever(condition);
  }
}

/** What a condition counts, each where it stands. */
export function countingsOf(condition: Condition): readonly Counting[] {
  switch (condition.kind) {
    case "compare":
      return [];
    case "all":
    case "any":
      return condition.of.flatMap(countingsOf);
    case "not":
      return countingsOf(condition.of);
    default:
      return [condition];
  }
}
