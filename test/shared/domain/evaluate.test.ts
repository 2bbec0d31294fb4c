import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Lookup } from "../../../shared/domain/compare.ts";
import { type Condition, condition as conditionSchema } from "../../../shared/domain/condition.ts";
import { explain, fieldsOf, holds } from "../../../shared/domain/evaluate.ts";
import { same, sameKey } from "../../../shared/domain/sameness.ts";
import type { FieldValue } from "../../../shared/domain/value.ts";
import { condition, NOW, value } from "./arbitrary.ts";

const ID = "5c0e1f1a-0000-4000-8000-00000000c001";
const camille = { table: "contact", id: ID, name: "Camille" };

const lookupOf =
  (values: Readonly<Record<string, FieldValue>>): Lookup =>
  (field) =>
    values[field] ?? null;
const none: Lookup = () => null;

function compare(op: string, seen: FieldValue, expected?: FieldValue): boolean {
  const asked = conditionSchema.parse({
    kind: "compare",
    field: "event.x",
    op,
    ...(expected !== undefined && { value: expected }),
  });
  return holds(asked, lookupOf({ "event.x": seen }), NOW);
}

function changed(op: string, before: FieldValue, after: FieldValue, expected?: FieldValue): boolean {
  const asked = conditionSchema.parse({
    kind: "compare",
    field: "event.x",
    op,
    ...(expected !== undefined && { value: expected }),
  });
  return holds(asked, lookupOf({ "before.x": before, "event.x": after }), NOW);
}

const world = fc.dictionary(
  fc.constantFrom("event.statecode", "before.statecode", "event.due", "event.title", "change.depth"),
  value,
);

describe("a comparison", () => {
  it.each<[string, FieldValue, FieldValue, boolean]>([
    ["eq", 1, 1, true],
    ["eq", 1, "1", false],
    ["eq", "Brakes", "brakes", false],
    ["eq", camille, ID.toUpperCase(), true],
    ["eq", camille, { ...camille, name: null }, true],
    ["eq", "2026-03-01T00:00:00.000Z", "2026-03-01", true],
    ["eq", "2026-03-01T00:00:00.000Z", "2026-03-01T01:00:00+01:00", true],
    ["eq", [2, 1], [1, 2], true],
    ["eq", [1, 2], 1, false],
    ["ne", 1, 2, true],
    ["ne", true, true, false],
    ["gt", 2, 1, true],
    ["ge", 2, 2, true],
    ["lt", "2026-03-01", "2026-03-01T00:00:01Z", true],
    ["le", "abc", "abd", true],
    ["gt", "2026-03-01", 5, false],
    ["gt", true, false, false],
    ["contains", [1, 257760002], 257760002, true],
    ["contains", [1], 2, false],
    ["contains", "Front Brakes", "BRAKE", true],
    ["contains", camille, "cam", false],
    ["starts-with", "Élodie", "éL", true],
    ["starts-with", "Élodie", "lo", false],
    ["in", 5, [1000, 5], true],
    ["in", camille, [ID], true],
    ["in", 6, [1000, 5], false],
  ])("%s: %j against %j is %s", (op, seen, expected, outcome) => {
    expect(compare(op, seen, expected)).toBe(outcome);
  });

  it("within the last and the next days counts both ends", () => {
    const day = (offset: number): string => new Date(NOW + offset * 86_400_000).toISOString();
    expect([-8, -7, 0, 1].map((offset) => compare("within-last", day(offset), "P7D"))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect([-1, 0, 7, 8].map((offset) => compare("within-next", day(offset), "P7D"))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(compare("within-last", day(0), "soon")).toBe(false);
    expect(compare("within-last", 5, "P7D")).toBe(false);
  });

  it("reads a moment without a zone as UTC, on whatever machine", () => {
    expect(compare("eq", "2026-03-01T09:00", "2026-03-01T09:00:00Z")).toBe(true);
  });

  it("with null is false, but for is-null and ne", () => {
    const operators = ["eq", "gt", "ge", "lt", "le", "contains", "starts-with"];
    fc.assert(
      fc.property(fc.constantFrom(...operators), value, (op, expected) => {
        expect(compare(op, null, expected)).toBe(false);
        if (expected !== null) expect(compare(op, expected, null)).toBe(false);
      }),
    );
    expect([compare("in", null, [null, 1]), compare("within-last", null, "P1D")]).toEqual([false, false]);
    expect([compare("ne", null, 1), compare("ne", 1, null), compare("is-null", null), compare("is-null", 0)]).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
});

describe("changed", () => {
  it("takes null for a value like any other", () => {
    expect(changed("changed", null, 1)).toBe(true);
    expect(changed("changed", 1, null)).toBe(true);
    expect(changed("changed", null, null)).toBe(false);
    expect(changed("changed-from", null, 1, null)).toBe(true);
    expect(changed("changed-to", 1, null, null)).toBe(true);
    expect(changed("changed-to", 1, 1, 1)).toBe(false);
    expect(changed("changed-from", 0, 1, 0)).toBe(true);
    expect(changed("changed-from", 0, 1, 1)).toBe(false);
  });

  it("does not see a difference in a reference's name or in the order of choices", () => {
    expect(changed("changed", camille, { ...camille, name: null })).toBe(false);
    expect(changed("changed", [1, 2], [2, 1])).toBe(false);
  });

  it("is symmetric, and the same asked of before.x", () => {
    fc.assert(
      fc.property(value, value, (one, other) => {
        expect(changed("changed", one, other)).toBe(changed("changed", other, one));
        expect(changed("changed-from", one, other, one)).toBe(changed("changed", one, other));
        expect(changed("changed-to", one, other, other)).toBe(changed("changed", one, other));
        const asked: Condition = { kind: "compare", field: "before.x", op: "changed" };
        expect(holds(asked, lookupOf({ "before.x": one, "event.x": other }), NOW)).toBe(changed("changed", one, other));
      }),
    );
  });
});

describe("sameness", () => {
  it("is an equivalence, and what its keys say", () => {
    fc.assert(
      fc.property(value, value, value, (one, other, third) => {
        expect(same(one, one)).toBe(true);
        expect(same(one, other)).toBe(same(other, one));
        expect(same(one, other)).toBe(sameKey(one) === sameKey(other));
        if (same(one, other) && same(other, third)) expect(same(one, third)).toBe(true);
      }),
    );
  });
});

describe("a condition", () => {
  it("obeys De Morgan", () => {
    fc.assert(
      fc.property(condition, condition, world, (one, other, values) => {
        const ask = (asked: Condition): boolean => holds(asked, lookupOf(values), NOW);
        const not = (of: Condition): Condition => ({ kind: "not", of });
        expect(ask(not({ kind: "all", of: [one, other] }))).toBe(ask({ kind: "any", of: [not(one), not(other)] }));
        expect(ask(not({ kind: "any", of: [one, other] }))).toBe(ask({ kind: "all", of: [not(one), not(other)] }));
        expect(ask(not(not(one)))).toBe(ask(one));
      }),
    );
  });

  it("reads only the fields that are named for it", () => {
    fc.assert(
      fc.property(condition, world, (asked, values) => {
        const named = fieldsOf(asked);
        holds(
          asked,
          (field) => {
            expect(named).toContain(field);
            return values[field] ?? null;
          },
          NOW,
        );
        expect(new Set(named).size).toBe(named.length);
      }),
    );
  });

  it("has an explanation exactly when it does not hold, of a field that it reads", () => {
    fc.assert(
      fc.property(condition, world, (asked, values) => {
        const lookup = lookupOf(values);
        const failed = explain(asked, lookup, NOW);
        expect(failed === undefined).toBe(holds(asked, lookup, NOW));
        if (failed === undefined || failed.op === "empty") return;
        expect([...fieldsOf(asked), failed.field]).toContain(failed.field);
        expect(failed.seen).toEqual(
          lookup(failed.op.startsWith("changed") ? failed.field.replace(/^\w+/, "event") : failed.field),
        );
      }),
    );
  });

  it("is explained by the first comparison that made it false", () => {
    const asked: Condition = {
      kind: "all",
      of: [
        { kind: "compare", field: "event.statecode", op: "eq", value: 1 },
        { kind: "not", of: { kind: "compare", field: "change.depth", op: "gt", value: 1 } },
        { kind: "compare", field: "event.title", op: "changed-to", value: "x" },
      ],
    };
    const ask = (values: Record<string, FieldValue>): unknown => explain(asked, lookupOf(values), NOW);
    expect(ask({ "event.statecode": 0 })).toEqual({ field: "event.statecode", op: "eq", expected: 1, seen: 0 });
    expect(ask({ "event.statecode": 1, "change.depth": 2 })).toEqual({
      field: "change.depth",
      op: "gt",
      expected: 1,
      seen: 2,
      negated: true,
    });
    expect(ask({ "event.statecode": 1, "event.title": "x", "before.title": "x" })).toEqual({
      field: "event.title",
      op: "changed-to",
      expected: "x",
      seen: "x",
      before: "x",
    });
    expect(explain({ kind: "any", of: [] }, none, NOW)).toEqual({ field: "", op: "empty", expected: null, seen: null });
  });

  it("survives its schema unchanged", () => {
    fc.assert(fc.property(condition, (asked) => expect(conditionSchema.parse(asked)).toEqual(asked)));
  });
});
