import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { VirtualClock } from "../../../../local/clock/virtual-clock.ts";
import { type Dataverse as StandIn, startDataverse } from "../../../../local/dataverse/dataverse.ts";
import { type Ask, requestsTo, type Send } from "../../../../shared/adapters/dataverse/requests.ts";
import { dataverseMetadata } from "../../../../shared/adapters/dataverse/table-metadata.ts";
import { dataverseWebApi } from "../../../../shared/adapters/dataverse/web-api.ts";
import type { Metadata } from "../../../../shared/ports/metadata.ts";
import { proposeAudience } from "../../../../shared/use-cases/propose-audience.ts";

describe("an organisation's metadata", () => {
  const clock = new VirtualClock();
  let standIn: StandIn;
  let metadata: Metadata;
  let send: Send;
  const asked: string[] = [];
  beforeAll(async () => {
    standIn = await startDataverse({ port: 0, clock, busy: clock });
  });
  beforeEach(() => {
    asked.length = 0;
    const really = requestsTo({ url: standIn.url, now: () => clock.now(), sleep: async () => undefined });
    send = (ask: Ask, schema) => {
      asked.push(ask.path);
      return really(ask, schema);
    };
    metadata = dataverseMetadata(send, () => clock.now());
  });
  afterAll(async () => {
    await standIn.close();
    clock.close();
  });

  it("of all tables is one query, of a table eight, however many columns it has; then it is kept", async () => {
    await metadata.tables();
    expect(asked).toHaveLength(1);
    expect((await metadata.table("incident"))?.columns.length).toBeGreaterThan(20);
    expect(asked).toHaveLength(9);
    await Promise.all([metadata.table("incident"), metadata.tables(), metadata.table("incident")]);
    expect(asked).toHaveLength(9);
  });

  it("is asked for again where that is wanted, and after ten minutes", async () => {
    await metadata.tables();
    await metadata.tables(true);
    expect(asked).toHaveLength(2);
    await clock.advance(11 * 60_000);
    await metadata.tables();
    expect(asked).toHaveLength(3);
  });

  it("has types, options in both languages with the state of each status, and where lookups lead", async () => {
    const columns = (await metadata.table("incident"))?.columns ?? [];
    const of = (name: string) => columns.find(({ column }) => column === name);
    expect(of("title")).toMatchObject({ type: "text", label: { en: "Case Title" }, options: [], targets: [] });
    expect(of("statuscode")?.options).toContainEqual(expect.objectContaining({ value: 5, state: 1 }));
    expect(of("isescalated")).toMatchObject({ type: "boolean" });
    expect(
      of("isescalated")
        ?.options.map(({ value }) => value)
        .sort(),
    ).toEqual([0, 1]);
    expect(of("customerid")).toMatchObject({ type: "lookup", targets: expect.arrayContaining(["account", "contact"]) });
    const contact = (await metadata.table("contact"))?.columns ?? [];
    expect(contact.find(({ column }) => column === "birthdate")?.type).toBe("day");
    expect(contact.find(({ column }) => column === "createdon")?.type).toBe("moment");
  });

  it("has no table that the organisation has not", async () => {
    expect(await metadata.table("nosuchtable")).toBeUndefined();
  });

  it("and 200 rows' audience cost a few queries for each table on the way, not some for each row", async () => {
    const dataverse = dataverseWebApi({ url: standIn.url, now: () => clock.now(), sleep: async () => undefined }, send);
    for (let n = 0; n < 210; n += 1) {
      const contact = await make("contacts", { lastname: `Essai ${n}`, emailaddress1: `${n}@example.com` });
      const customer = { "customerid_contact@odata.bind": `/contacts(${contact})` };
      await make("incidents", { title: `Panne ${n}`, ...customer });
    }
    const settings = { addressColumn: "emailaddress1" };
    const deps = { dataverse, metadata, settings } as Parameters<typeof proposeAudience>[2];
    const audience = await proposeAudience("incident", "fr", deps);
    expect(audience?.rows).toBe(200);
    expect(audience?.proposal.coverage.reached).toBe(200);
    const ofRows = asked.filter((path) => !/^(EntityDefinitions|RelationshipDefinitions)/.test(path));
    expect(ofRows).toHaveLength(1 + 2);
    expect(asked.length).toBeLessThan(25);
  });

  async function make(set: string, row: object): Promise<string> {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${standIn.url}/${set}`, { method: "POST", headers, body: JSON.stringify(row) });
    return /\(([0-9a-f-]{36})\)$/.exec(answer.headers.get("odata-entityid") ?? "")?.[1] ?? "";
  }
});
