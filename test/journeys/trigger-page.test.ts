import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { register } from "../../sandbox/register.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { Company } from "./company.ts";

interface Offer {
  readonly table: string;
  readonly label: string;
  readonly custom: boolean;
  readonly group: string;
}
interface Table {
  readonly columns: readonly {
    readonly column: string;
    readonly label: string;
    readonly type: string;
    readonly options: readonly { readonly value: number; readonly label: string; readonly state: number | null }[];
    readonly operators: readonly string[];
  }[];
}
type Coverage = Readonly<Record<string, number>>;
interface Audience {
  readonly rows: number;
  readonly proposal: { readonly audience: readonly object[]; readonly coverage: Coverage };
  readonly ways: readonly {
    readonly name: string;
    readonly label: string;
    readonly proposed: boolean;
    readonly coverage: Coverage;
  }[];
}

const LABEL = (text: string) => ({ LocalizedLabels: [{ Label: text, LanguageCode: 1033 }] });

describe("the page of a trigger", () => {
  let stack: Stack;
  let company: Company;
  beforeAll(async () => {
    stack = await startStack();
    company = await Company.open(stack.http);
  });
  afterAll(() => stack.stop());

  const get = <T>(path: string): Promise<T> => stack.http.api<T>("GET", path);
  const send = async (method: string, path: string) => {
    const response = await fetch(`${stack.http.at.app}${path}`, { method });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  describe("tables", () => {
    const tables = (query = "") => get<Offer[]>(`/api/dataverse/tables?lang=fr${query}`);

    it("stand in the order in which they are likely: of other triggers, standard ones, custom ones, others", async () => {
      const offers = await tables();
      const groups = offers.map(({ group }) => group);
      expect([...new Set(groups)]).toEqual(["used", "standard", "other"]);
      expect(offers.find(({ table }) => table === "ab_demande")).toEqual({
        table: "ab_demande",
        label: "Demande de financement",
        custom: true,
        group: "used",
      });
      const standard = offers.filter(({ group }) => group === "standard").map(({ table }) => table);
      expect(standard).toEqual(["opportunity", "contact", "account"]);
    });

    it("are found by their label in either language and by logical name, without accents", async () => {
      const found = async (search: string) => (await tables(`&search=${search}`)).map(({ table }) => table);
      expect(await found("incident")).toContain("incident");
      expect(await found("opportunité")).toEqual(["opportunity"]);
      expect(await found("OPPORTUNITE")).toEqual(["opportunity"]);
      expect(await found("Application")).toContain("ab_demande");
      expect(await found("ab_dem")).toEqual(["ab_demande"]);
    });

    it("of the platform itself stand behind a switch", async () => {
      const without = await tables();
      expect(without.map(({ table }) => table)).not.toContain("sdkmessage");
      const all = await tables("&system=1");
      expect(all.at(-1)?.group).toBe("system");
      expect(all.map(({ table }) => table)).toContain("sdkmessage");
    });

    it("made a minute ago are there, with their columns, once asked for anew", async () => {
      await company.http.post("EntityDefinitions", {
        "@odata.type": "Microsoft.Dynamics.CRM.EntityMetadata",
        SchemaName: "ab_visite",
        DisplayName: LABEL("Visit"),
        DisplayCollectionName: LABEL("Visits"),
        OwnershipType: "UserOwned",
        PrimaryNameAttribute: "ab_name",
        Attributes: [
          {
            "@odata.type": "Microsoft.Dynamics.CRM.StringAttributeMetadata",
            ...{ SchemaName: "ab_name", DisplayName: LABEL("Name"), MaxLength: 100, IsPrimaryName: true },
            FormatName: { Value: "Text" },
          },
        ],
      });
      expect(await tables("&refresh=1&search=visit")).toEqual([
        { table: "ab_visite", label: "Visit", custom: true, group: "custom" },
      ]);
      expect((await get<Table>("/api/dataverse/tables/ab_visite")).columns.length).toBeGreaterThan(3);
    });

    it("tell whose rows may be counted of theirs, and by which lookup", async () => {
      const { children } = await get<{ children: object[] }>("/api/dataverse/tables/contact/children?lang=fr");
      expect(children).toContainEqual({ table: "incident", label: "Incident", lookup: "customerid", custom: false });
      expect(children).toContainEqual(expect.objectContaining({ table: "ab_demande", custom: true }));
      const state = (await get<Table>("/api/dataverse/tables/incident")).columns.find(
        ({ column }) => column === "statecode",
      );
      expect(state).toMatchObject({ rowOperators: ["eq", "ne", "in", "is-null", "is-not-null"] });
      expect((await fetch(`${stack.http.at.app}/api/dataverse/tables/nothing/children`)).status).toBe(404);
    });

    it("can all be described and asked for their people, the platform's own too", async () => {
      for (const { table } of await tables("&system=1")) {
        const { columns } = await get<Table>(`/api/dataverse/tables/${table}`);
        expect(columns.length).toBeGreaterThan(0);
        expect((await get<Audience>(`/api/dataverse/tables/${table}/audience`)).ways).toBeDefined();
      }
    });

    it("that do not exist are answered 404; while Dataverse is down what is not kept is answered 503", async () => {
      expect((await send("GET", "/api/dataverse/tables/nosuchtable")).status).toBe(404);
      await stack.http.control("/faults", { dataverse: { down: true } });
      const down = await send("GET", "/api/dataverse/tables?refresh=1");
      await stack.http.control("/faults", { dataverse: null });
      expect(down.status).toBe(503);
      expect(down.body).toEqual({ problem: expect.any(String) });
    });
  });

  it("columns have types, labels and options in the reader's language, state and status reason first", async () => {
    const { columns } = await get<Table>("/api/dataverse/tables/incident?lang=fr");
    expect(columns.slice(0, 2).map(({ column, type }) => [column, type])).toEqual([
      ["statecode", "state"],
      ["statuscode", "status"],
    ]);
    expect(columns[0]?.options).toContainEqual({ value: 1, label: "Résolu", state: null });
    expect(columns[1]?.options).toContainEqual(expect.objectContaining({ value: 5, state: 1 }));
    const customer = columns.find(({ column }) => column === "customerid");
    expect(customer).toMatchObject({ type: "lookup", targets: expect.arrayContaining(["contact", "account"]) });
    expect(customer?.operators).not.toContain("gt");
    const english = await get<Table>("/api/dataverse/tables/incident?lang=en");
    expect(english.columns[0]?.options).toContainEqual({ value: 1, label: "Resolved", state: null });
  });

  describe("the audience", () => {
    let rows: Record<string, string>;
    beforeAll(async () => {
      const account = (row: object) => company.http.create("accounts", { name: "SARL", ...row });
      const { id: reached } = await company.person("Anna");
      const { id: mute } = await company.person("Muet", { emailaddress1: null });
      const { id: gone } = await company.person("Inactif");
      await company.http.update("contacts", gone, { statecode: 1, statuscode: 2 });
      const headed = await account({ "primarycontactid@odata.bind": `/contacts(${reached})` });
      const headless = await account({});
      const ofAccount = (id: string, more = {}) =>
        company.http.create("incidents", {
          title: "Panne",
          "customerid_account@odata.bind": `/accounts(${id})`,
          ...more,
        });
      rows = {
        reached: await company.openCase(reached),
        mute: await company.openCase(mute),
        gone: await company.openCase(gone),
        headed: await ofAccount(headed),
        headless: await ofAccount(headless),
        rescued: await ofAccount(headless, { "primarycontactid@odata.bind": `/contacts(${reached})` }),
      };
    });

    it("of a case is its customer if a contact, else its primary contact, else that of the account", async () => {
      const audience = await get<Audience>("/api/dataverse/tables/incident/audience?lang=fr");
      expect(audience.proposal.audience).toEqual([
        { column: "customerid", table: "contact" },
        { column: "primarycontactid", table: "contact" },
        { column: "customerid", table: "account" },
      ]);
      expect(audience.ways.filter(({ proposed }) => proposed).map(({ name }) => name)).toEqual([
        "customerid:contact",
        "primarycontactid:contact",
        "customerid:account",
      ]);
      expect(audience.ways[0]?.label).toMatch(/^Client \(Contact\)$/);
      expect(audience.ways[2]?.label).toContain("›");
    });

    it("says of each way how many of the latest rows reach somebody, and of the others why not", async () => {
      const { ways, proposal, rows: count } = await get<Audience>("/api/dataverse/tables/incident/audience");
      const of = (name: string) => ways.find((way) => way.name === name)?.coverage;
      expect(count).toBe(6);
      expect(of("customerid:contact")).toMatchObject({ reached: 1, "no-address": 1, inactive: 1, nobody: 3 });
      expect(of("customerid:account")).toMatchObject({ reached: 1, "no-primary-contact": 2, nobody: 3 });
      expect(proposal.coverage).toEqual({
        ...{ reached: 3, "no-address": 1, inactive: 1, "no-primary-contact": 1, nobody: 0, merged: 0 },
      });
    });

    it("lists the rows behind the numbers", async () => {
      const listed = await get<{ rows: { id: string; outcome: string; person: string | null }[] }>(
        "/api/dataverse/tables/incident/audience?way=proposal",
      );
      const of = (id: string | undefined) => listed.rows.find((row) => row.id === id);
      expect(of(rows.rescued)).toMatchObject({ outcome: "reached", person: "Anna Essai", name: "Panne" });
      expect(of(rows.headless)).toMatchObject({ outcome: "no-primary-contact", person: null });
      expect(of(rows.gone)).toMatchObject({ outcome: "inactive" });
      expect((await send("GET", "/api/dataverse/tables/incident/audience?way=nothing")).status).toBe(404);
    });

    it("of a contact, account or lead is the row itself", async () => {
      for (const table of ["contact", "account", "lead"]) {
        const { proposal } = await get<Audience>(`/api/dataverse/tables/${table}/audience`);
        expect(proposal.audience).toEqual([{ column: "self", table }]);
      }
    });

    it("of a table that knows nobody is one row away, and people enter by it", async () => {
      const { proposal } = await get<Audience>("/api/dataverse/tables/salesorderdetail/audience");
      expect(proposal.audience).toEqual([
        { column: "salesorderid", table: "contact", through: { table: "salesorder", column: "customerid" } },
      ]);
      const trigger = { kind: "record", slug: "line-added", name: "Line added", table: "salesorderdetail" };
      await company.publish("triggers", { ...trigger, ...proposal, created: true, coverage: undefined } as never);
      await register(stack.http, [
        { table: "salesorderdetail", message: "Create", columns: [], image: ["salesorderid"] },
      ]);
      const steps = { tell: { kind: "email", mail: "survey-thanks", next: null } };
      const entry = { trigger: "line-added" };
      await company.publish("journeys", { slug: "line", name: "Line", entry, start: "tell", steps } as never);
      const { id, address } = await company.person("Ligne");
      const order = { "salesorderid@odata.bind": `/salesorders(${await company.order(id)})` };
      await company.quiet();
      const before = (await company.mailsTo(address)).length;
      await company.http.create("salesorderdetails", { productdescription: "Sonnette", quantity: 1, ...order });
      expect(await company.mailsTo(address)).toHaveLength(before + 1);
      expect(await company.runs("line", "completed")).toHaveLength(1);
    });

    it("of a custom table is its own lookup to a contact", async () => {
      const { proposal } = await get<Audience>("/api/dataverse/tables/ab_demande/audience");
      expect(proposal.audience).toEqual([{ column: "ab_demandeurid", table: "contact" }]);
    });
  });

  describe("uses", () => {
    it("name each journey and version, and where: entry, wait, goal, exit, condition, template", async () => {
      const uses = await get<{ journey: string; version: unknown; where: { as: string }[] }[]>(
        "/api/triggers/support-case-status-updated/uses",
      );
      expect(uses).toContainEqual(expect.objectContaining({ journey: "after-the-case", version: 1, current: true }));
      expect(uses).toContainEqual(expect.objectContaining({ journey: "after-the-case", version: "draft" }));
      const where = uses.find(({ version }) => version === 1)?.where ?? [];
      expect(where).toContainEqual(
        expect.objectContaining({ as: "entry", columns: expect.arrayContaining(["statecode"]) }),
      );
    });

    it("of an unknown trigger are answered 404", async () => {
      expect((await send("GET", "/api/triggers/nothing/uses")).status).toBe(404);
    });
  });

  it("a sample row has its values as conditions compare them and as templates print them", async () => {
    const path = "/api/triggers/support-case-status-updated/sample";
    const account = await company.http.create("accounts", { name: "Vélos réunis" });
    const customer = { "customerid_account@odata.bind": `/accounts(${account})` };
    const row = await company.http.create("incidents", { title: "Panne & co", ...customer });
    const sample = await get<{ row: string; columns: { column: string; value: unknown; shown: string }[] }>(
      `${path}?lang=fr&row=${row}`,
    );
    const of = (name: string) => sample.columns.find(({ column }) => column === name);
    expect(of("statecode")).toMatchObject({ value: 0, shown: "Actif", label: "Statut" });
    expect(of("title")).toMatchObject({ value: "Panne & co", shown: "Panne & co" });
    expect(of("customerid")).toMatchObject({ value: { table: "account" }, shown: "Vélos réunis" });
    expect(of("createdon")?.shown).toMatch(/^\d+ \S+ \d{4}/);
    expect((await get<{ row: string }>(path)).row).toMatch(/^[0-9a-f-]{36}$/);
    expect((await send("GET", `${path}?row=5c0e1f1a-0000-4000-8000-0000000000a0`)).status).toBe(404);
    expect((await send("GET", `${path}?timeZone=Mars`)).status).toBe(400);
  });
});
