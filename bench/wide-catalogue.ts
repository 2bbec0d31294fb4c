import type { Change } from "../shared/domain/change.ts";
import type { Condition } from "../shared/domain/condition.ts";
import type { RecordTrigger } from "../shared/domain/trigger.ts";
import type { Columns } from "../shared/domain/value.ts";
import { idOf, randomFrom } from "./catalogue.ts";

const TABLES = ["incident", "incident", "salesorder", "opportunity"] as const;
const LISTENED = ["title", "amount", "severity", "dueon", "score", "age"] as const;
const START = Date.parse("2026-01-01T00:00:00Z");
const HOUR_MS = 3_600_000;
const HOURS = 8_760;
/** The same words however many triggers: nothing gets rarer as the catalogue grows. */
const WORDS = 400;
const WORDS_A_TITLE = 8;

/**
 * A catalogue that no value can be looked up in: every trigger listens to several columns and asks for ranges of
 * numbers and moments and for parts of texts, never for a value.
 */
export function wideCatalogue(size: number): RecordTrigger[] {
  const random = randomFrom(3);
  return Array.from({ length: size }, (_, number): RecordTrigger => {
    const first = random(LISTENED.length);
    return {
      ...{ kind: "record", slug: `wide-${number}`, name: `Wide ${number}`, created: false, deleted: false },
      table: TABLES[number % TABLES.length] ?? "incident",
      audience: [{ column: "customerid", table: "contact" }],
      updated: {
        columns: [0, 1, 2].map((n) => LISTENED[(first + n) % LISTENED.length] ?? "title"),
        onlyWhenChanged: true,
      },
      condition: { kind: "all", of: question(random) },
    };
  });
}

type Random = (below: number) => number;

/** A part of a text in three quarters of them, one or two ranges in all, an alternative in every tenth. */
function question(random: Random): Condition[] {
  const percent = random(100);
  const parts =
    percent < 65 ? [part(random)] : percent < 75 ? [{ kind: "any" as const, of: [part(random), part(random)] }] : [];
  return [...parts, ...range(random), ...(percent % 2 === 0 || parts.length === 0 ? range(random) : [])];
}

function part(random: Random): Condition {
  const op = random(4) === 0 ? "starts-with" : "contains";
  return { kind: "compare", field: "event.title", op, value: wordOf(random(WORDS)) };
}

/** Between two bounds, at least one, or at most one; each about as often. */
function range(random: Random): Condition[] {
  const compare = (field: string, op: "gt" | "ge" | "lt" | "le", value: number | string): Condition => ({
    ...{ kind: "compare", field, op, value },
  });
  const [field, bound, width] = [
    ["event.amount", (n: number) => n, 2_000],
    ["before.score", (n: number) => n / 100, 2_000],
    ["event.dueon", (n: number) => momentOf((n * HOURS) / 10_000), 2_000],
    ["event.age", (n: number) => n, 4_000],
  ][random(4)] as [string, (n: number) => number | string, number];
  const from = random(10_000);
  switch (random(3)) {
    case 0:
      return [compare(field, "ge", bound(from)), compare(field, "lt", bound(from + 1 + random(width)))];
    case 1:
      return [compare(field, "gt", bound(5_000 + from / 2))];
    default:
      return [compare(field, "le", bound(from / 2))];
  }
}

export function wideChanges(count: number): Change[] {
  const random = randomFrom(4);
  return Array.from({ length: count }, (_, number): Change => {
    const row = (): Columns => ({
      customerid: { table: "contact", id: idOf(3, number), name: null },
      title: Array.from({ length: WORDS_A_TITLE }, () => wordOf(random(WORDS))).join(" "),
      amount: random(10_000),
      severity: random(5),
      dueon: momentOf(random(HOURS)),
      score: random(10_000) / 100,
      age: random(10_000),
    });
    return {
      ...{ id: `${idOf(4, 2)}:${idOf(5, number)}:${idOf(6, number)}`, organization: idOf(7, 1), table: "incident" },
      ...{ record: idOf(6, number), message: "update", written: ["incidentid", "title", "amount", "modifiedon"] },
      ...{ before: row(), after: row(), at: "2026-03-01T09:00:00.000Z", by: idOf(8, 1), initiatedBy: idOf(8, 1) },
      ...{ depth: 1, tag: null, oversize: false },
    };
  });
}

function momentOf(hours: number): string {
  return new Date(START + Math.floor(hours) * HOUR_MS).toISOString();
}

/** Words of two syllables out of twenty, so that some are parts of others' beginnings as words are. */
function wordOf(number: number): string {
  const syllables = "ba ke li mo nu pra ster vi gon dal er sch ou ti re fa lo qua ze my".split(" ");
  return `${syllables[number % 20]}${syllables[Math.floor(number / 20)]}`;
}
