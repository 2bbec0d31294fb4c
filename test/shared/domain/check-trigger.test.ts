import { describe, expect, it } from "@jest/globals";
import { peopleOf, triggerProblems } from "../../../shared/domain/check-trigger.ts";
import type { ColumnInfo, TableInfo } from "../../../shared/domain/metadata.ts";
import { recordTrigger } from "../../../shared/domain/trigger.ts";

const column = (name: string, ...targets: string[]): ColumnInfo => ({
  ...{ column: name, label: { en: name, fr: name }, custom: false, writable: true, options: [], targets },
  type: targets.length > 0 ? "lookup" : "text",
});
const INCIDENT: TableInfo = {
  ...{ table: "incident", label: { en: "Case", fr: "Incident" }, custom: false, system: false, nameColumn: "title" },
  columns: [
    ...[column("title"), column("statecode"), column("customerid", "account", "contact")],
    ...[column("ownerid", "systemuser", "team"), column("contractid", "contract")],
  ],
};
const TABLES = ["incident", "contact", "account", "lead", "contract"].map((table) => ({ table }));
const NEAR = new Map([["contract", [column("billtoid", "account")]]]);

const TRIGGER = {
  ...{ kind: "record", slug: "it", name: "It", table: "incident", created: true },
  audience: [{ column: "customerid", table: "contact" }],
};
const problems = (change: object, table: TableInfo | undefined = INCIDENT) =>
  triggerProblems(recordTrigger.parse({ ...TRIGGER, ...change }), table, TABLES, NEAR, new Map());
const audience = (...ways: object[]) => ({ audience: ways });

describe("what the organisation says against a trigger", () => {
  it("is nothing where all of it is there", () => {
    const through = { table: "contract", column: "billtoid" };
    const ways = [
      { column: "customerid", table: "contact" },
      { column: "customerid", table: "account" },
      { column: "contractid", table: "account", through },
    ];
    expect(problems({ ...audience(...ways), updated: { columns: ["title"] } })).toEqual([]);
  });

  it.each<[string, object, string, string]>([
    ["listens to nothing", { created: false }, "updated", "listens to nothing: choose created, updated or deleted"],
    [
      "a column that is gone",
      { updated: { columns: ["statecode", "titel"] } },
      "updated.columns.1",
      'incident has no column "titel" (any more)',
    ],
    [
      "an audience column that is gone",
      audience({ column: "customer", table: "contact" }),
      "audience.0.column",
      'no column "customer" (any more): did you mean "customerid"?',
    ],
    [
      "a column that is no lookup",
      audience({ column: "title", table: "contact" }),
      "audience.0.column",
      '"title" is no lookup: choose one to contact, account or lead',
    ],
    [
      "a lookup without an audience",
      audience({ column: "ownerid", table: "contact" }),
      "audience.0.column",
      '"ownerid" leads to systemuser, team, not to contact: choose a lookup to contact, account or lead',
    ],
    [
      "a lookup to other people",
      audience({ column: "customerid", table: "lead" }),
      "audience.0.table",
      "choose account or contact",
    ],
    [
      "a row that is nobody",
      audience({ column: "self", table: "contact" }),
      "audience.0.column",
      "a row of incident is no contact: choose a lookup to one",
    ],
    [
      "a row away that leads to others",
      audience({ column: "contractid", table: "contact", through: { table: "contract", column: "billtoid" } }),
      "audience.0.through.column",
      '"billtoid" of contract leads to no contact: choose another way',
    ],
    [
      "a row away whose lookup is gone",
      audience({ column: "contractid", table: "account", through: { table: "contract", column: "payer" } }),
      "audience.0.through.column",
      '"payer" of contract leads to no account',
    ],
    [
      "a row away that the lookup does not lead to",
      audience({ column: "customerid", table: "account", through: { table: "contract", column: "billtoid" } }),
      "audience.0",
      "not to contract",
    ],
  ])("names %s, where it stands, and a way out", (_what, change, at, problem) => {
    const [first, ...others] = problems(change);
    expect(others).toEqual([]);
    expect(first?.at.startsWith(at)).toBe(true);
    expect(first?.problem).toContain(problem);
  });

  it("names the wrong table, with those that it may have meant, and says no more about it", () => {
    const wrong = (table: string) =>
      triggerProblems(recordTrigger.parse({ ...TRIGGER, table }), undefined, TABLES, NEAR, new Map());
    expect(wrong("incidents")).toEqual([
      { at: "table", problem: 'the organisation has no table "incidents": did you mean "incident"?' },
    ]);
    expect(wrong("spaceship")).toEqual([
      { at: "table", problem: 'the organisation has no table "spaceship": choose another' },
    ]);
  });

  it("takes an account for its primary contact", () => {
    expect(
      peopleOf(
        recordTrigger.parse({
          ...TRIGGER,
          ...audience({ column: "customerid", table: "account" }, { column: "self", table: "lead" }),
        }),
      ),
    ).toEqual(["contact", "lead"]);
  });
});
