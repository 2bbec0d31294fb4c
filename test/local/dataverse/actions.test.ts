import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Api, type Json, openApi } from "./api.ts";

let api: Api;

beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

describe("actions", () => {
  it("says who is asking, in which organisation", async () => {
    const { body } = await api.call("GET", "WhoAmI");
    expect(body).toMatchObject({
      OrganizationId: api.dataverse.organizationId,
      UserId: expect.any(String),
      BusinessUnitId: expect.any(String),
    });
  });

  it("resolves a case with a status of the resolved state, and keeps the resolution", async () => {
    const id = await api.create("incidents", { title: "x" });
    const IncidentResolution = { subject: "Fixed", "incidentid@odata.bind": `/incidents(${id})` };
    expect((await api.call("POST", "CloseIncident", { IncidentResolution, Status: 3 })).status).toBe(400);
    expect((await api.call("POST", "CloseIncident", { IncidentResolution, Status: 1000 })).status).toBe(204);
    expect((await api.call("GET", `incidents(${id})`)).body).toMatchObject({ statecode: 1, statuscode: 1000 });
    expect(await api.rows(`incidents(${id})/Incident_IncidentResolutions`)).toMatchObject([
      { subject: "Fixed", statecode: 1 },
    ]);
  });

  it("takes the default status when it is -1, and reopens by writing the state", async () => {
    const id = await api.create("incidents", { title: "x" });
    const IncidentResolution = { subject: "Fixed", "incidentid@odata.bind": `/incidents(${id})` };
    await api.call("POST", "CloseIncident", { IncidentResolution, Status: -1 });
    expect((await api.call("GET", `incidents(${id})`)).body.statuscode).toBe(5);
    await api.call("PATCH", `incidents(${id})`, { statecode: 0 });
    expect((await api.call("GET", `incidents(${id})`)).body).toMatchObject({ statecode: 0, statuscode: 1 });
  });

  it("merges contacts: what pointed to the loser points to the one that stays", async () => {
    const [winner, loser] = [
      await api.create("contacts", { lastname: "Malik" }),
      await api.create("contacts", { lastname: "Malik 2" }),
    ];
    const incident = await api.create("incidents", {
      title: "x",
      "customerid_contact@odata.bind": `/contacts(${loser})`,
    });
    const target = (contactid: string) => ({ contactid, "@odata.type": "Microsoft.Dynamics.CRM.contact" });
    const body = {
      Target: target(winner),
      Subordinate: target(loser),
      UpdateContent: { ...target(""), jobtitle: "Smith" },
      PerformParentingChecks: false,
    };
    expect((await api.call("POST", "Merge", body)).status).toBe(204);
    expect((await api.call("GET", `contacts(${loser})`)).body).toMatchObject({
      merged: true,
      _masterid_value: winner,
      statecode: 1,
    });
    expect((await api.call("GET", `contacts(${winner})`)).body).toMatchObject({ jobtitle: "Smith", merged: false });
    expect((await api.call("GET", `incidents(${incident})`)).body._customerid_value).toBe(winner);
    expect((await api.call("POST", "Merge", body)).status).toBe(400);
  });

  it("creates and updates many rows in one transaction", async () => {
    const action = "leads/Microsoft.Dynamics.CRM.CreateMultiple";
    const Targets = Array.from({ length: 100 }, (_, at) => ({ subject: `Lead ${at}`, lastname: "x" }));
    const { body } = await api.call("POST", action, { Targets });
    expect(body.Ids as string[]).toHaveLength(100);
    expect((await api.call("POST", action, { Targets: [{ lastname: "y" }, { nonsense: 1 }] })).status).toBe(400);
    expect(await api.rows("leads?$filter=lastname eq 'y'")).toEqual([]);
    const updates = (body.Ids as string[]).slice(0, 2).map((leadid) => ({ leadid, lastname: "z" }));
    expect((await api.call("POST", "leads/Microsoft.Dynamics.CRM.UpdateMultiple", { Targets: updates })).status).toBe(
      204,
    );
    expect(await api.rows("leads?$filter=lastname eq 'z'")).toHaveLength(2);
  });

  it("gives rows to other owners, and reads them through the owner", async () => {
    const user = await api.create("systemusers", { firstname: "Ana", lastname: "Agent" });
    const id = await api.create("leads", {
      subject: "Owned",
      lastname: "x",
      "ownerid@odata.bind": `/systemusers(${user})`,
    });
    const { body } = await api.call(
      "GET",
      `leads(${id})?$select=subject&$expand=owninguser($select=fullname),ownerid($select=fullname)`,
    );
    expect(body).toMatchObject({ owninguser: { fullname: "Ana Agent" }, ownerid: { fullname: "Ana Agent" } });
  });
});

describe("faults on demand", () => {
  it("are set, read and ended over HTTP, too", async () => {
    const faults = `http://localhost:${api.dataverse.port}/faults`;
    expect((await api.call("POST", faults, { throttle: 7 })).status).toBe(200);
    const refused = await api.call("GET", "WhoAmI");
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "7"]);
    expect((await api.call("GET", faults)).body).toEqual({ throttle: 7 });
    expect((await api.call("POST", faults, { webhook: "never" })).status).toBe(400);
    expect((await api.call("DELETE", faults)).body).toEqual({});
    expect((await api.call("GET", "WhoAmI")).status).toBe(200);
  });

  it("throttles with Retry-After, goes down and comes back", async () => {
    api.dataverse.setFault({ throttle: 7 });
    const throttled = await api.call("GET", "contacts");
    expect([throttled.status, throttled.headers.get("retry-after"), (throttled.body.error as Json).code]).toEqual([
      429,
      "7",
      "0x80072322",
    ]);
    api.dataverse.setFault({ down: true });
    expect((await api.call("GET", "contacts")).status).toBe(503);
    api.dataverse.setFault({ slowMs: 30 });
    const before = performance.now();
    expect((await api.call("GET", "contacts")).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(25);
    api.dataverse.setFault({});
  });
});

describe("registering", () => {
  it.each([
    [
      "an endpoint that is no webhook",
      "serviceendpoints",
      { name: "x", url: "https://example.org", contract: 6, authtype: 4 },
    ],
    ["an endpoint without an address", "serviceendpoints", { name: "x", url: "example", contract: 8, authtype: 4 }],
    ["a step without a message", "sdkmessageprocessingsteps", { name: "x", mode: 1, stage: 40 }],
    ["an image without a step", "sdkmessageprocessingstepimages", { name: "x", imagetype: 0, entityalias: "Pre" }],
  ])("refuses %s", async (_what, set, body) => {
    expect((await api.call("POST", set, body)).status).toBe(400);
  });

  it("never gives an endpoint's key back, and keeps an endpoint while it has steps", async () => {
    const id = await api.create("serviceendpoints", {
      name: "x",
      url: "https://example.org/hook",
      contract: 8,
      authtype: 4,
      authvalue: "secret",
    });
    const { body } = await api.call("GET", `serviceendpoints(${id})`);
    expect(body).not.toHaveProperty("authvalue");
    expect(body.isauthvalueset).toBe(true);
    const [filter] = await api.rows(
      "sdkmessagefilters?$filter=sdkmessageid/name eq 'Create' and primaryobjecttypecode eq 'lead'",
    );
    const step = await api.create("sdkmessageprocessingsteps", {
      name: "x",
      mode: 1,
      stage: 40,
      "eventhandler_serviceendpoint@odata.bind": `/serviceendpoints(${id})`,
      "sdkmessageid@odata.bind": `/sdkmessages(${String(filter?._sdkmessageid_value)})`,
      "sdkmessagefilterid@odata.bind": `/sdkmessagefilters(${String(filter?.sdkmessagefilterid)})`,
    });
    const image = {
      name: "Pre",
      entityalias: "Pre",
      imagetype: 0,
      messagepropertyname: "Id",
      "sdkmessageprocessingstepid@odata.bind": `/sdkmessageprocessingsteps(${step})`,
    };
    expect((await api.call("POST", "sdkmessageprocessingstepimages", image)).status).toBe(400);
    expect((await api.call("DELETE", `serviceendpoints(${id})`)).status).toBe(400);
    expect((await api.call("DELETE", `sdkmessageprocessingsteps(${step})`)).status).toBe(204);
    expect((await api.call("DELETE", `serviceendpoints(${id})`)).status).toBe(204);
  });
});
