import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Change } from "../../../../shared/domain/change.ts";
import { columnOf } from "../../../../shared/domain/change-lookup.ts";
import type { Condition } from "../../../../shared/domain/condition.ts";
import { lookupsOf } from "../../../../shared/domain/fields.ts";
import { judge } from "../../../../shared/domain/judge.ts";
import { drift } from "../../../../shared/domain/registration/drift.ts";
import { plan } from "../../../../shared/domain/registration/plan.ts";
import {
  columnSet,
  covers,
  type Found,
  type FoundStep,
  keyOf,
  sameColumns,
  type Wanted,
  type WantedStep,
} from "../../../../shared/domain/registration/registration.ts";
import { existing, prepared, wantedRegistrations } from "../../../../shared/domain/registration/wanted.ts";
import { toEvent } from "../../../../shared/domain/to-event.ts";
import type { RecordTrigger } from "../../../../shared/domain/trigger.ts";
import type { Columns, FieldValue } from "../../../../shared/domain/value.ts";
import * as arbitrary from "../arbitrary.ts";
import { applied, delivered, foundOf, hears, type State, stateOf } from "./simulated.ts";

const ENDPOINT = { url: "https://parcours.example/api/dataverse/webhook", keyMark: "12ab34cd" };
const NOTHING: Found = { endpoint: null, steps: [] };
const NO_USES = new Map<string, ReadonlySet<string>>();

/** A change as it happens: what was not written is after as it was before. */
const change: fc.Arbitrary<Change> = arbitrary.change.map((it) => {
  if (it.oversize) return { ...it, oversize: false, written: [], before: it.before && {}, after: it.after && {} };
  if (it.message !== "update") return it;
  const kept = Object.entries(it.before ?? {}).filter(([column]) => !it.written.includes(column));
  const set = it.written.map((column) => [column, it.after?.[column] ?? null] as const);
  return { ...it, after: Object.fromEntries([...kept, ...set]) };
});

const uses = fc.dictionary(
  fc.integer({ min: 0, max: 9 }).map((n) => `trigger-${n}`),
  fc.uniqueArray(arbitrary.column),
  { maxKeys: 4 },
);
const sets = fc
  .tuple(
    arbitrary.triggers.map((list) => list.slice(0, 8)),
    uses,
  )
  .map(([triggers, named]) => ({
    triggers,
    wanted: wantedRegistrations(
      triggers,
      new Map(Object.entries(named).map(([slug, columns]) => [slug, new Set(columns)])),
      ENDPOINT,
    ),
  }));
const set = sets.map(({ wanted }) => wanted);

const columns = fc.oneof(
  fc.constant("all" as const),
  fc.uniqueArray(arbitrary.column, { minLength: 1, maxLength: 3 }).map(columnSet),
);
/** Whatever people may have left at Parcours's endpoint. */
const found: fc.Arbitrary<Found> = fc
  .record({
    endpoint: fc.constantFrom(
      { id: "endpoint", ...ENDPOINT },
      { id: "endpoint", url: "https://old.example", keyMark: ENDPOINT.keyMark },
      { id: "endpoint", url: ENDPOINT.url, keyMark: null },
    ),
    steps: fc.array(
      fc.record({
        table: fc.constantFrom("incident", "contact", "lead", null),
        message: fc.constantFrom("Create", "Update", "Update", "Delete", "Close"),
        columns,
        enabled: fc.boolean(),
        sound: fc.boolean(),
        images: fc.array(fc.record({ kind: fc.constantFrom("pre" as const, "post" as const, null), columns }), {
          maxLength: 3,
        }),
      }),
      { maxLength: 6 },
    ),
  })
  .map(({ endpoint, steps }) => ({
    endpoint,
    steps: steps.map(
      (step, n): FoundStep => ({
        ...step,
        id: `step-${n}`,
        images: step.images.map((image, at) => ({ ...image, id: `step-${n}-image-${at}` })),
      }),
    ),
  }));

function settled(from: Found, wanted: Wanted): State {
  return plan(wanted, from).reduce(applied, stateOf(from));
}

/** Every state that Dataverse is in on the way. */
function statesBetween(from: State, wanted: Wanted): State[] {
  const states = [from];
  for (const operation of plan(wanted, from.found)) states.push(applied(states.at(-1) ?? from, operation));
  return states;
}

describe("the plan of registrations", () => {
  it("reaches what is wanted from whatever is found, and is empty then", () => {
    fc.assert(
      fc.property(set, found, (wanted, from) => {
        const reached = settled(from, wanted).found;
        expect(plan(wanted, reached)).toEqual([]);
        expect(drift(wanted, reached)).toEqual([]);
        expect(reached.steps.map(keyOf).sort()).toEqual(wanted.steps.map(keyOf).sort());
        for (const step of wanted.steps) {
          const there = reached.steps.find((each) => keyOf(each) === keyOf(step));
          const images = { pre: null, post: null, ...kinds(there) };
          expect({ ...images, enabled: there?.enabled, sound: there?.sound }).toEqual({
            pre: step.pre,
            post: step.post,
            enabled: true,
            sound: true,
          });
          expect(sameColumns(there?.columns ?? [], step.columns)).toBe(true);
        }
      }),
    );
  });

  it("says what differs wherever there is something to do, and nothing where there is not", () => {
    fc.assert(
      fc.property(set, found, (wanted, from) => {
        expect(drift(wanted, from).length > 0).toBe(plan(wanted, from).length > 0);
      }),
    );
  });

  it("leaves Dataverse with the images in its cache that the steps have", () => {
    fc.assert(
      fc.property(set, found, (wanted, from) => {
        const { found: reached, cached } = settled(from, wanted);
        for (const step of reached.steps) {
          const names = (images: FoundStep["images"] | undefined) =>
            images?.map(({ kind, columns }) => `${kind} ${columns}`).sort();
          expect(names(cached.get(step.id))).toEqual(names(step.images));
        }
      }),
    );
  });

  it("delivers each change that both sets want exactly once at every moment in between, with the images both need", () => {
    fc.assert(
      fc.property(set, set, fc.array(change, { maxLength: 20 }), (one, other, changes) => {
        const from = settled(NOTHING, one);
        const both = changes.filter((it) => hearsAny(one, it) && hearsAny(other, it));
        for (const state of statesBetween(from, other)) {
          for (const it of both) expect(delivered(state, it)).toHaveLength(1);
          for (const step of state.found.steps.filter(({ enabled }) => enabled))
            for (const kind of ["pre", "post"] as const) {
              const needs = [one, other].map((it) => it.steps.find((each) => keyOf(each) === keyOf(step))?.[kind]);
              const cached = state.cached.get(step.id)?.find((image) => image.kind === kind)?.columns ?? [];
              // What only one of them needs, it may lack; what both need is always there.
              if (needs.every((need) => need != null)) expect(covers(cached, common(needs))).toBe(true);
            }
        }
      }),
    );
  });

  it("what is prepared lets either catalogue judge each change that is delivered as if it saw the whole row", () => {
    fc.assert(
      fc.property(sets, sets, fc.array(change, { maxLength: 20 }), (one, other, changes) => {
        const ready = prepared(one.wanted, other.wanted);
        const state = settled(settled(NOTHING, one.wanted).found, ready);
        for (const it of changes.filter((each) => hearsAny(one.wanted, each))) {
          const [told] = delivered(state, it);
          expect(told).toBeDefined();
          for (const trigger of [...one.triggers, ...other.triggers])
            expect(outcome(trigger, told ?? it)).toEqual(outcome(trigger, it));
        }
      }),
    );
  });
});

describe("the wanted registrations", () => {
  it("deliver every change that fires a trigger, with all that its condition and its audience need", () => {
    fc.assert(
      fc.property(sets, fc.array(change, { maxLength: 20 }), ({ triggers, wanted }, changes) => {
        const state = settled(NOTHING, wanted);
        for (const it of changes)
          for (const trigger of triggers) {
            const truth = outcome(trigger, it);
            const [told] = delivered(state, it);
            if (told === undefined) expect(truth.verdict).not.toBe("fired");
            else expect(outcome(trigger, told)).toEqual(truth);
          }
      }),
      { numRuns: 300 },
    );
  });

  it("are no wider than what the triggers need one by one", () => {
    fc.assert(
      fc.property(arbitrary.triggers, (triggers) => {
        const single = triggers.map((trigger) => wantedRegistrations([trigger], NO_USES, ENDPOINT));
        for (const step of wantedRegistrations(triggers, NO_USES, ENDPOINT).steps) {
          const parts = single.flatMap((it) => it.steps.filter((each) => keyOf(each) === keyOf(step)));
          for (const kind of ["columns", "pre", "post"] as const) {
            const all = parts.flatMap((part) => part[kind] ?? []);
            const expected = all.includes("all") ? "all" : columnSet(all);
            expect(step[kind] ?? []).toEqual(expected);
          }
        }
      }),
    );
  });

  it.each([
    ["event.title", "eq", "post"],
    ["before.title", "eq", "pre"],
    ["event.title", "changed-to", "post"],
    ["event.title", "changed-from", "pre"],
  ] as const)(
    "hold %s %s in the %s-image, and without it the condition would come out otherwise",
    (field, op, kind) => {
      const trigger: RecordTrigger = {
        kind: "record",
        slug: "one",
        name: "One",
        table: "incident",
        audience: [{ column: "customerid", table: "contact" }],
        created: false,
        deleted: false,
        updated: { columns: ["statecode"], onlyWhenChanged: false },
        condition: { kind: "compare", field, op, value: "x" },
      };
      const value = { event: { before: "y", after: "x" }, before: { before: "x", after: "y" } };
      const title = op === "changed-from" ? value.before : value[field === "before.title" ? "before" : "event"];
      const it: Change = {
        ...fc.sample(change, { numRuns: 1, seed: 1 })[0],
        table: "incident",
        message: "update",
        oversize: false,
        written: ["statecode"],
        before: { statecode: 0, title: title.before },
        after: { statecode: 1, title: title.after },
      } as Change;
      const { steps } = wantedRegistrations([trigger], NO_USES, ENDPOINT);
      const step = steps.find(({ table }) => table === "incident");
      if (step === undefined) throw new Error("nothing is registered");
      const narrower = { ...step, [kind]: ["customerid"] };
      const told = (one: typeof step): Change | undefined =>
        delivered(stateOf({ endpoint: null, steps: [foundOf(one, "s")] }), it)[0];
      expect(outcome(trigger, told(step) ?? it).verdict).toBe("fired");
      expect(outcome(trigger, told(narrower) ?? it).verdict).toBe("not-fired");
    },
  );

  it("hold no column that could be left out: without any of them some trigger misses its change, its people or its rows", () => {
    fc.assert(
      fc.property(needy, ({ triggers, changes }) => {
        const { steps } = wantedRegistrations(triggers, NO_USES, ENDPOINT);
        for (const step of steps)
          for (const narrower of narrowerThan(step)) {
            const state = stateOf({
              endpoint: null,
              steps: steps.map((each, n) => foundOf(each === step ? narrower : each, `${n}`)),
            });
            const missed = triggers.some((trigger, n) =>
              (changes[n] ?? []).some((it) => {
                const [told] = delivered(state, it);
                return told === undefined || !isDeepStrictEqual(outcome(trigger, told), outcome(trigger, it));
              }),
            );
            // What tells of merges is wanted whatever the triggers are.
            const ofMerges = step.table === "contact" && step.message === "Update";
            if (!ofMerges) expect({ step, narrower, missed }).toMatchObject({ missed: true });
          }
      }),
      { numRuns: 150 },
    );
  });

  it("are none without a trigger, and go with the last one", () => {
    const none = wantedRegistrations([], NO_USES, ENDPOINT);
    expect(none).toEqual({ endpoint: null, steps: [] });
    fc.assert(
      fc.property(set, (wanted) => expect(settled(settled(NOTHING, wanted).found, none).found).toEqual(NOTHING)),
    );
  });

  it("leave out what the organisation no longer has; a list that would become empty is no list of all columns", () => {
    const wanted: Wanted = {
      endpoint: ENDPOINT,
      steps: [
        { table: "incident", message: "Update", columns: ["gone"], pre: ["gone"], post: ["title"], enabled: true },
        { table: "lead", message: "Update", columns: ["a", "gone"], pre: ["gone"], post: ["a"], enabled: true },
        { table: "lost", message: "Create", columns: "all", pre: null, post: ["a"], enabled: true },
      ],
    };
    const known = new Map([
      ["incident", new Set(["title"])],
      ["lead", new Set(["a"])],
    ]);
    expect(existing(wanted, (table) => known.get(table)).steps).toEqual([
      { table: "lead", message: "Update", columns: ["a"], pre: null, post: ["a"], enabled: true },
    ]);
  });

  it("hear of merged contacts, whatever the triggers are about", () => {
    const trigger =
      fc.sample(
        arbitrary.triggers.filter((list) => list.length > 0),
        { numRuns: 1, seed: 4 },
      )[0] ?? [];
    const { steps } = wantedRegistrations(trigger.slice(0, 1), NO_USES, ENDPOINT);
    const contact = steps.find(({ table, message }) => table === "contact" && message === "Update");
    expect(covers(contact?.columns ?? [], ["masterid", "merged"])).toBe(true);
    expect(covers(contact?.pre ?? [], ["merged"])).toBe(true);
  });
});

/** Triggers of which every column counts, each with changes on which all that it asks holds. */
const needy = fc
  .array(
    fc.record({
      table: fc.constantFrom("incident", "salesorder"),
      message: fc.constantFrom("create", "update", "delete"),
      listened: fc.uniqueArray(fc.constantFrom("a", "b", "c"), { minLength: 1 }),
      asked: fc.uniqueArray(
        fc.record({
          column: fc.constantFrom("a", "b", "c", "d", "e"),
          how: fc.constantFrom("event", "before", "changed-to", "changed-from", "related", "whose"),
        }),
        { selector: ({ column }) => column, maxLength: 4 },
      ),
      onlyWhenChanged: fc.boolean(),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((list) => {
    const made = list.map(needyTrigger);
    return { triggers: made.map(({ trigger }) => trigger), changes: made.map(({ changes }) => changes) };
  });

interface Needy {
  readonly table: string;
  readonly message: string;
  readonly listened: readonly string[];
  readonly asked: readonly { readonly column: string; readonly how: string }[];
  readonly onlyWhenChanged: boolean;
}

function needyTrigger({ table, message, listened, asked, onlyWhenChanged }: Needy, n: number) {
  // Nothing has a value before it is created, nor after it is gone.
  const never = { create: ["before", "changed-from"], delete: ["event", "changed-to"] }[message] ?? [];
  const kept = asked.filter(({ how }) => !never.includes(how));
  const person = (id: string) => ({ table: "contact", id: `5c0e1f1a-0000-4000-8000-00000000c00${id}`, name: null });
  const leads = (how: string) => how === "related" || how === "whose";
  const of = kept.map(({ column, how }): Condition => {
    const compare = (field: string, op: "eq" | "changed-to" | "changed-from", value: string): Condition => ({
      ...{ kind: "compare", field, op, value },
    });
    if (how === "related") return compare(`related.${column}.name`, "eq", "x");
    const rows = { table: "task", lookup: "regardingobjectid", where: [], others: true };
    if (how === "whose") return { kind: "has", ...rows, whose: `record.${column}` };
    if (how === "before") return compare(`before.${column}`, "eq", "was");
    if (how === "event") return compare(`event.${column}`, "eq", "is");
    return compare(
      `event.${column}`,
      how === "changed-to" ? "changed-to" : "changed-from",
      how === "changed-to" ? "is" : "was",
    );
  });
  const trigger: RecordTrigger = {
    ...{ kind: "record", slug: `needy-${n}`, name: "Needy", table },
    audience: [{ column: "customerid", table: "contact" }],
    ...{ created: message === "create", deleted: message === "delete" },
    ...(message === "update" && { updated: { columns: [...listened], onlyWhenChanged } }),
    condition: { kind: "all", of },
  };
  const value = (column: string, text: "was" | "is"): FieldValue =>
    kept.some((each) => each.column === column && leads(each.how)) ? person(text === "was" ? "3" : "4") : text;
  const row = (text: "was" | "is", more: Columns): Columns => ({
    customerid: person(text === "was" ? "1" : "2"),
    ...Object.fromEntries(LETTERS.map((column) => [column, value(column, text)])),
    ...more,
  });
  const change = (written: readonly string[], was: Columns = {}, is: Columns = {}): Change => ({
    ...{ id: `s:o:${n}`, organization: "o", table, record: "5c0e1f1a-0000-4000-8000-00000000d001" },
    ...{ message: message as Change["message"], written },
    before: message === "create" ? null : row("was", was),
    after: message === "delete" ? null : row("is", is),
    ...{ at: "2026-03-01T00:00:00.000Z", by: "u", initiatedBy: "u", depth: 1, tag: null, oversize: false },
  });
  // One column written at a time: what else differs, Dataverse derived. Then the same with nobody left, and with each
  // column once as it was.
  const writes = message === "update" ? listened.map((column) => [column]) : [[]];
  const changes = writes.flatMap((written) => [
    change(written),
    change(written, {}, { customerid: null }),
    ...LETTERS.flatMap((column) => [
      change(written, { [column]: value(column, "is") }),
      change(written, {}, { [column]: value(column, "was") }),
    ]),
  ]);
  return { trigger, changes };
}

const LETTERS = ["a", "b", "c", "d", "e"] as const;

/** The step with any one column less, in any of its lists. */
function narrowerThan(step: WantedStep): WantedStep[] {
  return (["columns", "pre", "post"] as const).flatMap((kind) => {
    const set = step[kind];
    if (set === null || set === "all") return [];
    return set.map((left) => {
      const others = set.filter((column) => column !== left);
      // An empty list of columns would mean all of them.
      return { ...step, [kind]: others.length > 0 ? others : kind === "columns" ? ["nothing"] : null };
    });
  });
}

function hearsAny(wanted: Wanted, it: Change): boolean {
  return wanted.steps.some((step) => hears(step, it));
}

function kinds(step: FoundStep | undefined): Record<string, unknown> {
  return Object.fromEntries((step?.images ?? []).map(({ kind, columns }) => [kind, columns]));
}

function common(needs: readonly unknown[]): "all" | readonly string[] {
  const lists = needs.filter((need): need is readonly string[] => Array.isArray(need));
  const [first, second] = lists;
  if (first === undefined) return "all";
  return second === undefined ? first : first.filter((column) => second.includes(column));
}

/** What a trigger makes of a change, whom it finds, what it still asks of rows, and where the event leads to them. */
function outcome(trigger: RecordTrigger, it: Change) {
  const verdict = judge(trigger, it, arbitrary.NOW);
  if (verdict.kind !== "fired")
    return { verdict: verdict.kind === "not-meant" ? "not-fired" : verdict.kind, candidates: [] };
  const event = toEvent(trigger, it, { id: "e", received: it.at, columns: new Set(), rest: verdict.rest });
  const image = it.message === "delete" ? event.before : event.after;
  const led = lookupsOf(verdict.rest).map((lookup) => [lookup, columnOf(image, lookup)]);
  return { verdict: verdict.kind, candidates: event.candidates, rest: verdict.rest, led };
}
