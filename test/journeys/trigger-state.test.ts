import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import type { Client } from "../../sandbox/client.ts";
import { publish } from "../../sandbox/definitions.ts";
import { type Stack, startStack } from "../support/stack.ts";

interface State {
  readonly phase: string;
  readonly revision: number | null;
  readonly since: string | null;
  readonly edited: boolean;
  readonly registered: string | null;
  readonly differences: readonly object[];
  readonly lastSeen: string | null;
  readonly lastFired: string | null;
  readonly failing: object | null;
}
interface Log {
  readonly since: string | null;
  readonly fired: readonly object[];
}

const RESOLVED = {
  kind: "record",
  slug: "resolved",
  name: "Resolved",
  table: "incident",
  audience: [{ column: "customerid", table: "contact" }],
  updated: { columns: ["statecode"] },
  condition: { kind: "compare", field: "event.statecode", op: "changed-to", value: 1 },
};
const MAIL = { slug: "thanks", name: "Thanks", purpose: "transactional", fallback: "en" };
const STEPS = { tell: { kind: "email", mail: "thanks", next: null } };

describe("a trigger on its way", () => {
  let stack: Stack;
  let http: Client;
  let incident: string;
  beforeAll(async () => {
    stack = await startStack({ settings: { PARCOURS_REGISTER: "on" } });
    http = stack.http;
    const contact = await http.create("contacts", { lastname: "Essai", emailaddress1: "essai@example.com" });
    incident = await http.create("incidents", {
      title: "Le frein grince",
      "customerid_contact@odata.bind": `/contacts(${contact})`,
    });
  });
  afterEach(() => http.control("/faults", { dataverse: null }));
  afterAll(() => stack.stop());

  const state = () => http.api<State>("GET", "/api/triggers/resolved/state");
  const log = () => http.api<Log>("GET", "/api/triggers/resolved/log");
  const seen = async () => {
    await http.advance("PT0S");
    return state();
  };

  it("is a draft, that nothing is registered for", async () => {
    await http.api("PUT", "/api/triggers/resolved", RESOLVED);
    expect(await state()).toEqual({
      ...{ phase: "draft", revision: null, since: null, edited: false, registered: null, differences: [] },
      ...{ lastSeen: null, lastFired: null, failing: null },
    });
    expect(await log()).toEqual({ since: null, fired: [] });
  });

  it("is ready and registered, and says since when nothing came", async () => {
    await http.api("POST", "/api/triggers/resolved/publish");
    const ready = await state();
    expect(ready).toMatchObject({ phase: "ready", revision: 1, registered: "yes", lastSeen: null, lastFired: null });
    expect(await log()).toEqual({ since: ready.since, fired: [] });
    expect(Date.parse(ready.since ?? "")).toBeLessThanOrEqual(await http.now());
  });

  it("saw its first change, though that did not fire it", async () => {
    await http.advance("PT1M");
    await http.update("incidents", incident, { statecode: 2, statuscode: 6 });
    expect(await seen()).toMatchObject({ lastSeen: expect.any(String), lastFired: null });
    expect((await log()).fired).toEqual([]);
  });

  it("fired: its log says on what, and which journeys that entered", async () => {
    await publish(http, "mails", { ...MAIL, variants: { en: { subject: "Thanks", html: "<p>.</p>" } } } as never);
    await publish(http, "journeys", {
      ...{ slug: "thanks", name: "Thanks", entry: { trigger: "resolved" }, start: "tell", steps: STEPS },
    } as never);
    await http.update("incidents", incident, { statecode: 0, statuscode: 1 });
    await http.resolve(incident);
    expect((await seen()).lastFired).not.toBeNull();
    const entries = [{ journey: "thanks", outcome: "entered" }];
    expect((await log()).fired).toEqual([
      expect.objectContaining({ record: `incident:${incident}`, message: "update", entries, woken: 0 }),
    ]);
  });

  it("says that its draft was edited, that somebody switched its registration off, and that Dataverse is away", async () => {
    const { etag } = await fetch(`${http.at.app}/api/triggers/resolved`).then((it) => ({
      etag: it.headers.get("etag"),
    }));
    const edited = { ...RESOLVED, name: "Resolved, renamed" };
    await http.api("PUT", "/api/triggers/resolved", edited, { "if-match": etag ?? "" });
    expect(await state()).toMatchObject({ edited: true, registered: "yes" });
    const { value } = await http.read("sdkmessageprocessingsteps?$select=name,sdkmessageprocessingstepid");
    const steps = value as { name: string; sdkmessageprocessingstepid: string }[];
    const step = steps.find(({ name }) => name.endsWith("Update of incident"))?.sdkmessageprocessingstepid ?? "";
    await http.update("sdkmessageprocessingsteps", step, { statecode: 1, statuscode: 2 });
    expect(await state()).toMatchObject({
      registered: "drifted",
      differences: [{ at: "Update of incident", difference: "is switched off: no change of it arrives" }],
    });
    await http.control("/faults", { dataverse: { down: true } });
    expect(await state()).toMatchObject({ registered: "unknown", failing: { kind: "unknown" } });
  });

  it("is stopped, and then nothing is registered for it any more", async () => {
    await http.api("POST", "/api/triggers/resolved/stop");
    expect(await state()).toMatchObject({ phase: "stopped", revision: 1, registered: null });
    expect((await log()).fired).toHaveLength(1);
  });

  it("that there is not is answered 404", async () => {
    for (const path of ["state", "log"])
      expect((await fetch(`${http.at.app}/api/triggers/nothing/${path}`)).status).toBe(404);
  });
});
