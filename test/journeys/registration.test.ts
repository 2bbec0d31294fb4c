import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import type { Client, Row } from "../../sandbox/client.ts";
import { publish } from "../../sandbox/definitions.ts";
import { createTables } from "../../sandbox/tables.ts";
import { type RefusingProxy, startRefusingProxy } from "../support/refusing-proxy.ts";
import { type Stack, startStack } from "../support/stack.ts";

interface Document {
  readonly slug: string;
  readonly [more: string]: unknown;
}
interface Shown {
  readonly register: string;
  readonly found: { readonly endpoint: Row | null; readonly steps: readonly Step[] };
  readonly drift: readonly { readonly at: string; readonly difference: string; readonly by: string | null }[];
  readonly gone: readonly string[];
  readonly seen: readonly {
    readonly differences: readonly { readonly difference: string }[];
    readonly mended: boolean;
  }[];
}
interface Step {
  readonly id: string;
  readonly table: string;
  readonly message: string;
  readonly enabled: boolean;
  readonly columns: readonly string[] | "all";
  readonly images: readonly { readonly kind: string; readonly columns: readonly string[] }[];
}

const RESOLVED = {
  kind: "record",
  slug: "case-resolved",
  name: "Case resolved",
  table: "incident",
  audience: [{ column: "customerid", table: "contact" }],
  updated: { columns: ["statecode"] },
  condition: { kind: "compare", field: "event.statecode", op: "changed-to", value: 1 },
};

describe("registration by itself", () => {
  let stack: Stack;
  let http: Client;
  beforeAll(async () => {
    // Changes stream in for as long as a publish takes here: that is no surge to ask an operator about.
    stack = await startStack({ settings: { PARCOURS_REGISTER: "on", PARCOURS_BRAKE_FACTOR: "0" } });
    http = stack.http;
    await createTables(http);
  });
  afterEach(() => http.control("/faults", { dataverse: null }));
  afterAll(() => stack.stop());

  it("a trigger published through the API alone: a case resolved in Dataverse starts the run", async () => {
    await tells(http, RESOLVED, "{{ event.title }} ({{ event.ticketnumber }})");
    const person = await made(http, "Zoé");
    const incident = await http.create("incidents", { title: "Le frein grince", ...of(person.id) });
    await http.resolve(incident);
    expect(await subjects(http, person.address)).toEqual([expect.stringMatching(/^Le frein grince \(CAS-/)]);

    const { register, found, drift } = await shown(http);
    expect({ register, drift }).toEqual({ register: "on", drift: [] });
    expect(found.steps.map(({ table, message }) => `${message} ${table}`)).toEqual([
      "Update contact",
      "Update incident",
    ]);
    const step = found.steps.find(({ table }) => table === "incident");
    expect(step?.columns).toEqual(["statecode"]);
    // What the change writes comes with it.
    expect(imageOf(step, "post")).toEqual(["customerid", "ticketnumber", "title"]);
  });

  it("a table that somebody made a minute ago works too", async () => {
    await makeTable(http);
    const audience = [{ column: "new_guestid", table: "contact" }];
    await tells(
      http,
      { kind: "record", slug: "visit-made", name: "Visit", table: "new_visit", audience, created: true },
      "Visit {{ event.new_name }}",
    );
    const guest = await made(http, "Gaël");
    const bind = { "new_guestid@odata.bind": `/contacts(${guest.id})` };
    await http.create("new_visits", { new_name: "V-1", ...bind });
    expect(await subjects(http, guest.address)).toEqual(["Visit V-1"]);
  });

  it("what is stopped fires no more, and its registration goes; published again, it fires again", async () => {
    await http.api("POST", "/api/triggers/visit-made/stop");
    expect((await shown(http)).found.steps.map(({ table }) => table)).toEqual(["contact", "incident"]);
    const guest = await made(http, "Maël");
    const bind = { "new_guestid@odata.bind": `/contacts(${guest.id})` };
    await http.create("new_visits", { new_name: "V-2", ...bind });
    expect(await subjects(http, guest.address)).toEqual([]);
    await http.api("POST", "/api/triggers/visit-made/publish");
    await http.create("new_visits", { new_name: "V-3", ...bind });
    expect(await subjects(http, guest.address)).toEqual(["Visit V-3"]);
  });

  it("a new version of a live trigger loses no change that both versions want, and sees the values before", async () => {
    const trigger = {
      ...{ kind: "record", slug: "title-changed", name: "Title changed", table: "incident" },
      audience: [{ column: "customerid", table: "contact" }],
      updated: { columns: ["title"] },
    };
    await tells(http, trigger, "{{ event.title }}");
    const person = await made(http, "Nour");
    const incident = await http.create("incidents", { title: "Before", description: "Kept", ...of(person.id) });
    let publishing = true;
    const versions = (async () => {
      for (const columns of [
        ["title", "description"],
        ["description", "prioritycode", "title"],
      ]) {
        const condition = { kind: "compare", field: "before.description", op: "eq", value: "Kept" };
        await save(http, "triggers", { ...trigger, updated: { columns }, condition });
        await http.api("POST", "/api/triggers/title-changed/publish");
      }
    })().finally(() => {
      publishing = false;
    });
    const expected: string[] = [];
    while (publishing) {
      const title = `After ${expected.length}`;
      await http.update("incidents", incident, { title });
      expected.push(title);
    }
    await versions;
    expect(expected.length).toBeGreaterThan(20);
    expect((await subjects(http, person.address)).sort()).toEqual(expected.sort());
    expect((await shown(http)).drift).toEqual([]);
  }, 120_000);

  it("shows what somebody switched off in Dataverse, and records it once", async () => {
    const step = (await shown(http)).found.steps.find(({ table }) => table === "incident");
    await http.update("sdkmessageprocessingsteps", step?.id ?? "", { statecode: 1, statuscode: 2 });
    const off = { at: "Update of incident", difference: "is switched off: no change of it arrives" };
    expect((await shown(http)).drift).toEqual([expect.objectContaining({ ...off, by: expect.any(String) })]);
    await http.advance("PT11M");
    await http.advance("PT11M");
    const { seen, drift } = await shown(http);
    expect(drift).toHaveLength(1);
    expect(seen).toEqual([expect.objectContaining({ differences: [expect.objectContaining(off)], mended: false })]);
    await http.update("sdkmessageprocessingsteps", step?.id ?? "", { statecode: 0, statuscode: 1 });
    await http.advance("PT11M");
    expect((await shown(http)).seen[0]).toMatchObject({ differences: [], mended: false });
  });

  it("says that a column is gone that a trigger names, and publishes it no more; what else is published goes on", async () => {
    const columns = "EntityDefinitions(LogicalName='new_visit')/Attributes";
    await http.post(columns, textColumn("new_note", "Note"));
    const audience = [{ column: "new_guestid", table: "contact" }];
    const noted = { kind: "record", slug: "visit-noted", name: "Noted", table: "new_visit", audience };
    await publish(http, "triggers", { ...noted, updated: { columns: ["new_note"] } } as Document);
    expect((await shown(http)).gone).toEqual([]);
    await http.remove(columns, "LogicalName='new_note'");
    expect((await shown(http)).gone).toEqual(["new_visit.new_note"]);
    await expect(http.api("POST", "/api/triggers/visit-noted/publish")).rejects.toThrow(/400 .*new_note/);
    await http.api("POST", "/api/triggers/visit-made/publish");
    await http.api("POST", "/api/triggers/visit-noted/stop");
    expect(await shown(http)).toMatchObject({ gone: [], drift: [] });
  });

  it("does not publish a trigger on a table that there is not", async () => {
    await save(http, "triggers", { ...RESOLVED, slug: "lost", table: "new_lost" });
    await expect(http.api("POST", "/api/triggers/lost/publish")).rejects.toThrow(/400 .*new_lost/);
  });

  it("publishes nothing while Dataverse does not answer, and says so", async () => {
    await save(http, "triggers", { ...RESOLVED, slug: "case-later" });
    await http.control("/faults", { dataverse: { down: true } });
    await expect(http.api("POST", "/api/triggers/case-later/publish")).rejects.toThrow(/503 .*Dataverse/);
    await http.control("/faults", { dataverse: null });
    expect(await http.api("GET", "/api/triggers/case-later")).toMatchObject({ published: null });
    await http.api("POST", "/api/triggers/case-later/publish");
    expect(await http.api("GET", "/api/triggers/case-later")).toMatchObject({ published: 1 });
  });

  it("stops a trigger though Dataverse does not answer, and cleans up there when it does", async () => {
    await http.control("/faults", { dataverse: { down: true } });
    const stopped = await http.api("POST", "/api/triggers/visit-made/stop");
    expect(stopped).toMatchObject({ stopped: true, problem: expect.stringContaining("Dataverse") });
    await http.control("/faults", { dataverse: null });
    await http.advance("PT11M");
    const { found, drift } = await shown(http);
    expect(found.steps.map(({ table }) => table)).not.toContain("new_visit");
    expect(drift).toEqual([]);
  });

  it("leaves nothing in Dataverse with the last trigger", async () => {
    for (const slug of ["case-resolved", "title-changed", "case-later"])
      await http.api("POST", `/api/triggers/${slug}/stop`);
    expect((await shown(http)).found).toEqual({ endpoint: null, steps: [] });
    expect((await http.read("serviceendpoints")).value).toEqual([]);
    expect((await http.read("sdkmessageprocessingstepimages")).value).toEqual([]);
  });

  it("knows no trigger that was never published", async () => {
    await expect(http.api("POST", "/api/triggers/nothing/stop")).rejects.toThrow(/404/);
  });
});

describe("registration with few privileges, mending", () => {
  let proxy: RefusingProxy;
  let stack: Stack;
  let http: Client;
  beforeAll(async () => {
    proxy = await startRefusingProxy();
    const settings = { PARCOURS_REGISTER: "on", PARCOURS_MEND_DRIFT: "on", DATAVERSE_URL: proxy.url };
    stack = await startStack({ settings });
    http = stack.http;
    proxy.target = http.at.dataverse;
  });
  afterAll(async () => {
    await stack.stop();
    await proxy.close();
  });

  it.each([
    ["prvCreateServiceEndpoint", "serviceendpoint", "POST serviceendpoints", "Create on ServiceEndpoint"],
    [
      ...["prvCreateSdkMessageProcessingStep", "sdkmessageprocessingstep", "POST $batch"],
      "Create on SdkMessageProcessingStep",
    ],
    ["prvReadSdkMessage", "sdkmessage", "GET sdkmessagefilters", "Read on SdkMessage"],
  ] as [string, string, string, string][])(
    "names the missing privilege %s, and publishes nothing",
    async (privilege, table, request, said) => {
      await save(http, "triggers", { ...RESOLVED, slug: `for-${table}` });
      proxy.refuses = (method, path) =>
        `${method} ${path}`.startsWith(request)
          ? `Principal user (Id=7, type=8) is missing ${privilege} privilege (Id=9) on OTC=4608 for entity '${table}'.`
          : undefined;
      const asked = http.api("POST", `/api/triggers/for-${table}/publish`);
      await expect(asked).rejects.toThrow(
        new RegExp(`502 .*Parcours may not register .*: the privilege ${said} is missing`),
      );
      proxy.refuses = undefined;
      expect(await http.api("GET", `/api/triggers/for-${table}`)).toMatchObject({ published: null });
      await http.advance("PT11M");
      expect((await shown(http)).found).toEqual({ endpoint: null, steps: [] });
    },
  );

  it("mends what somebody switched off or edited, and records that it did", async () => {
    await publish(http, "triggers", RESOLVED);
    const step = (await shown(http)).found.steps.find(({ table }) => table === "incident");
    const edit = { statecode: 1, statuscode: 2, filteringattributes: "title" };
    await http.update("sdkmessageprocessingsteps", step?.id ?? "", edit);
    await http.advance("PT11M");
    const { drift, seen } = await shown(http);
    expect(drift).toEqual([]);
    expect(seen).toEqual([expect.objectContaining({ mended: true })]);
    expect(seen[0]?.differences.map(({ difference }) => difference)).toEqual([
      "is switched off: no change of it arrives",
      "listens to title instead of statecode",
    ]);
  });
});

/** A trigger, a journey that begins with it, and its mail with this subject. */
async function tells(http: Client, trigger: Document, subject: string): Promise<void> {
  const { slug } = trigger;
  const variants = { en: { subject, html: "<p>.</p>" } };
  const mail = { slug, name: slug, purpose: "transactional", fallback: "en", variants };
  await publish(http, "triggers", trigger);
  await publish(http, "mails", mail);
  const steps = { tell: { kind: "email", mail: slug, next: null } };
  const entry = { trigger: slug, reentry: { kind: "always" } };
  await publish(http, "journeys", { slug, name: slug, entry, start: "tell", steps } as Document);
}

async function save(http: Client, kind: string, document: Document): Promise<void> {
  const path = `/api/${kind}/${document.slug}`;
  const there = await fetch(`${http.at.app}${path}`);
  const etag = there.headers.get("etag");
  await http.api("PUT", path, document, there.ok && etag !== null ? { "if-match": etag } : {});
}

let people = 0;
async function made(http: Client, firstname: string): Promise<{ readonly id: string; readonly address: string }> {
  people += 1;
  const address = `person-${people}@example.com`;
  return { id: await http.create("contacts", { firstname, lastname: "Essai", emailaddress1: address }), address };
}

function of(contact: string): Row {
  return { "customerid_contact@odata.bind": `/contacts(${contact})` };
}

async function subjects(http: Client, address: string): Promise<string[]> {
  await http.advance("PT0S");
  return (await http.mails(address)).map(({ subject }) => subject);
}

async function shown(http: Client): Promise<Shown> {
  return http.api<Shown>("GET", "/api/registrations");
}

function imageOf(step: Step | undefined, kind: string): readonly string[] | undefined {
  return step?.images.find((image) => image.kind === kind)?.columns;
}

async function makeTable(http: Client): Promise<void> {
  await http.post("EntityDefinitions", {
    "@odata.type": "Microsoft.Dynamics.CRM.EntityMetadata",
    SchemaName: "new_visit",
    DisplayName: label("Visit"),
    DisplayCollectionName: label("Visits"),
    OwnershipType: "UserOwned",
    PrimaryNameAttribute: "new_name",
    Attributes: [{ ...textColumn("new_name", "Name"), IsPrimaryName: true }],
  });
  await http.post("RelationshipDefinitions", {
    "@odata.type": "Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata",
    SchemaName: "new_contact_new_visit",
    ReferencedEntity: "contact",
    ReferencingEntity: "new_visit",
    Lookup: { SchemaName: "new_guestid", DisplayName: label("Guest") },
  });
}

function textColumn(SchemaName: string, name: string): Row {
  const type = "Microsoft.Dynamics.CRM.StringAttributeMetadata";
  return { "@odata.type": type, SchemaName, DisplayName: label(name), MaxLength: 100, FormatName: { Value: "Text" } };
}

function label(text: string): Row {
  return { LocalizedLabels: [{ Label: text, LanguageCode: 1033 }] };
}
