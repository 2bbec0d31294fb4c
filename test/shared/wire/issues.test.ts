import { describe, expect, it } from "@jest/globals";
import { journey } from "../../../shared/domain/journey.ts";
import { recordTrigger } from "../../../shared/domain/trigger.ts";
import { issuesOf } from "../../../shared/wire/issues.ts";

const ofStep = (step: unknown) => {
  const document = { slug: "a", name: "A", entry: { trigger: "t" }, start: "s", steps: { s: step } };
  const parsed = journey.safeParse(document);
  return parsed.success ? [] : issuesOf(parsed.error);
};
const ofCondition = (when: unknown) =>
  ofStep({ kind: "branch", arms: [{ name: "arm", when, next: null }], otherwise: null });
const compare = { kind: "compare", field: "event.statecode" };

describe("what is wrong with a document", () => {
  it("is said of the kind of step that was meant, at its place", () => {
    expect(ofStep({ kind: "wait", duration: "2 days", next: null })).toEqual([
      { at: "steps.s.duration", problem: "an ISO 8601 duration such as P7D or PT1H" },
    ]);
    expect(ofStep({ kind: "email", mail: "m", next: null, colour: "red" })).toEqual([
      { at: "steps.s", problem: 'Unrecognized key: "colour"' },
    ]);
  });

  it("names the kinds that there are where it is none of them", () => {
    for (const step of [{ kind: "dance", next: null }, {}])
      expect(ofStep(step)).toEqual([
        { at: "steps.s.kind", problem: expect.stringMatching(/^must be one of email, .*exit/) },
      ]);
    expect(ofCondition({ kind: "some" })).toEqual([
      { at: "steps.s.arms.0.when.kind", problem: "must be one of compare, has, has-no, count, all, any, not" },
    ]);
  });

  it("goes into conditions, however deep", () => {
    expect(ofCondition({ ...compare, op: "like", value: 1 })).toEqual([
      { at: "steps.s.arms.0.when.op", problem: expect.stringMatching(/^must be one of eq, .*within-next$/) },
    ]);
    expect(
      ofCondition({ kind: "all", of: [{ kind: "not", of: { ...compare, field: "nonsense", op: "eq", value: 1 } }] }),
    ).toEqual([{ at: "steps.s.arms.0.when.of.0.of.field", problem: expect.stringContaining("a field such as") }]);
    expect(ofCondition({ ...compare, op: "in", value: 1 })).toEqual([
      { at: "steps.s.arms.0.when.value", problem: expect.stringContaining("array") },
    ]);
  });

  it("names each alternative where a value may be of several kinds", () => {
    const trigger = {
      kind: "record",
      slug: "t",
      name: "T",
      table: "incident",
      audience: [{ column: "self", table: "lead" }],
    };
    const parsed = recordTrigger.safeParse({ ...trigger, updated: { columns: "all" } });
    expect(parsed.success ? [] : issuesOf(parsed.error)).toEqual([
      { at: "updated.columns", problem: expect.stringMatching(/"any".*; or .*array/) },
    ]);
  });

  it("that is no object at all is said of the body", () => {
    const parsed = recordTrigger.safeParse(undefined);
    expect(parsed.success ? [] : issuesOf(parsed.error)).toEqual([{ at: "body", problem: expect.any(String) }]);
  });
});
