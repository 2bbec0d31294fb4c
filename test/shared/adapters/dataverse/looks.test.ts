import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { VirtualClock } from "../../../../local/clock/virtual-clock.ts";
import { type Dataverse as StandIn, startDataverse } from "../../../../local/dataverse/dataverse.ts";
import { type Ask, requestsTo, type Send } from "../../../../shared/adapters/dataverse/requests.ts";
import { dataverseWebApi } from "../../../../shared/adapters/dataverse/web-api.ts";
import type { Dataverse, RowsOf, RowWhere } from "../../../../shared/ports/dataverse.ts";

const DAY_MS = 86_400_000;

describe("a look at rows and numbers of rows", () => {
  const clock = new VirtualClock();
  const asked: Ask[] = [];
  let standIn: StandIn;
  let dataverse: Dataverse;
  const [contact, other, first, second, third] = Array.from({ length: 5 }, () => randomUUID());

  const make = async (set: string, row: object): Promise<void> => {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${standIn.url}/${set}`, { method: "POST", headers, body: JSON.stringify(row) });
    if (!answer.ok) throw new Error(await answer.text());
  };

  beforeAll(async () => {
    standIn = await startDataverse({ port: 0, clock, busy: clock });
    const connection = { url: standIn.url, now: () => clock.now(), sleep: async () => undefined };
    const send = requestsTo(connection);
    const counted: Send = (ask, schema) => {
      if (!ask.path.startsWith("EntityDefinitions")) asked.push(ask);
      return send(ask, schema);
    };
    dataverse = dataverseWebApi(connection, counted);
    await make("contacts", { contactid: contact, firstname: "Zoé", lastname: "O'Brien", birthdate: "1990-03-01" });
    await make("contacts", { contactid: other, firstname: "Ben" });
    const customer = { "customerid_contact@odata.bind": `/contacts(${contact})` };
    await make("incidents", { incidentid: first, title: "L'échappement", prioritycode: 1, ...customer });
    await make("incidents", { incidentid: second, title: "Brakes", prioritycode: 3, description: "x", ...customer });
    await make("incidents", { incidentid: third, prioritycode: 2, ...customer });
    await make("incidents", { title: "Brakes", "customerid_contact@odata.bind": `/contacts(${other})` });
  });
  afterAll(async () => {
    await standIn.close();
    clock.close();
  });

  const cases = (more: Partial<RowsOf> = {}): RowsOf => ({
    ...{ table: "incident", lookup: "customerid", to: contact ?? "", except: null, where: [], most: 10 },
    ...more,
  });
  const count = async (more: Partial<RowsOf>) => (await dataverse.look({ rows: [], counts: [cases(more)] })).counts[0];

  it("takes one request, however much is asked, and however many ask at the same time", async () => {
    const row = { table: "contact", id: contact ?? "", columns: ["firstname", "birthdate"] };
    await dataverse.look({ rows: [row], counts: [cases()] }); // metadata, once
    asked.length = 0;
    const gone = { table: "contact", id: randomUUID(), columns: ["firstname"] };
    const answers = await Promise.all([
      dataverse.look({ rows: [row, gone], counts: [cases(), cases({ except: first ?? "" })] }),
      dataverse.look({ rows: [{ table: "incident", id: second ?? "", columns: ["title", "customerid"] }], counts: [] }),
      dataverse.look({ rows: [row], counts: [] }),
    ]);
    expect(answers[0]).toEqual({ rows: [{ firstname: "Zoé", birthdate: "1990-03-01" }, undefined], counts: [3, 2] });
    expect(answers[1]?.rows[0]).toMatchObject({ title: "Brakes", customerid: { table: "contact", id: contact } });
    expect(answers[2]?.rows).toEqual([answers[0]?.rows[0]]);
    expect(asked.map(({ path }) => path)).toEqual(["$batch"]);
    // What two ask for alike is asked for once.
    expect(String(asked[0]?.body).match(/^GET /gm)).toHaveLength(5);
  });

  it("asks for one thing without a batch, and for nothing not at all", async () => {
    asked.length = 0;
    expect(await count({})).toBe(3);
    expect(await dataverse.look({ rows: [], counts: [] })).toEqual({ rows: [], counts: [] });
    expect(asked.map(({ method }) => method)).toEqual(["GET"]);
  });

  it("counts no further than it has to", async () => {
    expect(await count({ most: 2 })).toBe(2);
  });

  it.each<[string, RowWhere, number]>([
    ["a choice", { column: "prioritycode", op: "eq", value: 3 }, 1],
    ["another than a value, the empty ones too", { column: "title", op: "ne", value: "brakes" }, 2],
    ["one of several", { column: "prioritycode", op: "in", value: [1, 2] }, 2],
    ["more than a number", { column: "prioritycode", op: "gt", value: 1 }, 2],
    ["a part of a text, a quote in it", { column: "title", op: "contains", value: "L'éch" }, 1],
    ["a text's beginning, whatever its case", { column: "title", op: "starts-with", value: "BRA" }, 1],
    ["nothing", { column: "title", op: "is-null" }, 1],
    ["something", { column: "description", op: "is-not-null" }, 1],
    ["a row", { column: "customerid", op: "eq", value: contact ?? "" }, 3],
    ["its own id", { column: "incidentid", op: "eq", value: first ?? "" }, 1],
    ["a moment of late", { column: "createdon", op: "between", from: Date.now() - DAY_MS, to: Date.now() + DAY_MS }, 3],
    [
      "a moment to come",
      { column: "createdon", op: "between", from: Date.now() + DAY_MS, to: Date.now() + 2 * DAY_MS },
      0,
    ],
    ["a moment since", { column: "createdon", op: "ge", value: "2020-01-01T00:00:00.000Z" }, 3],
  ])("compares with %s", async (_what, where, found) => {
    expect(await count({ where: [where] })).toBe(found);
  });

  it("measures spans of days by the days that begin in them", async () => {
    const father = randomUUID();
    await make("accounts", { accountid: father, name: "Les O'Brien" });
    await make("contacts", {
      lastname: "B",
      birthdate: "2026-03-02",
      "parentcustomerid_account@odata.bind": `/accounts(${father})`,
    });
    const born = (from: string, to: string) =>
      count({
        ...{ table: "contact", lookup: "parentcustomerid", to: father },
        where: [{ column: "birthdate", op: "between", from: Date.parse(from), to: Date.parse(to) }],
      });
    expect(await born("2026-03-01T10:00:00Z", "2026-03-02T10:00:00Z")).toBe(1);
    expect(await born("2026-03-02T10:00:00Z", "2026-03-03T10:00:00Z")).toBe(0);
    expect(await born("2026-03-01T00:00:00Z", "2026-03-01T23:00:00Z")).toBe(0);
  });

  it("refuses whoever asks for what is not there, and nobody else", async () => {
    const wrong = dataverse.look({
      rows: [{ table: "contact", id: contact ?? "", columns: ["shoesize"] }],
      counts: [],
    });
    const right = dataverse.look({ rows: [], counts: [cases()] });
    await expect(wrong).rejects.toMatchObject({ code: "DATAVERSE_REFUSED" });
    expect((await right).counts).toEqual([3]);
  });
});
