import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Change } from "../../../shared/domain/change.ts";
import { judge } from "../../../shared/domain/judge.ts";
import { compile, match } from "../../../shared/domain/matcher.ts";
import { type RecordTrigger, recordTrigger } from "../../../shared/domain/trigger.ts";
import { caseBody, changeOf, lookup, option } from "../wire/payload.ts";
import { change, NOW, triggers } from "./arbitrary.ts";

const CAMILLE = "5c0e1f1a-0000-4000-8000-00000000c0a1";

/** Parsed by the schema, as the store gives it: with defaults. */
function trigger(rest: object): RecordTrigger {
  return recordTrigger.parse({
    kind: "record",
    slug: "case-resolved",
    name: "Case resolved",
    table: "incident",
    audience: [{ column: "customerid", table: "contact" }],
    ...rest,
  });
}

const resolved = { columns: ["statecode"] };
const toResolved = { kind: "compare", field: "event.statecode", op: "changed-to", value: 1 };
const resolve = changeOf(
  caseBody({
    target: { statecode: option(1), statuscode: option(5), modifiedon: "/Date(1772355600000)/" },
    pre: { statecode: option(0), statuscode: option(1), modifiedon: "/Date(1772350000000)/" },
    post: { statecode: option(1), customerid: lookup("contact", CAMILLE) },
  }),
);

const matched = (on: Change, ...list: RecordTrigger[]): { fired: string[]; considered: unknown[] } => {
  const answer = match(compile(list, 7), on, NOW);
  return { fired: answer.fired.map(({ slug }) => slug), considered: [...answer.considered] };
};

describe("the matcher", () => {
  it("fires when a case becomes resolved, and not when it is saved resolved again", () => {
    const when = trigger({ updated: resolved, condition: toResolved });
    const again = { ...resolve, before: { ...resolve.before, statecode: 1 } };
    expect(matched(resolve, when)).toEqual({ fired: ["case-resolved"], considered: [] });
    expect(matched(again, when).fired).toEqual([]);
    expect(matched(again, trigger({ updated: resolved }))).toEqual({
      fired: [],
      considered: [{ trigger: "case-resolved", failed: "not-changed" }],
    });
  });

  it("fires on a column that was included and did not change only where the author asked for that", () => {
    const same = { ...resolve, before: resolve.after };
    expect(matched(same, trigger({ updated: { ...resolved, onlyWhenChanged: false } })).fired).toEqual([
      "case-resolved",
    ]);
    expect(matched(same, trigger({ updated: resolved })).fired).toEqual([]);
  });

  it("asks for old values: from on hold, not from in progress", () => {
    const from = (value: number): RecordTrigger =>
      trigger({
        updated: { columns: "any" },
        condition: { kind: "compare", field: "event.statuscode", op: "changed-from", value },
      });
    expect(matched(resolve, from(1)).fired).toEqual(["case-resolved"]);
    expect(matched(resolve, from(2)).fired).toEqual([]);
  });

  it("does not take the audit columns of each save for a change of any column", () => {
    const save = {
      ...resolve,
      written: ["modifiedon", "incidentid"],
      after: { ...resolve.after, incidentid: resolve.record },
    };
    expect(matched(save, trigger({ updated: { columns: "any" } })).considered).toEqual([
      { trigger: "case-resolved", failed: "not-changed" },
    ]);
    expect(matched(save, trigger({ updated: { columns: ["modifiedon"] } })).fired).toEqual(["case-resolved"]);
  });

  it("takes a column that the pre-image lacks for null before", () => {
    const titled = { ...resolve, written: ["title"], after: { title: "Brakes" } };
    expect(matched(titled, trigger({ updated: { columns: ["title"] } })).fired).toEqual(["case-resolved"]);
    expect(matched({ ...titled, after: { title: null } }, trigger({ updated: { columns: ["title"] } })).fired).toEqual(
      [],
    );
  });

  it("listens to the messages that it was told, deletes too", () => {
    const gone = changeOf(caseBody({ message: "Delete", pre: { statecode: option(0) } }));
    const active = { kind: "compare", field: "before.statecode", op: "eq", value: 0 };
    expect(matched(gone, trigger({ deleted: true, condition: active })).fired).toEqual(["case-resolved"]);
    expect(matched(gone, trigger({ created: true, updated: resolved }))).toEqual({ fired: [], considered: [] });
    const made = changeOf(caseBody({ message: "Create", target: { statecode: option(0) } }));
    expect(matched(made, trigger({ created: true })).fired).toEqual(["case-resolved"]);
    expect(matched(made, trigger({ created: true, condition: { ...toResolved, value: 0 } })).fired).toEqual([
      "case-resolved",
    ]);
  });

  it("takes nothing for the value before a creation and after a deletion", () => {
    const made = changeOf(caseBody({ message: "Create", target: { statecode: option(0) } }));
    const gone = changeOf(caseBody({ message: "Delete", pre: { statecode: option(0) } }));
    const on = (message: object, op: string, value: number | null): RecordTrigger =>
      trigger({ ...message, condition: { kind: "compare", field: "event.statecode", op, value } });
    const [created, deleted] = [{ created: true }, { deleted: true }];
    expect(matched(made, on(created, "changed-to", 0)).fired).toHaveLength(1);
    expect(matched(made, on(created, "changed-from", null)).fired).toHaveLength(1);
    expect(matched(made, on(created, "changed-from", 0)).fired).toEqual([]);
    expect(matched(gone, on(deleted, "changed-from", 0)).fired).toHaveLength(1);
    expect(matched(gone, on(deleted, "changed-to", null)).fired).toHaveLength(1);
    expect(matched(gone, on(deleted, "changed-to", 0)).fired).toEqual([]);
  });

  it("can tell people from plug-ins and imports: by user, depth and tag", () => {
    const byHand = { kind: "compare", field: "change.depth", op: "eq", value: 1 };
    const notOurs = { kind: "not", of: { kind: "compare", field: "change.tag", op: "starts-with", value: "parcours" } };
    const when = trigger({ updated: resolved, condition: { kind: "all", of: [byHand, notOurs] } });
    expect(matched(resolve, when).fired).toEqual(["case-resolved"]);
    expect(matched({ ...resolve, depth: 2 }, when).fired).toEqual([]);
    expect(matched({ ...resolve, tag: "parcours:1" }, when).considered).toEqual([
      {
        trigger: "case-resolved",
        failed: { field: "change.tag", op: "starts-with", expected: "parcours", seen: "parcours:1", negated: true },
      },
    ]);
  });

  it("says of what it evaluated which comparison failed, with the value seen, of at most 50", () => {
    const gold = { kind: "not", of: { kind: "compare", field: "event.title", op: "ne", value: "gold" } };
    const many = Array.from({ length: 80 }, (_, index) =>
      trigger({ slug: `t${index}`, updated: resolved, condition: gold }),
    );
    const { considered } = matched(resolve, ...many);
    expect(considered).toHaveLength(50);
    expect(considered[0]).toEqual({
      trigger: "t0",
      failed: { field: "event.title", op: "ne", expected: "gold", seen: null, negated: true },
    });
  });

  it("fires nothing on values that did not come, and says so", () => {
    const big = { ...resolve, oversize: true, written: [], before: {}, after: {} };
    expect(matched(big, trigger({ updated: resolved, condition: toResolved }))).toEqual({
      fired: [],
      considered: [{ trigger: "case-resolved", failed: "oversize" }],
    });
    const any = trigger({ updated: { columns: "any", onlyWhenChanged: false } });
    expect(matched(big, any).fired).toEqual(["case-resolved"]);
    const made = { ...big, message: "create", before: null } as const;
    expect(matched(made, trigger({ created: true })).fired).toEqual(["case-resolved"]);
    expect(
      matched(
        made,
        trigger({ created: true, condition: { kind: "compare", field: "change.depth", op: "eq", value: 1 } }),
      ).fired,
    ).toEqual(["case-resolved"]);
  });

  it("keeps the catalogue's generation and order", () => {
    const list = ["b", "a", "c"].map((slug) => trigger({ slug, updated: { columns: ["statecode", "statuscode"] } }));
    expect(compile(list, 7).generation).toBe(7);
    expect(matched(resolve, ...list).fired).toEqual(["b", "a", "c"]);
  });

  it("is not deceived by columns named like what every object has", () => {
    const when = trigger({
      created: true,
      condition: { kind: "compare", field: "event.constructor", op: "ne", value: "x" },
    });
    const isNull = trigger({
      created: true,
      condition: { kind: "compare", field: "event.constructor", op: "is-null" },
    });
    const made = changeOf(caseBody({ message: "Create", target: { title: "x" } }));
    expect(matched(made, when, { ...isNull, slug: "is-null" }).fired).toEqual(["case-resolved", "is-null"]);
  });

  it("answers as evaluating every trigger does, whatever the triggers and the change", () => {
    fc.assert(
      fc.property(triggers, change, (list, on) => {
        const { fired, rests, considered } = match(compile(list, 1), on, NOW);
        const verdicts = list.map((each) => ({ each, verdict: judge(each, on, NOW) }));
        const open = verdicts.flatMap(({ each, verdict }) =>
          verdict.kind === "fired" && verdict.rest !== undefined ? [[each.slug, verdict.rest] as const] : [],
        );
        expect(new Map(rests)).toEqual(new Map(open));
        expect(fired).toEqual(verdicts.filter(({ verdict }) => verdict.kind === "fired").map(({ each }) => each));
        const reasons = new Map(
          verdicts.flatMap(({ each, verdict }) =>
            verdict.kind === "not-fired" ? [[each.slug, verdict.failed] as const] : [],
          ),
        );
        for (const one of considered) expect(one.failed).toEqual(reasons.get(one.trigger));
        expect(new Set(considered.map((one) => one.trigger)).size).toBe(considered.length);
      }),
      { numRuns: 3000 },
    );
  });

  it("fires what evaluating every trigger does where there are so many that bits decide what is looked at", () => {
    const many = fc
      .array(triggers, { minLength: 6, maxLength: 12 })
      .map((lists) =>
        lists.flat().map((each, n): RecordTrigger => ({ ...each, slug: `trigger-${n}`, table: "incident" })),
      );
    fc.assert(
      fc.property(many, fc.array(change, { minLength: 1, maxLength: 8 }), (list, changes) => {
        const matcher = compile(list, 1);
        for (const drawn of changes) {
          const on = { ...drawn, table: "incident" };
          const fired = list.filter((each) => judge(each, on, NOW).kind === "fired");
          expect(match(matcher, on, NOW).fired.map(({ slug }) => slug)).toEqual(fired.map(({ slug }) => slug));
        }
      }),
      { numRuns: 300 },
    );
  });
});
