import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { VirtualClock } from "../../../../local/clock/virtual-clock.ts";
import { type Dataverse as StandIn, startDataverse } from "../../../../local/dataverse/dataverse.ts";
import { dataverseWebApi } from "../../../../shared/adapters/dataverse/web-api.ts";
import type { Dataverse } from "../../../../shared/ports/dataverse.ts";

/** The adapter against a Web API that speaks as Dataverse does: its metadata, its writes, its webhooks. */
describe("an organisation's Web API", () => {
  const clock = new VirtualClock();
  let standIn: StandIn;
  let dataverse: Dataverse;
  const account = randomUUID();
  const contact = randomUUID();
  const incident = randomUUID();

  async function make(set: string, row: object): Promise<void> {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${standIn.url}/${set}`, { method: "POST", headers, body: JSON.stringify(row) });
    if (!answer.ok) throw new Error(await answer.text());
  }

  beforeAll(async () => {
    standIn = await startDataverse({ port: 0, clock, busy: clock });
    dataverse = dataverseWebApi({ url: standIn.url, now: () => clock.now(), sleep: async () => undefined });
    await make("accounts", { accountid: account, name: "SARL Vélo+" });
    await make("contacts", { contactid: contact, firstname: "Zoé", lastname: "O'Brien", birthdate: "1990-03-01" });
    await make("incidents", {
      incidentid: incident,
      title: "Panne",
      prioritycode: 1,
      "customerid_account@odata.bind": `/accounts(${account})`,
    });
  });
  afterAll(async () => {
    await standIn.close();
    clock.close();
  });

  it("gives a row in the domain's values", async () => {
    const row = await dataverse.read("incident", incident, ["title", "prioritycode", "customerid", "createdon"]);
    expect(row).toEqual({
      title: "Panne",
      prioritycode: 1,
      customerid: { table: "account", id: account, name: "SARL Vélo+" },
      createdon: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/),
    });
    expect(await dataverse.read("contact", contact, ["birthdate", "parentcustomerid"])).toEqual({
      birthdate: "1990-03-01",
      parentcustomerid: null,
    });
  });

  it("says that a row is there when no column is asked for", async () => {
    expect(await dataverse.read("incident", incident, [])).toEqual({});
  });

  it("has no row under an unknown id", async () => {
    expect(await dataverse.read("incident", randomUUID(), ["title"])).toBeUndefined();
    expect(await dataverse.update("incident", randomUUID(), { title: "x" }, "t")).toBe("missing");
  });

  it("reads back what was written: texts, options, lookups to another table, nothing", async () => {
    const customerid = { table: "contact", id: contact, name: "Zoé O'Brien" };
    const values = { title: "Réparé", prioritycode: 2, customerid, description: null };
    expect(await dataverse.update("incident", incident, values, "parcours")).toBe("updated");
    expect(await dataverse.read("incident", incident, Object.keys(values))).toEqual(values);
  });

  it("empties a lookup", async () => {
    const parentcustomerid = { table: "account", id: account, name: "SARL Vélo+" };
    await dataverse.update("contact", contact, { parentcustomerid }, "t");
    expect(await dataverse.read("contact", contact, ["parentcustomerid"])).toEqual({ parentcustomerid });
    await dataverse.update("contact", contact, { parentcustomerid: null }, "t");
    expect(await dataverse.read("contact", contact, ["parentcustomerid"])).toEqual({ parentcustomerid: null });
  });

  it("gives labels in the reader's language", async () => {
    const french = await dataverse.labels("incident", "fr");
    const english = await dataverse.labels("incident", "en");
    expect(english.statecode).toMatchObject({ "0": "Active", "1": "Resolved" });
    expect(french.statecode?.["1"]).toBe("Résolu");
    expect(Object.keys(english)).toEqual(expect.arrayContaining(["prioritycode", "statuscode", "isescalated"]));
  });

  it("refuses what the organisation does not have, with its reason", async () => {
    await expect(dataverse.read("incident", incident, ["nosuchcolumn"])).rejects.toMatchObject({
      code: "DATAVERSE_REFUSED",
      message: expect.stringContaining("nosuchcolumn"),
    });
    await expect(dataverse.read("nosuchtable", incident, ["title"])).rejects.toMatchObject({
      code: "DATAVERSE_REFUSED",
    });
    await expect(dataverse.update("incident", incident, { prioritycode: 99 }, "t")).rejects.toMatchObject({
      code: "DATAVERSE_REFUSED",
      message: expect.stringContaining("99"),
    });
  });

  it("carries the tag to the steps that a write fires", async () => {
    const bodies: string[] = [];
    const hook = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      bodies.push(body);
      response.end();
    });
    await new Promise<void>((resolve) => hook.listen(0, "127.0.0.1", resolve));
    try {
      await registerOnUpdate(`http://127.0.0.1:${(hook.address() as AddressInfo).port}/`);
      await dataverse.update("incident", incident, { title: "Encore" }, "parcours:2");
      await clock.quiet();
      expect(bodies).toHaveLength(1);
      const shared = JSON.parse(bodies[0] ?? "{}").SharedVariables;
      expect(shared).toContainEqual({ key: "tag", value: "parcours:2" });
    } finally {
      hook.closeAllConnections();
      hook.close();
    }
  });

  async function registerOnUpdate(url: string): Promise<void> {
    const serviceendpointid = randomUUID();
    await make("serviceendpoints", { serviceendpointid, name: "hook", url, contract: 8, authtype: 4, authvalue: "k" });
    const query =
      "sdkmessagefilters?$select=sdkmessagefilterid,_sdkmessageid_value&$filter=sdkmessageid/name eq 'Update' and primaryobjecttypecode eq 'incident'";
    const filters = (await (await fetch(`${standIn.url}/${query}`)).json()) as { value: Record<string, string>[] };
    await make("sdkmessageprocessingsteps", {
      name: "on update",
      mode: 1,
      stage: 40,
      rank: 1,
      supporteddeployment: 0,
      asyncautodelete: true,
      filteringattributes: "title",
      "eventhandler_serviceendpoint@odata.bind": `/serviceendpoints(${serviceendpointid})`,
      "sdkmessageid@odata.bind": `/sdkmessages(${filters.value[0]?._sdkmessageid_value})`,
      "sdkmessagefilterid@odata.bind": `/sdkmessagefilters(${filters.value[0]?.sdkmessagefilterid})`,
    });
  }

  it("that is down may be asked again", async () => {
    standIn.setFault({ down: true });
    await expect(dataverse.update("incident", incident, { title: "x" }, "t")).rejects.toMatchObject({
      code: "DATAVERSE_UNAVAILABLE",
    });
    standIn.setFault({});
    expect(await dataverse.update("incident", incident, { title: "y" }, "t")).toBe("updated");
  });
});
