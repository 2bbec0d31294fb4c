import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Platform } from "../../../local/platform/platform.ts";
import { fixtureApp, getJson, startTiny, until } from "./tiny-app.ts";

describe("the control address", () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startTiny({ ports: { app: 0, serviceBus: 0, dataverse: 0, communication: 0 } });
  });
  afterAll(() => platform.close());

  const call = async (path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const init = body === undefined ? { headers } : { method: "POST", body: JSON.stringify(body), headers };
    const response = await fetch(`${platform.addresses.control}${path}`, init);
    return { status: response.status, body: (await response.json()) as Record<string, unknown>, response };
  };
  const instances = async () =>
    (await call("/app")).body.instances as { id: string; pid: number; state: string; restarts: number }[];

  it("tells the virtual time, and moves it on by a duration", async () => {
    const before = (await call("/clock")).body as { now: string; offsetMs: number };
    const after = (await call("/clock", { advance: "P3D" })).body as { now: string; offsetMs: number };
    expect(after.offsetMs - before.offsetMs).toBeLessThanOrEqual(3 * 86_400_000);
    expect(Date.parse(after.now) - Date.parse(before.now)).toBeGreaterThanOrEqual(3 * 86_400_000);
    expect((await call("/clock", { advanceMs: 1000 })).status).toBe(200);
  });

  it("answers the call that moves the clock only when all that fell due is done", async () => {
    const { statusQueryGetUri } = await getJson<{ statusQueryGetUri: string }>(platform, "/api/start", {
      method: "POST",
      body: JSON.stringify({ names: ["a"], waitMs: 3_600_000 }),
    });
    await call("/clock", { advance: "PT1H" });
    expect(await (await fetch(statusQueryGetUri)).json()).toMatchObject({ runtimeStatus: "Completed" });
  });

  it.each([{ advance: "3 days" }, { advance: 3 }, {}, { advance: "P1D", more: 1 }])(
    "refuses %j with a reason",
    async (body) => {
      const answer = await call("/clock", body);
      expect(answer.status).toBe(400);
      expect(answer.body.error).toContain("P3D");
    },
  );

  it("kills an instance, which comes again", async () => {
    const [before] = await instances();
    expect((await call("/app/kill", {})).body).toMatchObject({ killed: { pid: before?.pid } });
    const [after] = await until(instances, ([one]) => one?.state === "ready");
    expect(after?.pid).not.toBe(before?.pid);
    expect(after?.restarts).toBe(1);
    expect((await call("/app/kill", { pid: 1 })).status).toBe(409);
  });

  it("sets the number of instances, and they share the work", async () => {
    await call("/app", { instances: 2 });
    const two = await until(instances, (all) => all.every(({ state }) => state === "ready"));
    expect(two).toHaveLength(2);
    const pids = new Set<number>();
    for (let turn = 0; turn < 4; turn++) pids.add((await getJson<{ pid: number }>(platform, "/api/clock")).pid);
    expect([...pids].sort()).toEqual(two.map(({ pid }) => pid).sort());
    await call("/app", { instances: 1 });
    expect(await instances()).toHaveLength(1);
  });

  it("runs an old and a new build side by side", async () => {
    await call("/app", { appDir: fixtureApp("http"), instances: 2 });
    await until(instances, (all) => all.every(({ state }) => state === "ready"));
    // The new build has no prefix: each instance knows one of the two paths.
    const answers = await Promise.all(
      ["/pid", "/pid", "/api/clock", "/api/clock"].map(
        async (path) => (await fetch(platform.addresses.app + path)).status,
      ),
    );
    expect(answers.sort()).toEqual([200, 200, 404, 404]);
    await call("/app", { appDir: fixtureApp("tiny"), instances: 1 });
  });

  it("refuses a build that is not there, and stays with the one it has", async () => {
    const { status, body } = await call("/app", { appDir: fixtureApp("nowhere"), instances: 2 });
    expect([status, body.error]).toEqual([400, expect.stringContaining("There is no function app in")]);
    expect(await instances()).toHaveLength(1);
  });

  it("passes faults to their parts, says what stands, and refuses what no part knows", async () => {
    expect((await call("/faults", { dataverse: { down: true }, store: { delayMs: 5 } })).body).toEqual({
      dataverse: { down: true },
      store: { delayMs: 5 },
    });
    const rows = () => fetch(`${platform.addresses.dataverse}/accounts`, { headers: { accept: "application/json" } });
    expect((await rows()).status).toBe(503);
    expect((await call("/faults", { dataverse: null, store: null })).body).toEqual({});
    expect((await rows()).status).toBe(200);
    for (const wrong of [{ bus: "down" }, { serviceBus: "slow" }, { communication: { rules: [{ fault: "x" }] } }])
      expect((await call("/faults", wrong)).status).toBe(400);
    expect((await call("/faults")).body).toEqual({});
  });

  it("hands a fault of the store to the app's instances, also to those that start later", async () => {
    await call("/faults", { store: { delayMs: 7 } });
    const faults = () => getJson<unknown>(platform, "/api/faults");
    expect(await faults()).toEqual({ store: { delayMs: 7 } });
    await platform.kill();
    expect(await faults()).toEqual({ store: { delayMs: 7 } });
    await call("/faults", { store: null });
    expect(await faults()).toEqual({});
  });

  it("says what is under way, and what it can do", async () => {
    await until(
      async () => (await call("/busy")).body,
      (busy) => Object.keys(busy).length === 0,
    );
    const unknown = await call("/nothing");
    expect([unknown.status, unknown.body.routes]).toEqual([404, expect.arrayContaining(["GET /clock"])]);
  });

  it("may be called by the app's own pages, and by no other page", async () => {
    const own = await call("/clock", undefined, { origin: platform.addresses.app });
    expect(own.response.headers.get("access-control-allow-origin")).toBe(platform.addresses.app);
    expect((await call("/app/kill", {}, { origin: "https://example.com" })).status).toBe(403);
  });
});
