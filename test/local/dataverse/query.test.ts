import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Api, type Json, openApi } from "./api.ts";

let api: Api;
const id: Record<string, string> = {};

beforeAll(async () => {
  api = await openApi();
  id.acme = await api.create("accounts", { name: "Acme", revenue: 1000 });
  id.zoe = await api.create("contacts", {
    firstname: "Zoé",
    lastname: "Éluard",
    emailaddress1: "zoe@example.org",
    birthdate: "1990-05-17",
  });
  id.hugo = await api.create("contacts", {
    firstname: "Hugo",
    lastname: "O'Neil",
    donotbulkemail: true,
    "parentcustomerid_account@odata.bind": `/accounts(${id.acme})`,
  });
  for (let at = 1; at <= 7; at++) {
    const customer = at <= 4 ? `/contacts(${id.zoe})` : `/contacts(${id.hugo})`;
    await api.create("incidents", {
      title: `Case ${at}`,
      prioritycode: (at % 3) + 1,
      "customerid_contact@odata.bind": customer,
    });
  }
});
afterAll(() => api.close());

async function titles(query: string): Promise<unknown[]> {
  return (await api.rows(`incidents?$select=title&${query}`)).map((row) => row.title);
}

describe("queries", () => {
  it.each([
    ["title eq 'case 3'", ["Case 3"]],
    ["prioritycode eq 1 and title ne 'Case 3'", ["Case 6"]],
    ["title eq 'Case 1' or title eq 'Case 2'", ["Case 1", "Case 2"]],
    ["not (prioritycode gt 1)", ["Case 3", "Case 6"]],
    ["contains(title,'se 7')", ["Case 7"]],
    ["startswith(title,'nothing')", []],
    ["endswith(title,'5')", ["Case 5"]],
    ["title in ('Case 1','Case 4')", ["Case 1", "Case 4"]],
    ["customersatisfactioncode eq null and title eq 'Case 1'", ["Case 1"]],
    ["customerid_contact/lastname eq 'O''Neil' and prioritycode eq 1", ["Case 6"]],
    ["customerid_contact/parentcustomerid_account/name eq 'Acme' and endswith(title,'5')", ["Case 5"]],
    ["Microsoft.Dynamics.CRM.In(PropertyName='title',PropertyValues=['Case 2','Case 7'])", ["Case 2", "Case 7"]],
    ["Microsoft.Dynamics.CRM.LastXDays(PropertyName='createdon',PropertyValue=1) and title eq 'Case 1'", ["Case 1"]],
    ["createdon lt 2020-01-01T00:00:00Z", []],
    ['Microsoft.Dynamics.CRM.Between(PropertyName=\'prioritycode\',PropertyValues=["3","9"])', ["Case 2", "Case 5"]],
    ['Microsoft.Dynamics.CRM.In(PropertyName=\'title\',PropertyValues=["Case 2","O\'Neil"])', ["Case 2"]],
    ["Microsoft.Dynamics.CRM.NotBetween(PropertyName='prioritycode',PropertyValues=['1','2'])", ["Case 2", "Case 5"]],
    ["Microsoft.Dynamics.CRM.ThisMonth(PropertyName='createdon') and title eq 'Case 1'", ["Case 1"]],
    ["Microsoft.Dynamics.CRM.Last7Days(PropertyName='createdon') and title eq 'Case 1'", ["Case 1"]],
    ["Microsoft.Dynamics.CRM.LastYear(PropertyName='createdon')", []],
    ["Microsoft.Dynamics.CRM.OlderThanXDays(PropertyName='createdon',PropertyValue=1)", []],
    ["contains(title,'s_ 3')", ["Case 3"]],
    ["startswith(title,'c%6')", ["Case 6"]],
    ["endswith(title,'[23]')", ["Case 2", "Case 3"]],
    ["endswith(title,'[^1-5]')", ["Case 6", "Case 7"]],
    ["contains(title,'[_]') or contains(title,'[%]')", []],
  ])("filters by %s", async (filter, expected) => {
    expect(await titles(`$filter=${encodeURIComponent(filter)}`)).toEqual(expected);
  });

  it("filters by a lookup's id, and through collections", async () => {
    expect(await titles(`$filter=_customerid_value eq ${id.zoe}`)).toHaveLength(4);
    const people = await api.rows(
      "contacts?$filter=incident_customer_contacts/any(c:c/title eq 'Case 6')&$select=firstname",
    );
    expect(people.map((row) => row.firstname)).toEqual(["Hugo"]);
    const quiet = await api.rows(
      "contacts?$filter=incident_customer_contacts/all(c:c/prioritycode gt 1)&$select=firstname",
    );
    expect(quiet).toEqual([]);
  });

  it("ignores case and accents as the collation of Dataverse does", async () => {
    const found = await api.rows("contacts?$filter=contains(lastname,'elu')&$select=lastname");
    expect(found.map((row) => row.lastname)).toEqual(["Éluard"]);
    const ordered = await api.rows("contacts?$select=lastname&$orderby=lastname");
    expect(ordered.map((row) => row.lastname)).toEqual(["Éluard", "O'Neil"]);
  });

  it("orders, limits and counts", async () => {
    expect(await titles("$orderby=prioritycode desc,title desc&$top=3")).toEqual(["Case 5", "Case 2", "Case 7"]);
    const { body } = await api.call("GET", "incidents?$count=true&$top=2&$select=title");
    expect([body["@odata.count"], (body.value as Json[]).length]).toEqual([7, 2]);
    expect((await api.call("GET", "incidents/$count")).text).toBe("7");
  });

  it("expands a lookup and a collection, each with its own options", async () => {
    const [one] = await api.rows(
      "incidents?$filter=title eq 'Case 5'&$expand=customerid_contact($select=fullname;$expand=parentcustomerid_account($select=name))",
    );
    expect(one?.customerid_contact).toMatchObject({
      fullname: "Hugo O'Neil",
      parentcustomerid_account: { name: "Acme" },
    });
    const { body } = await api.call(
      "GET",
      `contacts(${id.zoe})?$select=fullname&$expand=incident_customer_contacts($select=title;$filter=prioritycode eq 2;$orderby=title desc)`,
    );
    expect((body.incident_customer_contacts as Json[]).map((row) => row.title)).toEqual(["Case 4", "Case 1"]);
  });

  it("pages by next links until all came once", async () => {
    const prefer = { Prefer: "odata.maxpagesize=3" };
    const seen: unknown[] = [];
    let next: string | undefined = `${api.dataverse.url}/incidents?$select=title`;
    for (let page = 0; next !== undefined; page++) {
      const { body } = await api.call("GET", next, undefined, prefer);
      seen.push(...(body.value as Json[]).map((row) => row.title));
      next = body["@odata.nextLink"] as string | undefined;
      expect(page).toBeLessThan(4);
    }
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7].map((at) => `Case ${at}`));
  });

  it("lets $top have its way over a page's size", async () => {
    const { body } = await api.call("GET", "incidents?$select=title&$top=3", undefined, {
      Prefer: "odata.maxpagesize=2",
    });
    expect([(body.value as Json[]).length, body["@odata.nextLink"]]).toEqual([3, undefined]);
  });

  it("counts a collection, gives its addresses, and a property's bare value", async () => {
    const cases = `contacts(${id.zoe})/incident_customer_contacts`;
    expect((await api.call("GET", `${cases}/$count?$filter=prioritycode eq 2`)).text).toBe("2");
    const references = await api.rows(`${cases}/$ref?$filter=title eq 'Case 1'`);
    expect(references).toEqual([{ "@odata.id": expect.stringMatching(/\/incidents\([0-9a-f-]{36}\)$/) }]);
    expect((await api.call("GET", `contacts(${id.zoe})/firstname/$value`)).text).toBe("Zoé");
    expect((await api.call("GET", `contacts(${id.zoe})/firstname/nonsense`)).status).toBe(404);
  });

  it("name in the context what is expanded, with its columns", async () => {
    const { body } = await api.call("GET", "incidents?$select=title&$expand=customerid_contact($select=fullname)");
    expect(body["@odata.context"]).toMatch(/#incidents\(title,customerid_contact\(fullname\)\)$/);
  });

  it.each([
    ["$filter=nonsense eq 1", "0x80060888"],
    ["$select=nonsense", "0x80060888"],
    ["$filter=title eq", "0x80060888"],
    ["$filter=prioritycode eq 'x'", "0x80060888"],
    ["$expand=nonsense", "0x80060888"],
    ["$apply=groupby((title))", "0x80060888"],
    ["$nonsense=1", "0x80060888"],
    ["$select=title&$select=prioritycode", "0x80060888"],
    ["$skiptoken=nonsense", "0x80060888"],
    ["$filter=title eq 5", "0x80060888"],
    ["$filter=title", "0x80060888"],
    ["$filter=isescalated eq 'true'", "0x80060888"],
    ["$filter=prioritycode eq '1'", "0x80060888"],
    ["$filter=createdon gt 5", "0x80060888"],
    ["$filter=_customerid_value eq 'nobody'", "0x80060888"],
    ["$filter=customerid_contact eq 00000000-0000-0000-0000-000000000001", "0x80060888"],
    ["$filter=Microsoft.Dynamics.CRM.On(PropertyName='createdon',PropertyValue='x')", "0x80060888"],
  ])("refuses %s", async (query, code) => {
    const { status, body } = await api.call("GET", `incidents?${query}`);
    expect([status, (body.error as Json).code]).toEqual([400, code]);
  });

  it("tells by delta links what was written and deleted since", async () => {
    const track = { Prefer: "odata.track-changes" };
    const first = await api.call("GET", "leads?$select=subject", undefined, track);
    const kept = await api.create("leads", { subject: "Kept", lastname: "A" });
    const gone = await api.create("leads", { subject: "Gone", lastname: "B" });
    const second = await api.call("GET", String(first.body["@odata.deltaLink"]));
    expect((second.body.value as Json[]).map((row) => row.subject)).toEqual(["Kept", "Gone"]);
    const counting = String(first.body["@odata.deltaLink"]).replace("/leads?", "/leads/$count?");
    expect((await api.call("GET", counting)).text).toBe("2");
    await api.call("PATCH", `leads(${kept})`, { subject: "Changed" });
    await api.call("DELETE", `leads(${gone})`);
    const third = await api.call("GET", String(second.body["@odata.deltaLink"]));
    expect(third.body.value).toMatchObject([
      { leadid: kept, subject: "Changed" },
      { id: gone, reason: "deleted" },
    ]);
    const fourth = await api.call("GET", String(third.body["@odata.deltaLink"]));
    expect(fourth.body.value).toEqual([]);
  });
});
