import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { type Api, type Json, openApi } from "./api.ts";
import { attributesOf, openReceiver, paired, type Receiver, register, targetOf } from "./webhook-receiver.ts";

const NS = "http://schemas.microsoft.com/xrm/2011/Contracts";

let api: Api;
let receiver: Receiver;
let contact: string;

beforeEach(async () => {
  api = await openApi();
  receiver = await openReceiver();
  contact = await api.create("contacts", { firstname: "Camille", lastname: "Roux" });
});
afterEach(async () => {
  await api.close();
  await receiver.close();
});

function newCase(title = "Chain"): Promise<string> {
  return api.create("incidents", { title, "customerid_contact@odata.bind": `/contacts(${contact})` });
}

describe("webhooks", () => {
  it("post an update of a filtered column with images of before and after", async () => {
    const spec = {
      message: "Update",
      table: "incident",
      filtering: "statecode,statuscode",
      pre: "statecode,title",
      post: "title,statecode,customerid",
    } as const;
    const { step } = await register(api, receiver.url, spec);
    const id = await newCase();
    await api.call("PATCH", `incidents(${id})`, { title: "Chain, again" });
    await api.call("PATCH", `incidents(${id})`, { statecode: 1, statuscode: 5 });
    await api.clock.quiet();
    expect(receiver.deliveries).toHaveLength(1);
    const context = receiver.deliveries[0]?.context ?? {};
    expect(context).toMatchObject({
      MessageName: "Update",
      Mode: 1,
      Stage: 40,
      Depth: 1,
      PrimaryEntityName: "incident",
      PrimaryEntityId: id,
      OrganizationId: api.dataverse.organizationId,
      OrganizationName: "boreal",
      OwningExtension: { Id: step, LogicalName: "sdkmessageprocessingstep", Name: null },
    });
    const target = targetOf(context);
    expect(target).toMatchObject({ __type: `Entity:${NS}`, Id: id, LogicalName: "incident", FormattedValues: [] });
    expect(attributesOf(target)).toEqual({
      statecode: { __type: `OptionSetValue:${NS}`, Value: 1 },
      statuscode: { __type: `OptionSetValue:${NS}`, Value: 5 },
      incidentid: id,
      modifiedon: expect.stringMatching(/^\/Date\(\d+000\)\/$/),
      modifiedby: expect.objectContaining({ LogicalName: "systemuser", Name: null }),
      modifiedonbehalfby: null,
    });
    const pre = paired(context.PreEntityImages).Pre as Json;
    expect(attributesOf(pre)).toEqual({
      incidentid: id,
      statecode: { __type: `OptionSetValue:${NS}`, Value: 0 },
      title: "Chain, again",
    });
    expect(paired(pre.FormattedValues)).toEqual({ statecode: "Active" });
    expect(pre).not.toHaveProperty("__type");
    const post = paired(context.PostEntityImages);
    expect(Object.keys(post)).toEqual(["Post", "AsynchronousStepPrimaryName"]);
    expect(attributesOf(post.Post).customerid).toMatchObject({
      __type: `EntityReference:${NS}`,
      Id: contact,
      LogicalName: "contact",
      Name: "Camille Roux",
    });
    expect(attributesOf(post.AsynchronousStepPrimaryName)).toEqual({ title: "Chain, again", incidentid: id });
  });

  it("have the shape of a recorded asynchronous create", async () => {
    await register(api, receiver.url, { message: "Create", table: "account" });
    await api.create("accounts", {
      name: "A/B\n\tC",
      revenue: 2154.32,
      "primarycontactid@odata.bind": `/contacts(${contact})`,
    });
    await api.clock.quiet();
    const { context = {}, text = "" } = receiver.deliveries[0] ?? {};
    const sample = new URL("../../fixtures/dataverse/create-albxrm_alltypes-async-webhook.json", import.meta.url);
    const recorded = JSON.parse(readFileSync(sample, "utf8")) as Json;
    expect(shapeOf(context)).toEqual(shapeOf(recorded));
    expect(shapeOf(context.ParentContext as Json)).toEqual(shapeOf(recorded.ParentContext as Json));
    expect(Object.keys(targetOf(context))).toEqual(Object.keys(targetOf(recorded)));
    const attributes = attributesOf(targetOf(context));
    expect(attributes).toMatchObject({
      revenue: { __type: `Money:${NS}`, Value: 2154.32 },
      name: "A/B\n\tC",
      donotemail: false,
    });
    expect(paired(targetOf(context).FormattedValues)).toMatchObject({ revenue: "€2,154.32", statecode: "Active" });
    expect(paired(context.SharedVariables)).toEqual({ IsAutoTransact: true, DefaultsAddedFlag: true });
    expect(text).toContain('"A\\/B\\u000a\\u0009C"');
    expect(text).toContain('"__type":"Entity:http:\\/\\/schemas.microsoft.com\\/xrm\\/2011\\/Contracts"');
    expect(text).toMatch(/"OperationCreatedOn":"\\\/Date\(\d+000\+0000\)\\\/"/);
  });

  it("name the row as a reference when it was deleted, with its last image", async () => {
    await register(api, receiver.url, { message: "Delete", table: "incident", pre: "title" });
    const id = await newCase("Gone");
    await api.call("DELETE", `incidents(${id})`);
    await api.clock.quiet();
    const { context = {} } = receiver.deliveries[0] ?? {};
    expect(targetOf(context)).toMatchObject({ __type: `EntityReference:${NS}`, Id: id, LogicalName: "incident" });
    expect(attributesOf(paired(context.PreEntityImages).Pre)).toEqual({ incidentid: id, title: "Gone" });
    expect(context.PostEntityImages).toEqual([]);
  });

  it("fire when a column is included, changed or not, and on a resolved case", async () => {
    await register(api, receiver.url, { message: "Update", table: "incident", filtering: "statuscode" });
    const id = await newCase();
    await api.call("PATCH", `incidents(${id})`, { statuscode: 1 });
    const resolution = { subject: "Done", "incidentid@odata.bind": `/incidents(${id})` };
    const closed = await api.call("POST", "CloseIncident", { IncidentResolution: resolution, Status: 5 });
    expect(closed.status).toBe(204);
    await api.clock.quiet();
    expect(receiver.deliveries.map(({ context }) => Object.keys(attributesOf(targetOf(context))))).toEqual([
      ["statuscode", "incidentid", "modifiedon", "modifiedby", "modifiedonbehalfby"],
      ["statecode", "statuscode", "incidentid", "modifiedon", "modifiedby", "modifiedonbehalfby"],
    ]);
    const again = await api.call("POST", "CloseIncident", { IncidentResolution: resolution, Status: 5 });
    expect(again.status).toBe(400);
  });

  it("come once a group when an update mixes states with other columns", async () => {
    await register(api, receiver.url, { message: "Update", table: "incident" });
    const id = await newCase();
    await api.call("PATCH", `incidents(${id})`, { title: "Both", statecode: 1, statuscode: 5 });
    await api.clock.quiet();
    const operations = receiver.deliveries.map(({ context }) => context.OperationId);
    expect(new Set(operations).size).toBe(2);
    expect(receiver.deliveries.map(({ context }) => "title" in attributesOf(targetOf(context)))).toEqual([true, false]);
  });

  it("carry headers, the key as registered, and the tag of the request", async () => {
    await register(api, receiver.url, { message: "Update", table: "contact" });
    await register(api, receiver.url, { message: "Update", table: "contact" }, { authtype: 4, authvalue: "k/1" });
    await api.call("PATCH", `contacts(${contact})?tag=parcours:2`, { jobtitle: "Smith" });
    await api.clock.quiet();
    const [byHeader, byCode] = receiver.deliveries[0]?.url.includes("code")
      ? [...receiver.deliveries].reverse()
      : receiver.deliveries;
    expect(byHeader?.headers).toMatchObject({
      "x-secret": "s&1",
      "x-ms-dynamics-organization": "boreal.crm.dynamics.com",
      "x-ms-dynamics-entity-name": "contact",
      "x-ms-dynamics-request-name": "Update",
    });
    expect(byCode?.url).toBe("/hook?code=k%2F1");
    expect(paired(byHeader?.context.SharedVariables)).toEqual({ tag: "parcours:2" });
  });

  it("are told of neither disabled steps nor bypassed logic", async () => {
    const { step } = await register(api, receiver.url, { message: "Update", table: "contact" });
    const bypass = { "MSCRM.BypassBusinessLogicExecution": "CustomAsync" };
    await api.call("PATCH", `contacts(${contact})`, { jobtitle: "1" }, bypass);
    await api.call("PATCH", `sdkmessageprocessingsteps(${step})`, { statecode: 1, statuscode: 2 });
    await api.call("PATCH", `contacts(${contact})`, { jobtitle: "2" });
    await api.call("PATCH", `sdkmessageprocessingsteps(${step})`, { statecode: 0, statuscode: 1 });
    await api.call("PATCH", `contacts(${contact})`, { jobtitle: "3" });
    await api.clock.quiet();
    expect(receiver.deliveries.map(({ context }) => attributesOf(targetOf(context)).jobtitle)).toEqual(["3"]);
  });

  it.each([
    [[503, 202], 2, []],
    [[503, 503], 2, [31]],
    [[500], 1, [31]],
    [[404], 1, [31]],
  ])("answered %j are posted %i times and leave jobs %j", async (answers, posted, left) => {
    const { step } = await register(api, receiver.url, { message: "Update", table: "contact" });
    receiver.answer(...answers);
    await api.call("PATCH", `contacts(${contact})`, { jobtitle: "Smith" });
    await api.clock.quiet();
    expect(receiver.deliveries).toHaveLength(posted);
    const jobs = await api.rows(`asyncoperations?$filter=_owningextensionid_value eq ${step} and statuscode eq 31`);
    expect(jobs.map((job) => job.statuscode)).toEqual(left);
    for (const job of jobs) {
      expect(job).toMatchObject({
        asyncoperationid: receiver.deliveries[0]?.context.OperationId,
        _regardingobjectid_value: contact,
        messagename: "Update",
      });
      expect(job.message).not.toBe("");
    }
  });

  it("are stripped above 256 KB, and say so", async () => {
    await api.call("POST", "EntityDefinitions(LogicalName='contact')/Attributes", {
      "@odata.type": "Microsoft.Dynamics.CRM.MemoAttributeMetadata",
      SchemaName: "ab_Story",
      MaxLength: 1_000_000,
    });
    await register(api, receiver.url, { message: "Update", table: "contact", post: "ab_story" });
    await api.call("PATCH", `contacts(${contact})`, { ab_story: "x".repeat(200_000) });
    await api.clock.quiet();
    const { context = {}, headers = {} } = receiver.deliveries[0] ?? {};
    expect(headers["x-ms-dynamics-msg-size-exceeded"]).toBeDefined();
    expect(context).toMatchObject({ PrimaryEntityId: contact, MessageName: "Update", OperationId: expect.any(String) });
    expect([context.InputParameters, context.ParentContext, context.PostEntityImages]).toEqual([null, null, null]);
  });

  it("are lost, or come twice, on demand", async () => {
    await register(api, receiver.url, { message: "Update", table: "contact" });
    api.dataverse.setFault({ webhook: "lost" });
    await api.call("PATCH", `contacts(${contact})`, { jobtitle: "1" });
    await api.clock.quiet();
    expect([receiver.deliveries.length, (await api.rows("asyncoperations?$filter=statuscode eq 31")).length]).toEqual([
      0, 1,
    ]);
    api.dataverse.setFault({ webhook: "twice" });
    await api.call("PATCH", `contacts(${contact})`, { jobtitle: "2" });
    await api.clock.quiet();
    expect(new Set(receiver.deliveries.map(({ text }) => text)).size).toBe(1);
    expect(receiver.deliveries).toHaveLength(2);
  });
});

/** Names in order, and what kind of value each has. */
function shapeOf(context: Json): unknown {
  return Object.entries(context).map(([name, value]) => [
    name,
    value === null ? "null" : Array.isArray(value) ? "array" : typeof value,
  ]);
}
