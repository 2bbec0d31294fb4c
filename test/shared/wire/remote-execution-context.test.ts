import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { wcfDate } from "../../../shared/wire/attribute-value.ts";
import { parseContext } from "../../../shared/wire/remote-execution-context.ts";
import { EXPECTED } from "./expected-changes.ts";
import { CASE, caseBody, changeOf, lookup, option, payload, typed } from "./payload.ts";

describe("a RemoteExecutionContext", () => {
  it.each(Object.entries(EXPECTED))("reads every column of %s exactly", (name, expected) => {
    expect(changeOf(payload(name))).toStrictEqual(expected);
  });

  it("reads what a synchronous step types and what it doesn't to the same change", () => {
    expect(changeOf(payload("update-account-sync"))).toEqual(changeOf(payload("update-account-sync-xes")));
  });

  it("lays the post-image under what was written, and keeps the pre-image as before", () => {
    const change = changeOf(
      caseBody({
        target: { statecode: option(1), customerid: lookup("contact", CASE) },
        pre: { statecode: option(0) },
        post: { statecode: option(0), customerid: lookup("contact", CASE.toUpperCase(), "Camille"), title: "Brakes" },
      }),
    );
    expect(change.before).toEqual({ statecode: 0 });
    expect(change.after).toEqual({
      statecode: 1,
      customerid: { table: "contact", id: CASE, name: "Camille" },
      title: "Brakes",
    });
    expect(change.written).toEqual(["statecode", "customerid"]);
  });

  it("takes a column that nobody wrote from the pre-image when no post-image was asked for", () => {
    const body = { target: { statecode: option(1) }, pre: { statecode: option(0), title: "Brakes" } };
    expect(changeOf(caseBody(body)).after).toEqual({ statecode: 1, title: "Brakes" });
    expect(changeOf(caseBody({ ...body, post: { statecode: option(1) } })).after).toEqual({ statecode: 1 });
  });

  it("reads the last image of a deleted row as before, and nothing as after", () => {
    const change = changeOf(caseBody({ message: "Delete", pre: { title: "Brakes" } }));
    expect(change).toMatchObject({ message: "delete", before: { title: "Brakes" }, after: null, written: [] });
  });

  it("reads money, choices, party lists, moments and numbers exactly", () => {
    const party = (attributes: readonly { key: string; value: unknown }[]): object => ({
      Attributes: attributes,
      Id: "55555555-aaaa-4aaa-8aaa-000000000005",
      LogicalName: "activityparty",
    });
    const change = changeOf(
      caseBody({
        target: {
          amount: typed("Money", { Value: 1234.5678 }),
          nothing: typed("Money", { Value: null }),
          several: [option(3), option(1)],
          to: typed("EntityCollection", {
            Entities: [
              party([{ key: "partyid", value: lookup("contact", CASE.toUpperCase(), "Zoé") }]),
              party([{ key: "addressused", value: "noe@example.com" }]),
            ] as never,
          }),
          old: "/Date(-62135596800000)/",
          shown: "/Date(1506409448000-0700)/",
          text: "/Date of birth/",
          key: { __type: "Guid:#System", __value: CASE.toUpperCase() },
          when: { __type: "DateTime:#System", __value: "/Date(1527757524000)/" },
          count: { __type: "Int32:#System", __value: 7 },
        },
      }),
    );
    expect(change.after).toEqual({
      amount: 1234.5678,
      nothing: null,
      several: [3, 1],
      to: [
        { table: "contact", id: CASE, name: "Zoé" },
        { table: "activityparty", id: "55555555-aaaa-4aaa-8aaa-000000000005", name: "noe@example.com" },
      ],
      old: "0001-01-01T00:00:00.000Z",
      shown: "2017-09-26T07:04:08.000Z",
      text: "/Date of birth/",
      key: CASE,
      when: "2018-05-31T09:05:24.000Z",
      count: 7,
    });
  });

  it("tolerates a type that it does not know, and does not take it for null", () => {
    const change = changeOf(
      caseBody({
        target: { flag: typed("BooleanManagedProperty", { Value: true }), odd: typed("Unheard", { Of: 1 }) },
      }),
    );
    expect(change.after?.flag).toBe(true);
    expect(change.after?.odd).toContain("Unheard");
  });

  it("puts the operation in agreement with the row's own clock, whatever offset stands behind it", () => {
    const at = (text: string): string => changeOf(caseBody({ over: { OperationCreatedOn: text } })).at;
    expect(at("/Date(1506409448000-0700)/")).toBe("2017-09-26T00:04:08.000Z");
    expect(at("/Date(1737024736000+0200)/")).toBe("2025-01-16T12:52:16.000Z");
    expect(at("/Date(1731053106922)/")).toBe("2024-11-08T08:05:06.000Z");
  });

  it("finds the writer's tag, in the context or in one that encloses it", () => {
    const inside = [{ key: "tag", value: "parcours:2" }];
    expect(changeOf(caseBody({ shared: { tag: "mine" } })).tag).toBe("mine");
    expect(changeOf(caseBody({ over: { ParentContext: { ParentContext: { SharedVariables: inside } } } })).tag).toBe(
      "parcours:2",
    );
    expect(changeOf(caseBody({})).tag).toBeNull();
  });

  it("is not misled by a column's value that looks like a parent context", () => {
    const odd = { ParentContext: { a: "}" } };
    const body = caseBody({ target: { odd, text: '"ParentContext":{', more: "x" } }).replace(
      /,"ParentContext":null/,
      "",
    );
    const change = changeOf(body);
    expect(change.after).toEqual({ odd: JSON.stringify(odd), text: '"ParentContext":{', more: "x" });
  });

  it("says so when Dataverse left the values out for their size", () => {
    const bare = { InputParameters: null, PreEntityImages: null, PostEntityImages: null, ParentContext: null };
    expect(changeOf(caseBody({ over: bare }))).toMatchObject({
      oversize: true,
      written: [],
      before: {},
      after: {},
      record: CASE,
    });
    expect(changeOf(caseBody({ target: { title: "x" } }), { oversize: true }).oversize).toBe(true);
    expect(changeOf(caseBody({ target: { title: "x" } })).oversize).toBe(false);
  });

  it("writes every id in lower case", () => {
    const over = { OperationId: "ABCDEF00-0000-4000-8000-00000000000A", PrimaryEntityId: CASE.toUpperCase() };
    const change = changeOf(caseBody({ over }));
    expect(change.record).toBe(CASE);
    expect(change.id).toBe(`44444444-aaaa-4aaa-8aaa-000000000004:abcdef00-0000-4000-8000-00000000000a:${CASE}`);
  });

  it("reads a body with a byte-order mark", () => {
    expect(changeOf(`\uFEFF${caseBody({})}`).record).toBe(CASE);
  });
});

describe("a body that is no change", () => {
  it("is malformed by the name of its message", () => {
    expect(parseContext(caseBody({ over: { MessageName: "Associate" } }))).toEqual({
      kind: "malformed",
      problem: 'the message "Associate" is not Create, Update or Delete',
      at: "$.MessageName",
    });
  });

  it.each<[string, Parameters<typeof caseBody>[0], string]>([
    [
      "a choice that is no number",
      { target: { statecode: typed("OptionSetValue", { Value: "1" }) } },
      "$.InputParameters[0].value.Attributes[0].value.Value",
    ],
    [
      "a reference without an id",
      { target: { customerid: typed("EntityReference", { LogicalName: "contact" }) } },
      "$.InputParameters[0].value.Attributes[0].value.Id",
    ],
    ["an image that is none", { over: { PreEntityImages: [1] } }, "$.PreEntityImages[0]"],
    ["a record that has no id", { over: { PrimaryEntityId: "17" } }, "$.PrimaryEntityId"],
    ["a table that is no name", { over: { PrimaryEntityName: "a~b" } }, "$.PrimaryEntityName"],
    ["an operation without a time", { over: { OperationCreatedOn: "yesterday" } }, "$.OperationCreatedOn"],
    ["parameters without a Target", { over: { InputParameters: [{ key: "Other", value: 1 }] } }, "$.InputParameters"],
    [
      "a moment beyond all calendars",
      { target: { due: "/Date(9999999999999999)/" } },
      "$.InputParameters[0].value.Attributes[0].value",
    ],
    [
      "a column named __proto__",
      { target: JSON.parse('{"__proto__":{"a":1}}') },
      "$.InputParameters[0].value.Attributes[0].key",
    ],
  ])("says where: %s", (_, shape, at) => {
    expect(parseContext(caseBody(shape))).toEqual({ kind: "malformed", problem: expect.stringMatching(/\w/), at });
  });

  it("refuses a number that JSON can't hold, since it would become null later", () => {
    const body = caseBody({ target: { amount: 1 } }).replace('"amount","value":1', '"amount","value":1e999');
    expect(parseContext(body)).toMatchObject({ kind: "malformed", problem: "a number out of range" });
  });

  it("gives the position where the text is no JSON, and repeats nothing of it", () => {
    const body = caseBody({ target: { firstname: "Inès" } });
    const broken = body.replace('"Inès"', '"Inès" oops');
    const parsed = parseContext(broken);
    expect(parsed).toEqual({ kind: "malformed", problem: "this is no JSON", at: `position ${broken.indexOf("oops")}` });
    expect(parseContext(body.slice(0, 100))).toMatchObject({ at: "position 100" });
    expect(parseContext("")).toMatchObject({ at: "position 0" });
    expect(parseContext("[]")).toEqual({ kind: "malformed", problem: "expected an object", at: "$" });
  });

  it("survives nesting without end", () => {
    const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    const body = caseBody({ target: { x: "deep" } }).replace('"deep"', deep);
    expect(parseContext(body)).toMatchObject({ kind: "malformed" });
    expect(parseContext(body.slice(0, 100_000))).toMatchObject({ kind: "malformed", at: "position 100000" });
  });
});

describe("a moment of the platform's own kind", () => {
  it("is what the expression says, digit by digit", () => {
    const expression = /^\/Date\((-?\d{1,16})([+-]\d{4})?\)\/$/;
    const piece = fc.constantFrom(
      "/Date(",
      ")/",
      "-",
      "+",
      "0700",
      "1506409448000",
      "9",
      "/",
      "a",
      "(",
      "-0730",
      "+0545",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece, { maxLength: 6 }),
          fc.tuple(piece, piece, piece).map((inner) => ["/Date(", ...inner, ")/"]),
        ),
        (pieces) => {
          const text = pieces.join("");
          const parts = expression.exec(text);
          const offset = parts?.[2] ?? "+0000";
          const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(3));
          const expected =
            parts === null ? undefined : { ms: Number(parts[1]), offsetMs: Number(`${offset[0]}1`) * minutes * 60_000 };
          expect(wcfDate(text)).toEqual(expected);
        },
      ),
      { numRuns: 3000 },
    );
  });
});
