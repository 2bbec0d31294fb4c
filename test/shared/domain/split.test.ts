import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Counting } from "../../../shared/domain/child-rows.ts";
import { compare, type Lookup } from "../../../shared/domain/compare.ts";
import { countingsOf, explain, explainAtHand, holds, isAtHand } from "../../../shared/domain/evaluate.ts";
import { type Known, needsRows, restOf } from "../../../shared/domain/split.ts";
import { NOW, rowCondition, value } from "./arbitrary.ts";

const values = fc.dictionary(
  fc.constantFrom(
    ...["event.statecode", "before.statecode", "event.due", "event.title", "event.customerid", "change.depth"],
    ...["audience.title", "related.customerid.title", "related.title.due"],
  ),
  value,
);
const numbers = fc.array(fc.nat({ max: 4 }), { minLength: 1 });

function atHand(lookup: Lookup): Known {
  return (part) => (part.kind === "compare" && isAtHand(part.field) ? compare(part, lookup, NOW) : undefined);
}

describe("what a change leaves of a condition", () => {
  it("holds with what rows say exactly where the whole condition does", () => {
    fc.assert(
      fc.property(rowCondition, values, numbers, (condition, seen, found) => {
        const lookup: Lookup = (field) => seen[field] ?? null;
        const counts = new Map<Counting, number>(
          countingsOf(condition).map((each, n) => [each, found[n % found.length] ?? 0]),
        );
        const whole = holds(condition, lookup, NOW, counts);
        const rest = restOf(condition, atHand(lookup));
        expect(typeof rest === "boolean" ? rest : holds(rest, lookup, NOW, counts)).toBe(whole);
        expect(explain(condition, lookup, NOW, counts) === undefined).toBe(whole);
      }),
      { numRuns: 2000 },
    );
  });

  it("is nothing where the change alone decides, and the reason is the change's", () => {
    fc.assert(
      fc.property(rowCondition, values, (condition, seen) => {
        const lookup: Lookup = (field) => seen[field] ?? null;
        const failed = explainAtHand(condition, lookup, NOW);
        expect(restOf(condition, atHand(lookup)) === false).toBe(failed !== undefined);
        if (failed !== undefined && failed.op !== "empty") expect(isAtHand(failed.field)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it("asks nothing that the change tells", () => {
    fc.assert(
      fc.property(rowCondition, values, (condition, seen) => {
        const rest = restOf(
          condition,
          atHand((field) => seen[field] ?? null),
        );
        if (typeof rest === "boolean") return;
        expect(needsRows(condition)).toBe(true);
        const leaves = JSON.stringify(rest).match(/"field":"[^"]*"/g) ?? [];
        for (const leaf of leaves) expect(leaf).toMatch(/"field":"(audience|related)\./);
      }),
    );
  });
});
