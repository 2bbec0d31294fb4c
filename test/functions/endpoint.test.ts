import { HttpRequest, InvocationContext } from "@azure/functions";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { answer, type Endpoint } from "../../functions/endpoint.ts";
import { sqliteRows } from "../../shared/adapters/sqlite/rows.ts";
import { Audit } from "../../shared/stores/audit.ts";
import type { SignIn } from "../../shared/use-cases/access.ts";
import type { Deps } from "../../shared/use-cases/deps.ts";
import { inProcess, type World } from "../support/in-process.ts";
import { CALM, weathered } from "../support/weather.ts";

/** What the test knows of an app: all that deciding and auditing need. */
type Known = Deps & { readonly signIn: SignIn };

const BODY = { kind: "stop" };

describe("an HTTP function", () => {
  let world: World;
  let logged: unknown[];
  beforeEach(() => {
    world = inProcess();
    logged = [];
  });
  afterEach(() => world.close());

  const context = () =>
    new InvocationContext({ logHandler: (level, ...args) => logged.push([level, ...args]), functionName: "x" });

  function ask(method: string, endpoint: Partial<Endpoint<Known>>, audit: Audit = world.calm.audit) {
    const body = method === "GET" ? {} : { body: { string: JSON.stringify(BODY) } };
    const request = new HttpRequest({ method, url: "https://parcours.example/api/x", params: { run: "r1" }, ...body });
    const whole: Endpoint<Known> = {
      name: "x",
      methods: ["GET"],
      route: "x",
      role: "operator",
      audit: { action: "look-at", subject: () => "run:r1" },
      handle: async () => ({ status: 200, jsonBody: { secret: "of a person" } }),
      ...endpoint,
    };
    return answer(whole, request, context(), { ...world.calm, audit, signIn: "local" });
  }

  /** The store is away for the audit alone. */
  function away(): Audit {
    const rows = sqliteRows({ file: ":memory:", now: () => 0 });
    return new Audit(weathered(rows, { ...CALM, trouble: () => "fails" }));
  }

  it("reads the audited action from the body, which its handler has read too", async () => {
    const answered = await ask("POST", {
      audit: { action: (body) => (body as typeof BODY).kind, subject: (request) => `run:${request.params.run}` },
      handle: async (request) => ({ jsonBody: JSON.parse(await request.text()) }),
    });
    expect(answered.jsonBody).toEqual(BODY);
    expect((await world.calm.audit.page(10)).entries).toEqual([
      { at: world.clock.now(), by: { id: "local", name: "local" }, action: "stop", subject: "run:r1" },
    ]);
  });

  it("shows nobody a person where the audit can't be written", async () => {
    const answered = await ask("GET", {}, away());
    expect(answered.status).toBe(503);
    expect(JSON.stringify(answered)).not.toContain("secret");
  });

  it("takes what is posted for a look where it says so", async () => {
    const answered = await ask(
      "POST",
      { audit: { action: "backtest", look: true, subject: () => "trigger:x" } },
      away(),
    );
    expect(answered.status).toBe(503);
  });

  it("says that a change was made, though the audit can't be written: the log has it then", async () => {
    const answered = await ask("POST", { audit: { action: "publish", subject: () => "journey:x" } }, away());
    expect(answered.status).toBe(200);
    expect(logged).toEqual([
      ["error", "audit could not be written", { action: "publish", subject: "journey:x", by: "local" }],
    ]);
  });

  it("audits nothing where its handler refuses or fails", async () => {
    await ask("POST", { handle: async () => ({ status: 409 }) });
    await expect(ask("POST", { handle: () => Promise.reject(new Error("no")) })).rejects.toThrow("no");
    expect(await world.calm.audit.page(10)).toEqual({ entries: [] });
  });

  it("of everybody's, and one with a key of its own, knows nobody", async () => {
    const roles: unknown[] = [];
    for (const role of ["everybody", "keyed"] as const)
      await ask("POST", {
        role,
        handle: async (_request, _deps, _context, caller) => {
          roles.push(caller);
          return {};
        },
      });
    expect(roles).toEqual([
      { id: "", name: "", roles: [] },
      { id: "", name: "", roles: [] },
    ]);
  });
});
