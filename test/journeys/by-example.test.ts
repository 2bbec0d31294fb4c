import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import type { Client, Row } from "../../sandbox/client.ts";
import { publish } from "../../sandbox/definitions.ts";
import { type Stack, startStack } from "../support/stack.ts";

interface Started {
  readonly id: string;
  readonly until: string;
}
interface Shown {
  readonly seen: readonly {
    readonly id: string;
    readonly record: string;
    readonly message: string;
    readonly columns: readonly { readonly column: string }[];
  }[];
  readonly proposal: {
    readonly trigger: object;
    readonly columns: readonly Row[];
  } | null;
}

const AUDIENCE = [
  { column: "customerid", table: "contact" },
  { column: "primarycontactid", table: "contact" },
  { column: "customerid", table: "account" },
];
/** What an author makes by hand on the trigger's page. */
const BY_HAND = {
  kind: "record",
  slug: "case-resolved",
  name: "Case resolved",
  table: "incident",
  audience: AUDIENCE,
  updated: { columns: ["statecode"] },
  condition: {
    kind: "all",
    of: [
      { kind: "compare", field: "event.statecode", op: "changed-from", value: 0 },
      { kind: "compare", field: "event.statecode", op: "changed-to", value: 1 },
    ],
  },
};
const REGISTRATIONS = [
  "serviceendpoints?$select=serviceendpointid,name,url,description",
  "sdkmessageprocessingsteps?$select=sdkmessageprocessingstepid,name,filteringattributes,statecode,modifiedon",
  "sdkmessageprocessingstepimages?$select=sdkmessageprocessingstepimageid,entityalias,attributes",
] as const;

describe("a trigger made by example", () => {
  let stack: Stack;
  let http: Client;
  let author: string;
  let colleague: string;
  beforeAll(async () => {
    stack = await startStack({ settings: { PARCOURS_REGISTER: "on" } });
    http = stack.http;
    author = await user("author");
    colleague = await user("colleague");
    await publish(http, "triggers", BY_HAND);
  });
  afterEach(() => http.control("/faults", { dataverse: null }));
  afterAll(() => stack.stop());

  const directoryId = (name: string) => `d0000000-0000-4000-8000-${name.length.toString().padStart(12, "0")}`;
  const user = (name: string) =>
    http.create("systemusers", {
      ...{ firstname: name, lastname: "Test", domainname: `${name}@example.com` },
      azureactivedirectoryobjectid: directoryId(name),
    });
  /** What a user does in Dynamics. */
  const as = async (who: string, method: string, path: string, body?: Row) => {
    const response = await fetch(`${http.at.dataverse}/${path}`, {
      method,
      headers: { "content-type": "application/json", mscrmcallerid: who },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    await http.advance("PT0S");
  };
  const resolve = (who: string, incident: string) =>
    as(who, "POST", "CloseIncident", {
      IncidentResolution: { subject: "Resolved", "incidentid@odata.bind": `/incidents(${incident})` },
      Status: 5,
    });
  const openCase = async (title = "Le frein grince") => {
    const contact = await http.create("contacts", { firstname: "Zoé", emailaddress1: "zoe@example.com" });
    return http.create("incidents", { title, "customerid_contact@odata.bind": `/contacts(${contact})` });
  };
  const start = (table = "incident", who = author) => http.api<Started>("POST", "/api/examples", { table, user: who });
  const shown = (id: string, query = "") => http.api<Shown>("GET", `/api/examples/${id}?lang=fr${query}`);
  const stop = (id: string) => http.api("POST", `/api/examples/${id}/stop`);
  const registered = async (): Promise<readonly Row[]> =>
    (await Promise.all(REGISTRATIONS.map((path) => http.read(path)))).flatMap(({ value }) => value as Row[]);
  const ofExamples = async () => (await registered()).filter(({ name }) => String(name).includes("by example"));

  it("equals the one made by hand: audience, column, from and to come back filled in", async () => {
    const { id } = await start();
    const incident = await openCase();
    await resolve(author, incident);
    const { seen, proposal } = await shown(id);
    expect(seen).toEqual([
      expect.objectContaining({ record: incident, message: "update", name: "Le frein grince", depth: 1 }),
    ]);
    expect(proposal?.columns).toEqual([
      {
        ...{ column: "statecode", label: "Statut", part: "taken" },
        ...{ from: 0, to: 1, fromShown: "Actif", toShown: "Résolu" },
      },
      expect.objectContaining({ column: "statuscode", label: "Raison du statut", part: "with-state" }),
    ]);
    const {
      slug: _slug,
      name: _name,
      ...byHand
    } = (await http.api<{ document: Record<string, unknown> }>("GET", "/api/triggers/case-resolved")).document;
    expect(proposal?.trigger).toEqual(byHand);
    await http.api("PUT", "/api/triggers/by-example", { ...proposal?.trigger, slug: "by-example", name: "Shown" });
    await stop(id);
    const revision = await http.api("POST", "/api/triggers/by-example/publish");
    expect(revision).toEqual({ revision: 1 });
    await http.api("POST", "/api/triggers/by-example/stop");
  });

  it("knows a status reason, texts, creations and deletions from a change of state", async () => {
    const { id } = await start();
    const incident = await openCase("Avant");
    await as(author, "PATCH", `incidents(${incident})`, { statuscode: 2 });
    expect((await shown(id)).proposal?.trigger).toMatchObject({
      updated: { columns: ["statuscode"], onlyWhenChanged: true },
      condition: {
        of: [
          { op: "changed-from", value: 1 },
          { op: "changed-to", value: 2 },
        ],
      },
    });
    await http.advance("PT1M");
    await as(author, "PATCH", `incidents(${incident})`, { title: "Après", description: null });
    const texts = (await shown(id)).proposal;
    expect(texts?.trigger).toMatchObject({ updated: { columns: ["title"] } });
    expect(texts?.trigger).not.toHaveProperty("condition");
    await http.advance("PT1M");
    const customer = { "customerid_contact@odata.bind": `/contacts(${await http.create("contacts", {})})` };
    await as(author, "POST", "incidents", { title: "Neuf", ...customer });
    expect((await shown(id)).proposal?.trigger).toMatchObject({ created: true, deleted: false });
    await http.advance("PT1M");
    await as(author, "DELETE", `incidents(${incident})`);
    expect((await shown(id)).proposal?.trigger).toMatchObject({ created: false, deleted: true });
    const { seen } = await shown(id);
    expect(seen.map(({ message }) => message)).toEqual(["delete", "create", "update", "update"]);
    const first = await shown(id, `&change=${seen.at(-1)?.id}`);
    expect(first.proposal?.trigger).toMatchObject({ updated: { columns: ["statuscode"] } });
    await stop(id);
  });

  it("sees only what this user does in this table, and keeps none of what stayed as it was", async () => {
    const { id } = await start();
    const incident = await openCase();
    await as(colleague, "PATCH", `incidents(${incident})`, { title: "Somebody else's" });
    await as(author, "POST", "contacts", { firstname: "Elsewhere" });
    expect(await shown(id)).toMatchObject({ seen: [], proposal: null });
    await as(author, "PATCH", `incidents(${incident})`, { title: "Mine", prioritycode: 1 });
    expect((await shown(id)).seen.map(({ columns }) => columns.map(({ column }) => column))).toEqual([
      ["prioritycode", "title"],
    ]);
    await stop(id);
  });

  it("is no event: what somebody shows starts nothing twice, and decides nothing", async () => {
    const { id } = await start();
    const incident = await openCase();
    await resolve(author, incident);
    const decisions = await http.api<readonly { kind: string; fired?: string[] }[]>(
      "GET",
      `/api/decisions?about=incident:${incident}`,
    );
    expect(decisions.map(({ kind, fired }) => ({ kind, fired }))).toEqual([
      { kind: "change", fired: ["case-resolved"] },
    ]);
    await stop(id);
  });

  it("leaves the registrations of published triggers as they are, to the letter, while it listens and after", async () => {
    const before = await registered();
    const { id } = await start();
    const during = await registered();
    expect(during).toEqual(expect.arrayContaining(before.map((row) => row)));
    expect(during.length).toBe(before.length + 1 + 3 + 4);
    expect(await http.api("GET", "/api/registrations")).toMatchObject({ drift: [] });
    await stop(id);
    expect(await registered()).toEqual(before);
  });

  it("listens to a user by the name to sign in with, too", async () => {
    const { id } = await start("incident", "author@example.com");
    await as(author, "PATCH", `incidents(${await openCase()})`, { title: "By name" });
    expect((await shown(id)).seen).toHaveLength(1);
    await stop(id);
    const byFullName = await start("incident", "author Test");
    expect(byFullName).toMatchObject({ user: author });
    await stop(byFullName.id);
  });

  it("of two authors at once, each sees their own, and who stops does not stop the other", async () => {
    const one = await start();
    const other = await start("incident", colleague);
    const third = await start("contact");
    await stop(third.id);
    const incident = await openCase();
    await as(colleague, "PATCH", `incidents(${incident})`, { title: "Theirs" });
    expect((await shown(one.id)).seen).toEqual([]);
    await stop(one.id);
    await as(colleague, "PATCH", `incidents(${incident})`, { prioritycode: 3 });
    expect((await shown(other.id)).seen).toHaveLength(2);
    await stop(other.id);
    expect(await ofExamples()).toEqual([]);
  });

  it("asked for again begins anew: what was seen before is forgotten", async () => {
    const first = await start();
    await as(author, "PATCH", `incidents(${await openCase()})`, { title: "Before" });
    const second = await start();
    await expect(shown(first.id)).rejects.toThrow(/404/);
    expect((await shown(second.id)).seen).toEqual([]);
    await stop(second.id);
    await expect(stop(second.id)).rejects.toThrow(/404/);
  });

  it("nobody stops is over after ten minutes: nothing of it is left in Dataverse, nor what was seen", async () => {
    const { id } = await start();
    await as(author, "PATCH", `incidents(${await openCase()})`, { title: "Seen" });
    expect((await shown(id)).seen).toHaveLength(1);
    await http.advance("PT12M");
    await expect(shown(id)).rejects.toThrow(/404/);
    expect(await ofExamples()).toEqual([]);
  });

  it("whose process died is swept up too, once Dataverse answers again", async () => {
    const { id } = await start();
    await http.control("/faults", { dataverse: { down: true } });
    await http.control("/app/kill");
    await http.advance("PT12M");
    await http.control("/faults", { dataverse: null });
    await http.advance("PT2M");
    await expect(shown(id)).rejects.toThrow(/404/);
    expect(await ofExamples()).toEqual([]);
  });

  it("a change that comes when it is over is taken and let go; without the key it is not taken", async () => {
    const post = (headers: Record<string, string>) =>
      fetch(`${http.at.app}/api/dataverse/webhook/example`, { method: "POST", headers, body: "{}" });
    expect((await post({ "x-parcours-key": http.at.webhookKey })).status).toBe(202);
    expect((await post({ "x-parcours-key": "wrong" })).status).toBe(401);
  });

  it("says what is wrong: an unknown table or user, or a Dataverse that does not answer; then nothing listens", async () => {
    await expect(start("new_nothing")).rejects.toThrow(/400 .*no table/);
    for (const unknown of ["5c0e1f1a-0000-4000-8000-00000000dead", "nobody@example.com"])
      await expect(start("incident", unknown)).rejects.toThrow(/400 .*knows no user/);
    // On one's own machine whoever asks is called `local`.
    await expect(http.api("POST", "/api/examples", { table: "incident" })).rejects.toThrow(
      /400 .*knows no user .*local/,
    );
    await http.control("/faults", { dataverse: { down: true } });
    await expect(start()).rejects.toThrow(/503/);
    await http.control("/faults", { dataverse: null });
    await http.advance("PT2M");
    expect(await ofExamples()).toEqual([]);
  });
});
