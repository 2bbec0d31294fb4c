import { describe, expect, it } from "@jest/globals";
import { attributeProblems } from "../../../shared/domain/check-attributes.ts";
import type { Condition } from "../../../shared/domain/condition.ts";
import { type Journey, journey } from "../../../shared/domain/journey.ts";
import { customTrigger, trigger } from "../../../shared/domain/trigger.ts";

const SHIPPED = customTrigger.parse({
  kind: "custom",
  slug: "order-shipped",
  name: "Order shipped",
  attributes: [
    { name: "total", type: "number" },
    { name: "express", type: "boolean" },
    { name: "due", type: "moment" },
    { name: "note", type: "text" },
    { name: "carrier", type: "choice", options: ["Poste", "Vélo"] },
  ],
});

describe("the definition of a custom trigger", () => {
  const parse = (more: object) => trigger.safeParse({ kind: "custom", slug: "a-trigger", name: "A", ...more });

  it("needs no more than a name: its events are about contacts", () => {
    expect(parse({}).data).toMatchObject({ person: { tables: ["contact"], keys: [] }, attributes: [] });
  });

  it("names no attribute twice, nor as every object of JavaScript does, nor as a path would be", () => {
    const named = (...names: string[]) => parse({ attributes: names.map((name) => ({ name, type: "text" })) }).success;
    expect(named("total", "Total")).toBe(true);
    for (const names of [["a", "a"], ["constructor"], ["toString"], ["__proto__"], ["a.b"], ["a-b"], ["1"], [""]])
      expect(named(...names)).toBe(false);
  });

  it("is not called as a trigger that Parcours fires itself", () => {
    expect(parse({ slug: "survey-answered" }).success).toBe(false);
    expect(parse({ slug: "survey-answered-twice" }).success).toBe(true);
  });
});

describe("a journey that asks custom events", () => {
  const customs = new Map([[SHIPPED.slug, SHIPPED]]);
  const compare = (field: string, op: string, value?: unknown): Condition =>
    ({ kind: "compare", field, op, ...(value === undefined ? {} : { value }) }) as Condition;
  const asking = (filter: Condition, until?: Condition): Journey =>
    journey.parse({
      slug: "j",
      name: "J",
      entry: { trigger: SHIPPED.slug, filter },
      start: "wait",
      steps: {
        wait: {
          kind: "wait-for",
          trigger: SHIPPED.slug,
          happened: "choose",
          elapsed: null,
          ...(until === undefined ? {} : { condition: until }),
        },
        choose: {
          kind: "branch",
          arms: [{ name: "large", when: compare("event.wait.total", "gt", 100), next: null }],
          otherwise: null,
        },
      },
    });
  const problems = (filter: Condition, fields: string[] = []) =>
    attributeProblems(asking(filter), fields, customs).map(({ at, problem }) => `${at}: ${problem}`);

  it.each<[string, Condition]>([
    ["a number in order", compare("event.total", "ge", 10)],
    ["yes or no", compare("event.express", "eq", true)],
    ["a moment within a span", compare("event.due", "within-next", "P7D")],
    ["one of several options", compare("event.carrier", "in", ["Vélo", null])],
    ["a part of a text", compare("event.note", "contains", "x")],
    ["whether it is there", { kind: "not", of: compare("event.note", "is-null") }],
    ["the person and the record", { kind: "all", of: [compare("audience.x", "eq", 1), compare("record.y", "eq", 1)] }],
  ])("may ask %s", (_what, filter) => {
    expect(problems(filter)).toEqual([]);
  });

  it.each<[string, Condition, RegExp]>([
    ["an attribute that there is not", compare("event.totl", "eq", 1), /no attribute "totl": it has total, express/],
    ["a number as text", compare("event.total", "eq", "10"), /holds numbers/],
    ["yes or no as a number", compare("event.express", "eq", 1), /true or false/],
    ["a day that is none", compare("event.due", "gt", "tomorrow"), /write one as 2026-03-01/],
    ["an option that there is not", compare("event.carrier", "in", ["Vélo", "Pigeon"]), /"Pigeon" is none/],
    ["text in order", compare("event.note", "gt", "a"), /can't be asked/],
    ["what changed", compare("event.total", "changed"), /can't be asked|no values before/],
    ["what was before", { kind: "any", of: [compare("before.total", "eq", 1)] }, /no values before/],
    ["an awaited event's attribute that there is not", compare("event.wait.x", "eq", 1), /no attribute "x"/],
  ])("may not ask %s", (_what, filter, problem) => {
    expect(problems(filter)).toEqual([expect.stringMatching(problem)]);
  });

  it("is told of a mail that shows an attribute that there is not", () => {
    const right = compare("event.total", "eq", 1);
    expect(problems(right, ["event.note", "audience.firstname"])).toEqual([]);
    expect(problems(right, ["event.notes"])).toEqual([expect.stringContaining('event.notes: "order-shipped" has no')]);
  });

  it("is asked nothing about triggers of other kinds", () => {
    expect(attributeProblems(asking(compare("event.anything", "changed")), ["event.x"], new Map())).toEqual([]);
  });
});
