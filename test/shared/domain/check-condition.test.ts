import { describe, expect, it } from "@jest/globals";
import { conditionProblems, type Place, tablesAsked } from "../../../shared/domain/check-condition.ts";
import { condition } from "../../../shared/domain/condition.ts";
import type { ColumnInfo, ColumnType, TableInfo } from "../../../shared/domain/metadata.ts";

const column = (name: string, type: ColumnType, more: Partial<ColumnInfo> = {}): ColumnInfo => ({
  ...{ column: name, label: { en: name, fr: name }, type, custom: false, writable: true, options: [], targets: [] },
  ...more,
});
const table = (name: string, ...columns: ColumnInfo[]): TableInfo => ({
  ...{ table: name, label: { en: name, fr: name }, custom: false, system: false, nameColumn: null, columns },
});
const state = column("statecode", "state", {
  options: [{ value: 0, label: { en: "Active", fr: "Actif" }, state: null }],
});
const INCIDENT = table(
  "incident",
  ...[state, column("title", "text"), column("createdon", "moment"), column("isescalated", "boolean")],
  column("customerid", "lookup", { targets: ["account", "contact"] }),
  column("ownerid", "lookup", { targets: ["systemuser"] }),
);
const CONTACT = table(
  "contact",
  column("firstname", "text"),
  column("birthdate", "day"),
  column("channels", "choices"),
);
const ACCOUNT = table("account", column("revenue", "money"));

const CLERK = "11111111-aaaa-4aaa-8aaa-000000000001";

const PLACE: Place = {
  ...{ scopes: ["event", "before", "change", "audience", "related"], instead: "is not known here" },
  ...{ event: INCIDENT, record: INCIDENT, people: ["contact"] },
  tables: new Map([INCIDENT, CONTACT, ACCOUNT].map((each) => [each.table, each])),
  names: ["incident", "contact", "account", "task"],
};

const asking = (asked: object, place: Place = PLACE) => conditionProblems(condition.parse(asked), "condition", place);
const compare = (field: string, op: string, value?: unknown) => ({
  ...{ kind: "compare", field, op },
  ...(value === undefined ? {} : { value }),
});
const counting = (more: object) => ({ kind: "has-no", table: "incident", lookup: "customerid", ...more });
const where = (column: string, op: string, value?: unknown) =>
  counting({ where: [{ column, op, ...(value === undefined ? {} : { value }) }] });

describe("a condition on rows", () => {
  it.each<[string, object]>([
    ["the person's columns", compare("audience.firstname", "starts-with", "A")],
    ["a row one lookup away, in whichever of its tables", compare("related.customerid.revenue", "gt", 1000)],
    ["other open rows of the person's", where("statecode", "eq", 0)],
    ["rows of whoever a lookup of the record leads to", counting({ whose: "record.customerid" })],
    ["how many rows of late", { ...where("createdon", "within-last", "P30D"), kind: "count", op: "ge", value: 3 }],
    [
      "who made the change, and by what",
      {
        kind: "all",
        of: [
          compare("change.by", "ne", CLERK),
          compare("change.depth", "le", 1),
          compare("change.message", "eq", "create"),
          compare("change.tag", "starts-with", "x"),
        ],
      },
    ],
    ["what is empty, or is not", where("title", "is-not-null")],
  ])("may ask %s", (_what, asked) => {
    expect(asking(asked)).toEqual([]);
  });

  it.each<[string, object, string, string]>([
    [
      "a column that people do not have",
      compare("audience.firstnam", "eq", "A"),
      "field",
      'contact has no column "firstnam" (any more): did you mean "firstname"?',
    ],
    ["a value of another type", compare("audience.firstname", "eq", 3), "value", "firstname: the column holds text"],
    [
      "what can't be asked of the type",
      compare("audience.birthdate", "contains", "3"),
      "op",
      '"contains" can\'t be asked of birthdate, which holds days',
    ],
    ["old values of people", compare("audience.firstname", "changed"), "op", '"changed" can be asked of event.… alone'],
    ["a lookup that is gone", compare("related.custome.revenue", "gt", 1), "field", 'incident has no column "custome"'],
    ["a lookup that is none", compare("related.title.revenue", "gt", 1), "field", '"title" is no lookup of incident'],
    [
      "a column that no related row has",
      compare("related.customerid.size", "gt", 1),
      "field",
      'account, contact has no column "size"',
    ],
    ["what is not known there", compare("record.title", "eq", "x"), "field", '"record.title" is not known here'],
    [
      "rows of an unknown table",
      counting({ table: "incidents" }),
      "table",
      'no table "incidents": did you mean "incident"?',
    ],
    [
      "rows by a column that is gone",
      counting({ lookup: "customer" }),
      "lookup",
      'incident has no column "customer" (any more): did you mean "customerid"?',
    ],
    [
      "rows by a column that leads nowhere",
      counting({ lookup: "title" }),
      "lookup",
      '"title" of incident is no lookup: choose one that leads to contact',
    ],
    [
      "rows by a lookup to somebody else",
      counting({ lookup: "ownerid" }),
      "lookup",
      '"ownerid" of incident leads to systemuser: choose one that leads to contact',
    ],
    [
      "rows of whom no lookup leads to",
      counting({ whose: "record.title" }),
      "whose",
      '"title" is no lookup of incident',
    ],
    [
      "a counted row's column that is gone",
      where("state", "eq", 0),
      "where.0.column",
      'incident has no column "state" (any more): did you mean "statecode"?',
    ],
    [
      "an option that was deleted",
      where("statecode", "eq", 7),
      "where.0.value",
      "7 is none of its options (any more): choose one of 0 Active",
    ],
    [
      "a counted row's column of another type",
      where("isescalated", "eq", "yes"),
      "where.0.value",
      "write true or false",
    ],
    ["what Dataverse can't compare", { ...where("channels", "contains", 1), table: "contact" }, "lookup", "customerid"],
    ["a fact that changes do not have", compare("change.who", "eq", "x"), "field", "it has by, depth, tag, message"],
    ["a user by a name", compare("change.by", "eq", "Camille"), "value", "write a GUID"],
    ["an old value of a fact", compare("change.by", "changed"), "op", '"changed" can\'t be asked of change.by'],
    [
      "what no change is",
      compare("change.message", "in", ["create", "merge"]),
      "value",
      "one of create, update, delete",
    ],
    ["a span that is none", where("createdon", "within-last", "a month"), "where.0.value", "write one as P7D"],
  ])("may not ask %s", (_what, asked, at, problem) => {
    const [first] = asking(asked);
    expect(first).toEqual({ at: `condition.${at}`, problem: expect.stringContaining(problem) });
  });

  it("says where within a tree it is wrong", () => {
    const tree = { kind: "all", of: [{ kind: "not", of: where("state", "eq", 0) }] };
    expect(asking(tree)).toMatchObject([{ at: "condition.of.0.of.where.0.column" }]);
  });

  it("asks for no other record than the event's", () => {
    const { event: _event, record: _record, ...rest } = PLACE;
    const place = { ...rest, event: undefined, record: undefined };
    expect(asking(compare("related.customerid.revenue", "gt", 1), place)).toMatchObject([
      { problem: expect.stringContaining("about no record") },
    ]);
    expect(asking(counting({ whose: "record" }), place)).toMatchObject([{ at: "condition.whose" }]);
  });

  it("names the tables that it has to be checked against", () => {
    const tree = condition.parse({
      kind: "any",
      of: [
        compare("related.customerid.revenue", "gt", 1),
        compare("audience.firstname", "eq", "A"),
        counting({ table: "task" }),
      ],
    });
    expect(tablesAsked(tree, INCIDENT, ["contact"]).sort()).toEqual(["account", "contact", "task"]);
  });
});
