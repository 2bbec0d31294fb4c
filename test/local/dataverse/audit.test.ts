import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Api, type Json, openApi } from "./api.ts";

let api: Api;
let organisation: string;

beforeAll(async () => {
  api = await openApi();
  const [row] = await api.rows("organizations?$select=isauditenabled,auditretentionperiodv2");
  organisation = String(row?.organizationid);
  expect(row).toMatchObject({ isauditenabled: false, auditretentionperiodv2: 30 });
});
afterAll(() => api.close());

const ALL = { Prefer: 'odata.include-annotations="*"' };
const auditing = (isauditenabled: boolean) => api.call("PATCH", `organizations(${organisation})`, { isauditenabled });
/** A record's audits, the last kind of operation first. */
const auditsOf = (id: string) => api.rows(`audits?$filter=_objectid_value eq ${id}&$orderby=operation desc`);
const details = (audit: Json | undefined) =>
  api.call("GET", `audits(${audit?.auditid})/Microsoft.Dynamics.CRM.RetrieveAuditDetails`, undefined, ALL);
const detailOf = async (audit: Json | undefined) =>
  (await details(audit)).body.AuditDetail as { readonly OldValue: Json; readonly NewValue: Json };

describe("auditing", () => {
  it("keeps nothing while the organisation has it off", async () => {
    expect(await auditsOf(await api.create("contacts", { lastname: "Unseen" }))).toEqual([]);
  });

  it("keeps who changed what, with the values before and after, of what really changed", async () => {
    await auditing(true);
    const parent = await api.create("accounts", { name: "Vélos" });
    const id = await api.create("contacts", { lastname: "Bell", firstname: "Anna" });
    const bind = { "parentcustomerid_account@odata.bind": `/accounts(${parent})` };
    await api.call("PATCH", `contacts(${id})`, { lastname: "Bell", firstname: null, ...bind });
    const [update, create, ...more] = await auditsOf(id);
    expect(more).toEqual([]);
    expect([create?.operation, update?.operation, update?.objecttypecode]).toEqual([1, 2, "contact"]);
    expect(update?._userid_value).toMatch(/^[0-9a-f-]{36}$/);
    expect(update).not.toHaveProperty("changedata");
    const changed = await detailOf(update);
    expect(changed).toMatchObject({
      "@odata.type": "#Microsoft.Dynamics.CRM.AttributeAuditDetail",
      OldValue: { "@odata.type": "#Microsoft.Dynamics.CRM.contact", firstname: "Anna" },
      NewValue: {
        _parentcustomerid_value: parent,
        "_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname": "account",
      },
    });
    expect(changed.OldValue).not.toHaveProperty("lastname");
    expect(changed.NewValue).not.toHaveProperty("firstname");
    expect(await detailOf(create)).toMatchObject({ NewValue: { lastname: "Bell", firstname: "Anna" } });
  });

  it("outlives the row, with all that it held", async () => {
    const id = await api.create("contacts", { lastname: "Gone" });
    await api.call("DELETE", `contacts(${id})`);
    const [deletion] = await auditsOf(id);
    expect(deletion?.operation).toBe(3);
    expect(await detailOf(deletion)).toMatchObject({ OldValue: { lastname: "Gone" } });
  });

  it("is said by tables and columns, and is written by nobody else", async () => {
    const enabled = async (table: string) =>
      (await api.call("GET", `EntityDefinitions(LogicalName='${table}')?$select=IsAuditEnabled`)).body.IsAuditEnabled;
    expect(await enabled("incident")).toMatchObject({ Value: true, CanBeChanged: true });
    expect(await enabled("asyncoperation")).toMatchObject({ Value: false });
    expect((await api.call("POST", "audits", { operation: 1 })).status).toBe(405);
  });

  it("is not shown to who lacks the privileges", async () => {
    const [audit] = await auditsOf(await api.create("contacts", { lastname: "Secret" }));
    api.dataverse.setFault({ lacks: { "*": ["prvReadRecordAuditHistory"] } });
    expect((await details(audit)).status).toBe(403);
    expect((await api.call("GET", "audits?$top=1")).status).toBe(200);
    api.dataverse.setFault({ lacks: { "*": ["prvReadAuditSummary"] } });
    const refused = await api.call("GET", "audits?$top=1");
    api.dataverse.setFault({});
    expect(refused.status).toBe(403);
    expect(refused.text).toContain("prvReadAuditSummary");
  });
});
