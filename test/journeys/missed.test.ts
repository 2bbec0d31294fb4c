import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import type { Client, Row } from "../../sandbox/client.ts";
import { publish } from "../../sandbox/definitions.ts";
import { createTables } from "../../sandbox/tables.ts";
import { type Stack, startStack } from "../support/stack.ts";

interface Decided {
  readonly kind: string;
  readonly via?: string;
  readonly fired?: readonly string[];
  readonly unknown?: readonly { readonly trigger: string }[];
}
interface Parked {
  readonly id: string;
  readonly reason: string;
}

const AUDIENCE = [{ column: "customerid", table: "contact" }];
const OPENED = { kind: "record", slug: "opened", name: "Opened", table: "incident", audience: AUDIENCE, created: true };
const RESOLVED = {
  ...{ kind: "record", slug: "resolved", name: "Resolved", table: "incident", audience: AUDIENCE },
  updated: { columns: ["statecode"] },
  condition: { kind: "compare", field: "event.statecode", op: "changed-to", value: 1 },
};

describe("a change that never came", () => {
  let stack: Stack;
  let http: Client;
  let people = 0;
  beforeAll(async () => {
    const settings = { PARCOURS_REGISTER: "on", PARCOURS_RECONCILE: "on", PARCOURS_RECONCILE_GRACE_MS: "60000" };
    stack = await startStack({ settings });
    http = stack.http;
    await createTables(http);
    await tells(OPENED);
    await tells(RESOLVED);
    // From now on change tracking is read.
    await passes(1);
  });
  afterEach(() => http.control("/faults", { dataverse: null }));
  afterAll(() => stack.stop());

  it("because the webhook was lost is found by its failed system job, and says so", async () => {
    const { address, incident } = await lostCase();
    expect(await subjects(address)).toEqual([]);
    await passes(2);
    expect(await subjects(address)).toEqual(["opened"]);
    const decisions = await http.api<Decided[]>("GET", `/api/decisions?about=incident:${incident}`);
    expect(decisions).toContainEqual(expect.objectContaining({ kind: "change", via: "failed-job", fired: ["opened"] }));
  });

  it("is told by what was seen before: the case that was opened was resolved since", async () => {
    const { address, incident } = await openCase();
    await http.control("/faults", { dataverse: { webhook: "lost" } });
    await http.resolve(incident);
    await http.advance("PT0S");
    await http.control("/faults", { dataverse: null });
    await passes(2);
    expect(await subjects(address)).toEqual(["opened", "resolved"]);
  });

  it("of which nobody can tell whether it fires is listed, and let in by an operator", async () => {
    await http.control("/faults", { dataverse: { webhook: "vanished" } });
    const { address, incident } = await openCase();
    await http.control("/faults", { dataverse: { webhook: "lost" } });
    await http.resolve(incident);
    await http.advance("PT0S");
    await http.control("/faults", { dataverse: null });
    await http.advance("PT6M");
    const item = (await parked()).find(({ reason }) => reason.includes("before.statecode"));
    expect(item?.reason).toContain("lost");
    await http.api("POST", `/api/parked/unknown/${item?.id}/replay`);
    expect(await subjects(address)).toContain("resolved");
  });

  it("because it bypassed the business logic is found by change tracking: created, it fires", async () => {
    const person = await somebody();
    await bypassing("POST", "incidents", { title: "Imported", ...of(person.id) });
    await passes(3);
    expect(await subjects(person.address)).toEqual(["opened"]);
  });

  it("because it bypassed the business logic is listed where only the old value tells", async () => {
    const person = await somebody();
    const incident = await bypassing("POST", "incidents", { title: "Imported", ...of(person.id) });
    await http.advance("PT10S");
    await bypassing("PATCH", `incidents(${incident})`, { statecode: 1, statuscode: 5 });
    const before = (await parked()).length;
    await passes(3);
    expect(await subjects(person.address)).toEqual(["opened"]);
    const [newest] = await parked();
    expect(await parked()).toHaveLength(before + 1);
    expect(newest?.reason).toContain("past the business logic");
  });

  it("whole, for it was over 256 KB, is told by its row and by what was seen before", async () => {
    await tells({
      ...{ kind: "record", slug: "promoted", name: "Promoted", table: "contact" },
      audience: [{ column: "self", table: "contact" }],
      updated: { columns: ["jobtitle"] },
    });
    await http.post("EntityDefinitions(LogicalName='contact')/Attributes", {
      ...{
        "@odata.type": "Microsoft.Dynamics.CRM.MemoAttributeMetadata",
        SchemaName: "new_history",
        MaxLength: 1_000_000,
      },
      DisplayName: { LocalizedLabels: [{ Label: "History", LanguageCode: 1033 }] },
    });
    const { id, address } = await somebody();
    await http.update("contacts", id, { jobtitle: "Mécanicienne" });
    await http.advance("PT10S");
    // Dataverse leaves every value out.
    const history = "une très longue histoire ".repeat(12_000);
    await http.update("contacts", id, { jobtitle: "Cheffe d’atelier", new_history: history });
    expect(await subjects(address)).toEqual(["promoted", "promoted"]);
    await http.advance("PT10S");
    await http.update("contacts", id, { jobtitle: "Cheffe d’atelier", new_history: `${history}!` });
    expect(await subjects(address)).toEqual(["promoted", "promoted"]);
  });

  it("and can't be told, is let in with all that wait for it, by one request; dead letters are looked at beside it", async () => {
    const waiting = (await parked()).length;
    expect(waiting).toBeGreaterThan(0);
    const begun = await http.api("POST", "/api/parked/replay", { list: "parked", kind: "unknown" });
    expect(begun).toMatchObject({ does: "replay", done: waiting, left: 0, over: true });
    expect(await parked()).toEqual([]);
    const { batches } = await http.api<{ batches: Row[] }>("GET", "/api/parked/batches");
    expect(batches[0]).toMatchObject({ done: waiting, over: true, by: "local" });
    const letters = await http.api("GET", "/api/dead-letters?queue=trigger-events");
    expect(letters).toEqual({ deadLetters: [], next: null });
    await expect(http.api("POST", "/api/dead-letters/decisions/7/discard")).rejects.toThrow(/404/);
    await expect(http.api("POST", "/api/parked/replay", { kind: "unknown" })).rejects.toThrow(/400/);
  });

  it("is looked for all the time: how far the search is, table by table, can be asked", async () => {
    // The trigger on contacts is new: the search takes them up with its next run.
    await passes(1);
    const shown = await http.api<Row>("GET", "/api/reconciliation");
    const looked = { refused: null, gaps: [], since: expect.any(String) };
    expect(shown).toMatchObject({
      on: true,
      lastRun: { problems: [] },
      tables: [
        { table: "contact", ...looked },
        { table: "incident", ...looked },
      ],
    });
  });

  /** So many runs of the timer, with what they leave to the consumers. */
  async function passes(runs: number): Promise<void> {
    for (let run = 0; run < runs; run += 1) await http.advance("PT6M");
  }

  async function tells(trigger: { readonly slug: string; readonly [more: string]: unknown }): Promise<void> {
    const { slug } = trigger;
    const variants = { en: { subject: slug, html: "<p>.</p>" } };
    const mail = { slug, name: slug, purpose: "transactional", fallback: "en", variants };
    const steps = { tell: { kind: "email", mail: slug, next: null } };
    await publish(http, "triggers", trigger);
    await publish(http, "mails", mail);
    const journey = { slug, name: slug, entry: { trigger: slug, reentry: { kind: "always" } }, start: "tell", steps };
    await publish(http, "journeys", journey as never);
  }

  async function somebody(): Promise<{ readonly id: string; readonly address: string }> {
    people += 1;
    const address = `missed-${people}@example.com`;
    return {
      id: await http.create("contacts", { firstname: "M", lastname: "Essai", emailaddress1: address }),
      address,
    };
  }

  async function openCase(): Promise<{ readonly address: string; readonly incident: string }> {
    const person = await somebody();
    const incident = await http.create("incidents", { title: "Le frein grince", ...of(person.id) });
    await http.advance("PT0S");
    return { address: person.address, incident };
  }

  async function lostCase(): ReturnType<typeof openCase> {
    await http.control("/faults", { dataverse: { webhook: "lost" } });
    const made = await openCase();
    await http.control("/faults", { dataverse: null });
    return made;
  }

  /** As an import does that asks Dataverse to leave the asynchronous logic out. Answers the row's id. */
  async function bypassing(method: string, path: string, row: Row): Promise<string> {
    const headers = { "content-type": "application/json", "MSCRM.BypassBusinessLogicExecution": "CustomAsync" };
    const response = await fetch(`${http.at.dataverse}/${path}`, { method, headers, body: JSON.stringify(row) });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return /\(([0-9a-f-]{36})\)$/i.exec(response.headers.get("odata-entityid") ?? "")?.[1] ?? "";
  }

  async function subjects(address: string): Promise<string[]> {
    await http.advance("PT0S");
    return (await http.mails(address)).map(({ subject }) => subject).sort();
  }

  async function parked(): Promise<readonly Parked[]> {
    return (await http.api<{ parked: Parked[] }>("GET", "/api/parked?kind=unknown")).parked;
  }
});

function of(contact: string): Row {
  return { "customerid_contact@odata.bind": `/contacts(${contact})` };
}
