import { describe, expect, it } from "@jest/globals";
import { journey } from "../../../shared/domain/journey.ts";
import { type Problem, problemsOf } from "../../../shared/domain/validate.ts";
import { journeyOf } from "./sample-run.ts";

const REST = { kind: "wait", duration: "P1D", next: null };
const MAIL = { kind: "email", mail: "m", next: null };
const compare = (field: string, op = "eq", value: unknown = 1) => ({ kind: "compare", field, op, value });

function problems(steps: object, more: object = {}): readonly Problem[] {
  return problemsOf(journeyOf({ start: Object.keys(steps)[0], steps, ...more }));
}

function places(steps: object, more: object = {}): string[] {
  return problems(steps, more).map(({ at }) => at);
}

describe("the validator", () => {
  it("lets a journey pass whose steps hang together", () => {
    const steps = {
      ask: { kind: "survey", survey: "s", mail: "m", answered: "judge", unanswered: null },
      judge: {
        kind: "branch",
        arms: [{ name: "bad", when: compare("survey.ask.q", "le", 2), next: "code" }],
        otherwise: null,
      },
      code: { kind: "discount", pool: "p", next: "order" },
      order: {
        kind: "wait-for",
        trigger: "order",
        condition: compare("event.total"),
        happened: "thank",
        elapsed: null,
      },
      thank: {
        kind: "branch",
        arms: [{ name: "big", when: compare("event.order.total"), next: null }],
        otherwise: null,
      },
    };
    expect(problems(steps, { goals: [{ name: "g", trigger: "t", condition: compare("before.x") }] })).toEqual([]);
  });

  it("names an exit that leads to no step, and the steps there are", () => {
    expect(problems({ a: { ...MAIL, next: "gone" }, b: REST }, { start: "a" })).toContainEqual({
      at: "steps.a.next",
      problem: 'leads to "gone", which is no step: name one of a, b, or null for the end',
    });
    expect(places({ a: MAIL }, { start: "gone" })).toContain("start");
  });

  it("names a step that no way leads to", () => {
    expect(places({ a: MAIL, lost: REST })).toEqual(["steps.lost"]);
  });

  it("names a loop without a wait, and lets one with a wait turn", () => {
    expect(places({ a: { ...MAIL, next: "b" }, b: { ...MAIL, next: "a" } })).toEqual(["steps.a"]);
    expect(places({ a: { ...MAIL, next: "b" }, b: { ...REST, next: "a" } })).toEqual([]);
    // An unsent invitation takes no time.
    const survey = { kind: "survey", survey: "s", mail: "m", answered: null, unanswered: "a" };
    expect(places({ a: survey })).toEqual(["steps.a"]);
  });

  it("names arms that leave by the same name", () => {
    const arm = (name: string) => ({ name, when: compare("event.x"), next: null });
    const branch = (...names: string[]) => ({ a: { kind: "branch", arms: names.map(arm), otherwise: null } });
    expect(places(branch("x", "y"))).toEqual([]);
    expect(places(branch("x", "y", "x"))).toEqual(["steps.a.arms"]);
    expect(places(branch("otherwise"))).toEqual(["steps.a.arms"]);
  });

  it("names a field of a step that there is not, or that is of another kind", () => {
    const branch = (field: string) => ({
      a: { kind: "branch", arms: [{ name: "x", when: compare(field), next: null }], otherwise: "rest" },
      rest: REST,
    });
    for (const field of ["survey.rest.q", "discount.gone.code", "event.rest.total"])
      expect(problems(branch(field))).toEqual([{ at: field, problem: expect.stringContaining("step") }]);
    expect(problems(branch("record.title"))).toEqual([]);
  });

  it("names what an ending or a wait asks that is not at hand when the event arrives", () => {
    const condition = compare("record.title");
    const goals = [{ name: "won", trigger: "t", condition }];
    expect(places({ a: REST }, { goals })).toEqual(['ending "won"']);
    const wait = { kind: "wait-for", trigger: "t", condition, happened: null, elapsed: null };
    expect(places({ a: wait })).toEqual(["steps.a.condition"]);
  });
});

describe("what is no journey at all", () => {
  const document = { slug: "sample", name: "Sample", entry: { trigger: "t" }, start: "a", steps: { a: REST } };

  it.each(["PT0S", "P0D", "P11Y", "P99999Y", "PT", "P", "1D", "P1.5D"])("a wait of %s", (duration) => {
    expect(journey.safeParse({ ...document, steps: { a: { ...REST, duration } } }).success).toBe(false);
  });

  it.each(["PT1S", "P1M", "P10Y", "P1DT12H"])("though a wait of %s is one", (duration) => {
    expect(journey.safeParse({ ...document, steps: { a: { ...REST, duration } } }).success).toBe(true);
  });

  it("a step that is called like a part of every object", () => {
    const steps = { a: { ...REST, next: "constructor" } };
    expect(journey.safeParse({ ...document, steps }).success).toBe(false);
    expect(journey.safeParse({ ...document, start: "constructor" }).success).toBe(false);
  });
});
