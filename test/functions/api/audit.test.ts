import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Company } from "../../journeys/company.ts";
import { type Stack, startStack } from "../../support/stack.ts";
import { declaredEndpoints } from "./declared.ts";
import { principal } from "./principal.ts";

/** Changes nothing that anybody else sees, though it is no GET: nothing to audit, and why. */
const UNAUDITED: Readonly<Record<string, string>> = {};

/** Shows people nothing of a single person that would have to leave a trace, and why. */
const UNTRACED: Readonly<Record<string, string>> = {
  "list-batches": "numbers of what was replayed at once",
  "list-brakes": "numbers of what waits, by trigger",
  "list-children": "the organisation's own words for its tables",
  "list-held": "keys of records that wait, a page at a time, and none of their values",
  "list-journeys": "definitions",
  "list-mails": "definitions",
  "list-runs": "keys of runs, a page at a time; a run itself leaves a trace",
  "list-surveys": "definitions",
  "list-tables": "the organisation's own words for its tables",
  "list-trigger-uses": "definitions",
  "list-triggers": "definitions",
  openapi: "how to call what is here",
  "read-audit": "what people did, which is the trace itself",
  "read-deliverability": "the mail domain",
  "read-example": "asked every moment while somebody shows something: beginning to listen left the trace",
  "read-insights": "numbers",
  "read-journey": "definitions",
  "read-mail": "definitions",
  "read-me": "oneself",
  "read-pool": "a number",
  "read-reconciliation": "how far the search for missed changes is",
  "read-registrations": "what Dataverse tells",
  "read-snippets": "programs with made-up people",
  "read-survey": "definitions",
  "read-table": "the organisation's own words for its columns",
  "read-trigger": "definitions",
  "read-trigger-log": "keys of records that fired, and none of their values or people",
  "read-trigger-state": "where a definition is on its way",
  "status-show": "numbers, and keys of runs; a run itself leaves a trace",
  "tell-trigger": "a definition, in words",
};

interface AuditPage {
  readonly entries: readonly {
    readonly at: string;
    readonly by: { readonly id: string; readonly name: string };
    readonly action: string;
    readonly subject: string;
  }[];
  readonly next: string | null;
}

const endpoints = await declaredEndpoints();

describe("the audit", () => {
  let stack: Stack;
  let company: Company;
  beforeAll(async () => {
    stack = await startStack();
    company = await Company.open(stack.http);
  });
  afterAll(() => stack.stop());

  const audit = (next = ""): Promise<AuditPage> =>
    stack.http.api<AuditPage>("GET", `/api/audit${next === "" ? "" : `?next=${encodeURIComponent(next)}`}`);
  /** What a request adds, newest first. */
  async function added(work: () => Promise<unknown>): Promise<[string, string][]> {
    const before = new Set((await audit()).entries.map((entry) => JSON.stringify(entry)));
    await work();
    const { entries } = await audit();
    return entries
      .filter((entry) => !before.has(JSON.stringify(entry)))
      .map(({ action, subject }) => [action, subject]);
  }
  const post = (path: string, body: unknown) =>
    fetch(`${stack.http.at.app}${path}`, { method: "POST", body: JSON.stringify(body) });

  it("is stated by every route for people that changes something", () => {
    const silent = endpoints.filter(
      ({ role, methods, audit }) =>
        role !== "everybody" &&
        role !== "keyed" &&
        audit === undefined &&
        methods.some((method) => !["GET", "HEAD", "OPTIONS"].includes(method)),
    );
    expect(silent.map(({ name }) => name).sort()).toEqual(Object.keys(UNAUDITED).sort());
  });

  it("is stated by every route that shows a person: what leaves no trace is named here, with the reason", () => {
    const looking = endpoints.filter(
      ({ role, methods, audit }) =>
        role !== "everybody" && role !== "keyed" && audit === undefined && methods.includes("GET"),
    );
    expect(looking.map(({ name }) => name).filter((name) => !(name in UNTRACED))).toEqual([]);
  });

  it("says who did what to what, and when, newest first, and holds no values", async () => {
    const { entries } = await audit();
    expect(entries.length).toBeGreaterThan(30);
    const times = entries.map(({ at }) => at);
    expect(times).toEqual([...times].sort().reverse());
    for (const { by } of entries) expect(by).toEqual({ id: "local", name: "local" });
    expect(entries.map(({ action, subject }) => `${action} ${subject}`)).toEqual(
      expect.arrayContaining([
        "save trigger:support-case-status-updated",
        "publish trigger:support-case-status-updated",
        "publish journey:after-the-case",
      ]),
    );
    expect(JSON.stringify(entries)).not.toContain("statecode");
  });

  it("names what was asked of a journey and of a run", async () => {
    const path = "/api/journeys/after-the-case/gate";
    expect(await added(() => post(path, { state: "paused" }))).toEqual([["gate-paused", "journey:after-the-case"]]);
    expect(await added(() => post(path, { state: "open" }))).toEqual([["gate-open", "journey:after-the-case"]]);
    const camille = await company.person("Camille");
    const incident = await company.openCase(camille.id);
    await company.http.resolve(incident);
    await company.quiet();
    const [row] = await company.runs("after-the-case", "live", incident);
    const run = row?.row.state.run ?? "";
    const commands = `/api/runs/${encodeURIComponent(run)}/commands`;
    expect(await added(() => post(commands, { kind: "pause" }))).toEqual([["pause", `run:${run}`]]);
    expect(await added(() => stack.http.api("GET", `/api/runs/${encodeURIComponent(run)}`))).toEqual([
      ["look-at", `run:${run}`],
    ]);
    expect(await added(() => fetch(`${stack.http.at.app}/runs/${encodeURIComponent(run)}`))).toEqual([
      ["look-at", `run:${run}`],
    ]);
  });

  it("says nothing of what was refused, or of looks at what is about nobody", async () => {
    expect(await added(() => post("/api/journeys/after-the-case/gate", { state: "ajar" }))).toEqual([]);
    expect(await added(() => post("/api/journeys/no-such/gate", { state: "open" }))).toEqual([]);
    expect(await added(() => stack.http.api("GET", "/api/decisions?about=trigger:x"))).toEqual([]);
    expect(await added(() => stack.http.api("GET", "/api/journeys"))).toEqual([]);
  });

  it("names the one machine's user, whoever a header says that one is", async () => {
    const headers = principal("admin");
    await fetch(`${stack.http.at.app}/api/journeys/after-the-case/gate`, {
      method: "POST",
      headers,
      body: JSON.stringify({ state: "open" }),
    });
    expect((await audit()).entries[0]?.by).toEqual({ id: "local", name: "local" });
  });

  it("refuses a page that it never named", async () => {
    expect((await fetch(`${stack.http.at.app}/api/audit?next=2026`)).status).toBe(400);
  });
});

describe("the audit, with the platform's sign-in", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ settings: { PARCOURS_OPEN: "", PARCOURS_SIGN_IN: "platform" } });
  });
  afterAll(() => stack.stop());

  it("names who signed in, by the account's own id and by name", async () => {
    const body = JSON.stringify({ codes: ["A"] });
    const headers = principal("operator");
    const added = await fetch(`${stack.http.at.app}/api/discount-pools/spring/codes`, {
      method: "POST",
      body,
      headers,
    });
    expect(added.status).toBe(200);
    const answer = await fetch(`${stack.http.at.app}/api/audit`, { headers: principal("admin") });
    expect(await answer.json()).toMatchObject({
      entries: [
        {
          by: { id: "5c0e1f1a-0000-4000-8000-00000000a001", name: "mona@example.com" },
          action: "add-codes",
          subject: "discount-pool:spring",
        },
      ],
      next: null,
    });
  });
});
