import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { factsOf } from "../../../../shared/domain/change-lookup.ts";
import { explain } from "../../../../shared/domain/evaluate.ts";
import { tellWhy } from "../../../../shared/domain/why/answer.ts";
import { asText } from "../../../../shared/domain/why/as-text.ts";
import { CAUSES } from "../../../../shared/domain/why/cause-phrases.ts";
import { causesOf } from "../../../../shared/domain/why/causes.ts";
import type { Unseen } from "../../../../shared/domain/why/evidence.ts";
import { tellFailed } from "../../../../shared/domain/why/failed-words.ts";
import { english } from "../../../../shared/domain/why/phrases-en.ts";
import { french } from "../../../../shared/domain/why/phrases-fr.ts";
import { runs } from "../../../support/runs.ts";
import { change, columns, NOW, rowCondition, triggers } from "../arbitrary.ts";
import { evidenceOf, speaker, UNSEEN } from "./evidence.ts";

/** What nobody should ever have to read. */
const NOISE = /undefined|\[object|NaN|\bnull\b|payload|\b[0-9a-f]{8}-[0-9a-f]{4}-|\(\)|: \.|is ;| {2}/;
const LANGUAGES = ["en", "fr"] as const;

/** Every phrase of a language, by its path; functions are called with what can be told from words. */
function phrasesIn(node: unknown, path = ""): [string, string][] {
  if (typeof node === "string") return [[path, node]];
  if (typeof node === "function") return [[`${path}()`, called(node as (...given: never[]) => unknown)]];
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([name, value]) => phrasesIn(value, `${path}.${name}`));
}

function called(phrase: (...given: never[]) => unknown): string {
  const given = Array.from({ length: phrase.length }, (_, n) => `<${n}>`);
  try {
    return String(phrase(...(given as never[])));
  } catch {
    // A list is told as one.
    return String(phrase(...(given.map((one) => [one]) as never[])));
  }
}

describe("the words of an answer", () => {
  it("are there in both languages, each for each, and leave nothing out that they are given", () => {
    const [en, fr] = [phrasesIn(english), phrasesIn(french)];
    expect(fr.map(([path]) => path).sort()).toEqual(en.map(([path]) => path).sort());
    const holes = (text: string) => [...new Set(text.match(/<\d>/g))].sort();
    const other = new Map(fr);
    for (const [path, text] of en)
      expect({ path, holes: holes(other.get(path) ?? "") }).toEqual({ path, holes: holes(text) });
    for (const [path, text] of [...en, ...fr]) expect({ path, text: text.trim() }).not.toEqual({ path, text: "" });
  });

  it("say of whatever can fail in a condition what was seen and what was needed, in both languages", () => {
    fc.assert(
      fc.property(rowCondition, change, (asked, of) => {
        const failed = explain(asked, factsOf(of).lookup, NOW);
        if (failed === undefined) return;
        for (const language of LANGUAGES) {
          const told = tellFailed(failed, { table: of.table, member: null, readAt: NOW }, speaker({ language }));
          for (const text of [told.text, told.mend, told.values?.expected, told.values?.seen, told.values?.label]) {
            expect(text).not.toMatch(NOISE);
            expect(text?.trim()).not.toBe("");
          }
        }
      }),
      runs(300),
    );
  });

  it("tell of every trigger of the table what it made of a change: considered or passed over by the index", () => {
    fc.assert(
      fc.property(triggers, change, (published, of) => {
        const evidence = evidenceOf(of, published);
        const own = evidence.changes[0]?.triggers ?? [];
        const answer = tellWhy(evidence, {}, speaker());
        expect(answer.answer).not.toMatch(NOISE);
        expect(answer.mend).not.toBe("");
        expect(answer.chain.map(({ step }) => step)).toEqual([
          ...["change", "trigger", "filter", "entry", "consent", "send", "delivery"],
        ]);
        const told = answer.changes[0]?.triggers ?? [];
        expect(told.map(({ trigger }) => trigger).sort()).toEqual(own.map(({ slug }) => `“${slug}”`).sort());
        for (const one of told) {
          expect(one.text).not.toMatch(NOISE);
          // What the index passed over is never said to have been about to fire.
          expect(one.text).not.toContain("in the very moment of the change");
        }
      }),
      runs(200),
    );
  });

  it("for a ticket hold nothing of any name, text or address", () => {
    const named = columns.map((all) =>
      Object.fromEntries(
        Object.entries(all).map(([name, it]) => [
          name,
          typeof it === "string" && !it.startsWith("2026") ? "s3cret" : it,
        ]),
      ),
    );
    fc.assert(
      fc.property(triggers, change, named, named, (published, of, before, after) => {
        const it = { ...of, before: of.before === null ? null : before, after: of.after === null ? null : after };
        const hidden = { name: "Zoé s3cret" };
        const glossary = {
          ...{ tables: {}, triggers: {}, journeys: {}, users: { [of.by]: "Zoé s3cret" } },
          ...{ people: { [`contact:${of.record}`]: "Zoé s3cret" }, rows: { [`incident:${of.record}`]: "Zoé s3cret" } },
        };
        const evidence = evidenceOf(it, published);
        const discreet = speaker({ discreet: true, glossary });
        const text = asText(
          tellWhy({ ...evidence, subject: { ...evidence.subject, ...hidden } }, {}, discreet),
          discreet,
        );
        expect(text).not.toMatch(/s3cret|Zoé/);
        expect(text).toContain(of.record);
      }),
      runs(100),
    );
  });
});

describe("the causes of what was never seen", () => {
  const moment = fc.constantFrom(null, NOW - 40 * 86_400_000, NOW - 86_400_000, NOW);
  const row = fc.record({ createdAt: moment, modifiedAt: moment, modifiedBy: fc.constant(null), values: columns });
  const unseen: fc.Arbitrary<Omit<Unseen, "triggers">> = fc.record({
    row: fc.oneof(fc.constantFrom(null, "missing" as const), row),
    registrations: fc.constantFrom(
      null,
      { wrong: [], wrongBefore: [] },
      { wrong: [{ what: "step-off" as const, since: NOW - 1_000, by: "Noah" }], wrongBefore: [] },
      { wrong: [], wrongBefore: [{ from: NOW - 2 * 86_400_000, to: NOW }] },
    ),
    jobs: fc.constantFrom(null, [], [{ state: "failed" as const, at: NOW, message: "timed out" }]),
    elsewhere: fc.constantFrom(null, { asked: "copy.example", connected: "here.example" }),
  });
  const span = fc.constantFrom(
    { revision: 1, from: 1, at: new Date(NOW - 10 * 86_400_000).toISOString() },
    { revision: 1, from: null, at: null },
    {
      revision: 1,
      from: 1,
      at: new Date(NOW - 90 * 86_400_000).toISOString(),
      to: 2,
      until: new Date(NOW - 50 * 86_400_000).toISOString(),
    },
  );

  it("are always all told, those that were found first, then what can't be told, each with what was checked", () => {
    fc.assert(
      fc.property(triggers, change, fc.boolean(), unseen, span, (published, of, came, found, its) => {
        const evidence = evidenceOf(of, published, came ? {} : { changes: [] });
        const own = published.filter(({ table }) => table === of.table);
        const known = { ...UNSEEN, ...found, triggers: own.map((trigger) => ({ trigger, spans: [its] })) };
        for (const language of LANGUAGES) {
          const causes = causesOf(evidence, known, speaker({ language }));
          expect(causes.map(({ cause }) => cause).sort()).toEqual([...CAUSES].sort());
          const order = causes.map(({ verdict }) => ["found", "unknown", "ruled-out"].indexOf(verdict));
          expect(order).toEqual([...order].sort());
          for (const { text } of causes) expect(text).not.toMatch(NOISE);
        }
        const answer = tellWhy({ ...evidence, unseen: known }, {}, speaker());
        if (!came) expect(answer).toMatchObject({ chain: [], causes: expect.arrayContaining([expect.anything()]) });
      }),
      runs(200),
    );
  });
});
