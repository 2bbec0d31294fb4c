import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { DynamicsWebApi } from "dynamics-web-api";
import { type Api, type Json, openApi } from "./api.ts";

let api: Api;
let client: DynamicsWebApi;

beforeAll(async () => {
  api = await openApi();
  client = new DynamicsWebApi({
    serverUrl: `http://localhost:${api.dataverse.port}`,
    dataApi: { version: "9.2" },
    onTokenRefresh: async () => ({ accessToken: "any" }),
  });
});
afterAll(() => api.close());

/** The library types what it answers as what it was given: here the new row's id. */
async function create(collection: string, data: Json): Promise<string> {
  return String(await client.create<unknown>({ collection, data }));
}

function label(en: string, fr: string): Json {
  const localized = [
    { Label: en, LanguageCode: 1033 },
    { Label: fr, LanguageCode: 1036 },
  ];
  return { LocalizedLabels: localized };
}

describe("the client library dynamics-web-api", () => {
  it("creates, reads, changes and deletes rows", async () => {
    const key = await create("contacts", { firstname: "Ana", lastname: "Roux" });
    expect(await client.retrieve({ collection: "contacts", key, select: ["fullname"] })).toMatchObject({
      fullname: "Ana Roux",
    });
    const changed = { collection: "contacts", key, data: { jobtitle: "Smith" }, returnRepresentation: true };
    expect(await client.update(changed)).toMatchObject({ jobtitle: "Smith" });
    await client.updateSingleProperty({ collection: "contacts", key, fieldValuePair: { jobtitle: "Welder" } });
    const all = await client.retrieveAll({ collection: "contacts", select: ["jobtitle"], maxPageSize: 1 });
    expect(all.value).toMatchObject([{ jobtitle: "Welder" }]);
    await client.deleteRecord({ collection: "contacts", key });
    await expect(client.retrieve({ collection: "contacts", key })).rejects.toMatchObject({
      status: 404,
      code: "0x80040217",
    });
  });

  it("pages, counts, filters and follows lookups", async () => {
    const contact = await create("contacts", { lastname: "Moreau" });
    for (const title of ["One", "Two", "Three"])
      await client.create({
        collection: "incidents",
        data: { title, "customerid_contact@odata.bind": `contacts(${contact})` },
      });
    const query = {
      collection: "incidents",
      select: ["title"],
      filter: "customerid_contact/lastname eq 'Moreau'",
      orderBy: ["title desc"],
      count: true,
      maxPageSize: 2,
      expand: [{ property: "customerid_contact", select: ["fullname"] }],
    };
    const page = await client.retrieveMultiple(query);
    expect(page).toMatchObject({
      oDataCount: 3,
      value: [{ title: "Two", customerid_contact: { fullname: "Moreau" } }, { title: "Three" }],
    });
    const next = await client.retrieveMultiple(query, page.oDataNextLink);
    expect(next.value).toMatchObject([{ title: "One" }]);
    expect(await client.count({ collection: "incidents" })).toBe(3);
  });

  it("upserts, and keeps to conditions", async () => {
    const request = { collection: "contacts", key: "11111111-2222-4333-8444-555555555555", data: { lastname: "Up" } };
    expect(await client.upsert(request)).toBe(request.key);
    expect(await client.upsert({ ...request, ifnonematch: "*" })).toBeNull();
    expect(await client.update({ ...request, ifmatch: 'W/"1"' })).toBe(false); // what the library makes of a 412
  });

  it("runs a batch, and calls functions and actions", async () => {
    client.startBatch();
    client.create({ collection: "contacts", data: { lastname: "Batched" }, contentId: "1" });
    client.create({
      collection: "accounts",
      data: { name: "Firm", "primarycontactid@odata.bind": "$1" },
      contentId: "2",
    });
    client.retrieveMultiple({
      collection: "accounts",
      select: ["name"],
      expand: [{ property: "primarycontactid", select: ["lastname"] }],
    });
    const [, , accounts] = await client.executeBatch();
    expect(accounts.value).toMatchObject([{ name: "Firm", primarycontactid: { lastname: "Batched" } }]);
    expect(await client.callFunction("WhoAmI")).toMatchObject({ OrganizationId: api.dataverse.organizationId });
    const incident = await create("incidents", { title: "x" });
    const IncidentResolution = { subject: "Done", "incidentid@odata.bind": `/incidents(${incident})` };
    await client.callAction({ actionName: "CloseIncident", action: { IncidentResolution, Status: 5 } });
    expect(await client.retrieve({ collection: "incidents", key: incident })).toMatchObject({
      statecode: 1,
      statuscode: 5,
    });
  });

  it("reads and writes metadata", async () => {
    const Attributes = [
      { "@odata.type": "Microsoft.Dynamics.CRM.StringAttributeMetadata", SchemaName: "ab_Name", IsPrimaryName: true },
    ];
    const data = {
      SchemaName: "ab_Demande",
      DisplayName: label("Application", "Demande"),
      OwnershipType: "UserOwned",
      Attributes,
    };
    const entityKey = await client.createEntity<unknown>({ data: data as never });
    const amount = { "@odata.type": "Microsoft.Dynamics.CRM.MoneyAttributeMetadata", SchemaName: "ab_Montant" };
    await client.createAttribute({ entityKey: String(entityKey), data: amount as never });
    await client.create({ collection: "ab_demandes", data: { ab_name: "D", ab_montant: 12.5 } });
    const { value } = await client.retrieveMultiple({ collection: "ab_demandes", filter: "ab_montant gt 12" });
    expect(value).toMatchObject([{ ab_name: "D" }]);
    const statuses = await client.retrieveAttributes({
      entityKey: "LogicalName='incident'",
      castType: "Microsoft.Dynamics.CRM.StatusAttributeMetadata",
      select: ["LogicalName"],
      expand: [{ property: "OptionSet" }],
    });
    expect(statuses.value).toMatchObject([{ LogicalName: "statuscode", OptionSet: { Options: expect.any(Array) } }]);
  });

  it("follows delta links", async () => {
    const first = await client.retrieveMultiple({ collection: "leads", select: ["subject"], trackChanges: true });
    const kept = await create("leads", { subject: "New", lastname: "x" });
    const delta = await client.retrieveMultiple({ collection: "leads" }, first.oDataDeltaLink);
    expect(delta.value).toMatchObject([{ leadid: kept, subject: "New" }]);
  });
});
