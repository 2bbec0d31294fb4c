import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Api, openApi } from "./api.ts";

let api: Api;

beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const ALL = { Prefer: 'odata.include-annotations="*"' };

describe("rows over the Web API", () => {
  it("answers a create with 204 and the new row's address", async () => {
    const { status, headers, text } = await api.call("POST", "contacts", { firstname: "Zoé", lastname: "d'Arc" });
    expect(status).toBe(204);
    expect(text).toBe("");
    expect(headers.get("odata-entityid")).toMatch(/\/api\/data\/v9\.2\/contacts\([0-9a-f-]{36}\)$/);
  });

  it("gives the row itself when return=representation is preferred", async () => {
    const prefer = { Prefer: "return=representation" };
    const { status, body } = await api.call(
      "POST",
      "contacts?$select=fullname",
      { firstname: "Noé", lastname: "Roy" },
      prefer,
    );
    expect(status).toBe(201);
    expect(body).toMatchObject({
      fullname: "Noé Roy",
      contactid: expect.any(String),
      "@odata.etag": expect.any(String),
    });
    expect(Object.keys(body)).not.toContain("lastname");
  });

  it("fills in owner, dates, states and numbers", async () => {
    const contact = await api.create("contacts", { lastname: "Bell" });
    const id = await api.create("incidents", {
      title: "Chain",
      "customerid_contact@odata.bind": `/contacts(${contact})`,
    });
    const { body } = await api.call("GET", `incidents(${id})`);
    expect(body).toMatchObject({ statecode: 0, statuscode: 1, prioritycode: 2, _customerid_value: contact });
    expect(body.createdon).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(body.ticketnumber).toMatch(/^CAS-\d{5}-\w+$/);
    expect(body._ownerid_value).toEqual(body._createdby_value);
  });

  it("annotates lookups and options with what a user would read", async () => {
    const contact = await api.create("contacts", { firstname: "Inès", lastname: "Mora" });
    const id = await api.create("incidents", {
      title: "Brake",
      "customerid_contact@odata.bind": `/contacts(${contact})`,
    });
    const { body } = await api.call("GET", `incidents(${id})?$select=statuscode,_customerid_value`, undefined, ALL);
    expect(body).toMatchObject({
      "statuscode@OData.Community.Display.V1.FormattedValue": "In Progress",
      "_customerid_value@OData.Community.Display.V1.FormattedValue": "Inès Mora",
      "_customerid_value@Microsoft.Dynamics.CRM.lookuplogicalname": "contact",
      "_customerid_value@Microsoft.Dynamics.CRM.associatednavigationproperty": "customerid_contact",
    });
  });

  it("writes, clears and reads one property", async () => {
    const id = await api.create("contacts", { lastname: "Gray", jobtitle: "Smith" });
    expect((await api.call("PUT", `contacts(${id})/jobtitle`, { value: "Welder" })).status).toBe(204);
    expect((await api.call("GET", `contacts(${id})/jobtitle`)).body.value).toBe("Welder");
    expect((await api.call("DELETE", `contacts(${id})/jobtitle`)).status).toBe(204);
    expect((await api.call("GET", `contacts(${id})/jobtitle`)).status).toBe(204);
  });

  it("creates by PATCH unless If-Match: * asks that the row be there", async () => {
    const id = "11111111-2222-4333-8444-555555555555";
    expect((await api.call("PATCH", `contacts(${id})`, { lastname: "New" }, { "If-Match": "*" })).status).toBe(404);
    expect((await api.call("PATCH", `contacts(${id})`, { lastname: "New" })).status).toBe(204);
    expect((await api.call("PATCH", `contacts(${id})`, { lastname: "Old" }, { "If-None-Match": "*" })).status).toBe(
      412,
    );
    expect((await api.call("GET", `contacts(${id})`)).body.lastname).toBe("New");
  });

  it("refuses a write whose ETag is not the row's", async () => {
    const id = await api.create("contacts", { lastname: "One" });
    const etag = String((await api.call("GET", `contacts(${id})`)).body["@odata.etag"]);
    expect((await api.call("PATCH", `contacts(${id})`, { lastname: "Two" }, { "If-Match": etag })).status).toBe(204);
    const stale = await api.call("PATCH", `contacts(${id})`, { lastname: "Three" }, { "If-Match": etag });
    expect([stale.status, (stale.body.error as { code: string }).code]).toEqual([412, "0x80060882"]);
    const fresh = String((await api.call("GET", `contacts(${id})`)).body["@odata.etag"]);
    expect((await api.call("GET", `contacts(${id})`, undefined, { "If-None-Match": fresh })).status).toBe(304);
  });

  it("makes the rows that a create names in the place of its links, all or none", async () => {
    const account = { name: "Deep", primarycontactid: { firstname: "Nina", lastname: "Below" } };
    const person = await api.create("contacts", { firstname: "Max", parentcustomerid_account: account });
    const { body } = await api.call(
      "GET",
      `contacts(${person})?$select=firstname&$expand=parentcustomerid_account($select=name;$expand=primarycontactid($select=fullname))`,
    );
    expect(body.parentcustomerid_account).toMatchObject({
      name: "Deep",
      primarycontactid: { fullname: "Nina Below" },
    });
    const failed = { firstname: "x".repeat(60), parentcustomerid_account: { name: "Undone" } };
    expect((await api.call("POST", "contacts", failed)).status).toBe(400);
    expect(await api.rows("accounts?$filter=name eq 'Undone'")).toEqual([]);
    const change = { parentcustomerid_account: { name: "Undone" } };
    expect((await api.call("PATCH", `contacts(${person})`, change)).status).toBe(400);
  });

  it("deletes a row, and its parts with it", async () => {
    const order = await api.create("salesorders", {
      name: "Bike",
      order_details: [{ productdescription: "Bell", quantity: 2, priceperunit: 9.5 }],
    });
    const [line] = await api.rows(`salesorders(${order})/order_details`);
    expect(line).toMatchObject({ salesorderdetailname: "Bell", extendedamount: 19 });
    expect((await api.call("DELETE", `salesorders(${order})`)).status).toBe(204);
    expect((await api.call("GET", `salesorderdetails(${String(line?.salesorderdetailid)})`)).status).toBe(404);
    expect((await api.call("DELETE", `salesorders(${order})`)).status).toBe(404);
  });

  it.each([
    ["an unknown column", "contacts", { nonsense: 1 }, 400, "0x80048d19"],
    ["a lookup written as a column", "incidents", { title: "x", _customerid_value: "x" }, 400, "0x80048d19"],
    ["a text where a number belongs", "accounts", { name: "x", numberofemployees: "many" }, 400, "0x80048d19"],
    ["an option that does not exist", "contacts", { lastname: "x", preferredcontactmethodcode: 99 }, 400, "0x8004431a"],
    ["a text that is too long", "contacts", { lastname: "x".repeat(51) }, 400, "0x80044331"],
    ["a status of another state", "incidents", { title: "x", statecode: 0, statuscode: 5 }, 400, "0x80048408"],
    [
      "a lookup to nothing",
      "incidents",
      { title: "x", "customerid_contact@odata.bind": "/contacts(00000000-0000-4000-8000-000000000001)" },
      404,
      "0x80040217",
    ],
    ["a table that does not exist", "bicycles", { name: "x" }, 404, "0x8006088a"],
  ])("refuses %s with an OData error", async (_what, set, body, status, code) => {
    const answer = await api.call("POST", set, body);
    expect([answer.status, (answer.body.error as { code: string }).code]).toEqual([status, code]);
    expect((answer.body.error as { message: string }).message).not.toBe("");
  });

  it("never shifts a calendar day, and keeps moments in UTC", async () => {
    const id = await api.create("contracts", { title: "Care", expireson: "2026-03-29" });
    expect((await api.call("GET", `contracts(${id})`)).body.expireson).toBe("2026-03-29");
    const incident = await api.create("incidents", { title: "x", escalatedon: "2026-03-29T02:30:00+02:00" });
    expect((await api.call("GET", `incidents(${incident})`)).body.escalatedon).toBe("2026-03-29T00:30:00Z");
  });

  it("writes on behalf of another user", async () => {
    const user = await api.create("systemusers", {
      firstname: "Ana",
      lastname: "Agent",
      azureactivedirectoryobjectid: "22222222-2222-4222-8222-222222222222",
    });
    const id = await api.create("contacts", { lastname: "Held" }, { MSCRMCallerID: user });
    expect((await api.call("GET", `contacts(${id})`)).body).toMatchObject({
      _createdby_value: user,
      _ownerid_value: user,
    });
    const other = await api.create(
      "contacts",
      { lastname: "Held" },
      { CallerObjectId: "22222222-2222-4222-8222-222222222222" },
    );
    expect((await api.call("GET", `contacts(${other})`)).body._createdby_value).toBe(user);
    expect((await api.call("GET", "WhoAmI", undefined, { MSCRMCallerID: user })).body.UserId).toBe(user);
  });

  it("links and unlinks rows by $ref", async () => {
    const account = await api.create("accounts", { name: "SARL Vélo+" });
    const contact = await api.create("contacts", { lastname: "Petit" });
    const link = { "@odata.id": `${api.dataverse.url}/contacts(${contact})` };
    expect((await api.call("PUT", `accounts(${account})/primarycontactid/$ref`, link)).status).toBe(204);
    expect((await api.call("GET", `accounts(${account})/primarycontactid?$select=lastname`)).body.lastname).toBe(
      "Petit",
    );
    expect((await api.call("DELETE", `accounts(${account})/primarycontactid/$ref`)).status).toBe(204);
    expect((await api.call("GET", `accounts(${account})/primarycontactid`)).status).toBe(204);
  });
});
