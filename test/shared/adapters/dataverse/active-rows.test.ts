import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { VirtualClock } from "../../../../local/clock/virtual-clock.ts";
import { type Dataverse as StandIn, startDataverse } from "../../../../local/dataverse/dataverse.ts";
import { dataverseWebApi } from "../../../../shared/adapters/dataverse/web-api.ts";
import type { Dataverse } from "../../../../shared/ports/dataverse.ts";

describe("finding active rows by a column's value", () => {
  const clock = new VirtualClock();
  let standIn: StandIn;
  let dataverse: Dataverse;

  async function make(row: object, table = "contact"): Promise<string> {
    const headers = { "content-type": "application/json", prefer: "return=representation" };
    const answer = await fetch(`${standIn.url}/${table}s`, { method: "POST", headers, body: JSON.stringify(row) });
    if (!answer.ok) throw new Error(await answer.text());
    return String(((await answer.json()) as Record<string, unknown>)[`${table}id`]);
  }

  beforeAll(async () => {
    standIn = await startDataverse({ port: 0, clock, busy: clock });
    dataverse = dataverseWebApi({ url: standIn.url, now: () => clock.now(), sleep: async () => undefined });
  });
  afterAll(async () => {
    await standIn.close();
    clock.close();
  });

  it("gives the id of the one that there is, and none for a value that nobody has", async () => {
    const id = await make({ lastname: "Une", emailaddress1: "one@example.com" });
    expect(await dataverse.find("contact", "emailaddress1", "one@example.com")).toEqual([id]);
    expect(await dataverse.find("contact", "emailaddress1", "none@example.com")).toEqual([]);
  });

  it("compares a number as a number", async () => {
    const id = await make({ name: "Atelier", numberofemployees: 3 }, "account");
    expect(await dataverse.find("account", "numberofemployees", 3)).toEqual([id]);
    expect(await dataverse.find("account", "numberofemployees", 4)).toEqual([]);
  });

  it("gives two of many: enough to know that it is not one", async () => {
    for (let n = 0; n < 4; n += 1) await make({ lastname: `N${n}`, emailaddress1: "many@example.com" });
    expect(await dataverse.find("contact", "emailaddress1", "many@example.com")).toHaveLength(2);
  });

  it("passes over rows that are inactive, as those that were merged into another are", async () => {
    const address = { emailaddress1: "former@example.com" };
    const gone = await make({ lastname: "Ancienne", ...address });
    const body = JSON.stringify({ statecode: 1, statuscode: 2 });
    const headers = { "content-type": "application/json" };
    await fetch(`${standIn.url}/contacts(${gone})`, { method: "PATCH", headers, body });
    expect(await dataverse.find("contact", "emailaddress1", address.emailaddress1)).toEqual([]);
    const here = await make({ lastname: "Actuelle", ...address });
    expect(await dataverse.find("contact", "emailaddress1", address.emailaddress1)).toEqual([here]);
  });

  it("takes a quote in the value for a part of it, not for the end of it", async () => {
    await make({ lastname: "Autre" });
    const id = await make({ lastname: "O'Brien & co" });
    expect(await dataverse.find("contact", "lastname", "O'Brien & co")).toEqual([id]);
    expect(await dataverse.find("contact", "lastname", "x' or lastname ne 'x")).toEqual([]);
  });

  it("refuses a column that the organisation does not have", async () => {
    await expect(dataverse.find("contact", "nosuchcolumn", "x")).rejects.toMatchObject({ code: "DATAVERSE_REFUSED" });
  });
});
