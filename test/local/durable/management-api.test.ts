import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Hub, WEBHOOK_PATH } from "./app/hub.ts";

const SCENARIOS = fileURLToPath(new URL("../../fixtures/durable-functions/src/scenarios.js", import.meta.url));

describe("the management API", () => {
  let hub: Hub;
  beforeAll(async () => {
    hub = await Hub.open({ files: [SCENARIOS] });
  });
  afterAll(() => hub.close());

  const list = async (query: string, token?: string) => {
    const headers = token === undefined ? {} : { "x-ms-continuation-token": token };
    const response = await fetch(`${hub.origin}${WEBHOOK_PATH}/instances?${query}`, { headers });
    const rows = (await response.json()) as { instanceId: string; runtimeStatus: string; input: unknown }[];
    return {
      ids: rows.map(({ instanceId }) => instanceId),
      rows,
      next: response.headers.get("x-ms-continuation-token"),
    };
  };
  const client = async (operation: string, ...args: unknown[]) => {
    const { body } = await hub.ask("POST", `/api/client/${operation}`, args);
    return body as { ok?: unknown; threw?: string };
  };

  it("lists instances in the order of their ids, page by page", async () => {
    for (const id of ["list-c", "list-a", "list-b", "list-d", "list-e"]) await hub.start("empty", id, id);
    for (const id of ["list-a", "list-b", "list-c", "list-d", "list-e"]) await hub.until(id, "Completed");
    const first = await list("instanceIdPrefix=list-&top=2");
    expect(first.ids).toEqual(["list-a", "list-b"]);
    expect(first.next).toMatch(/^[\w=]+ $/);
    const second = await list("instanceIdPrefix=list-&top=2", first.next ?? "");
    expect(second.ids).toEqual(["list-c", "list-d"]);
    const third = await list("instanceIdPrefix=list-&top=2", second.next ?? "");
    expect(third).toMatchObject({ ids: ["list-e"], next: "" });
  });

  it("filters by status, passing over one that does not exist, and by time of creation", async () => {
    await hub.start("waiter", "filter-running");
    await hub.start("throwsNow", "filter-failed");
    await hub.until("filter-running", "Running");
    await hub.until("filter-failed", "Failed");
    expect((await list("instanceIdPrefix=filter-&runtimeStatus=Failed,Terminated")).ids).toEqual(["filter-failed"]);
    expect((await list("instanceIdPrefix=filter-&runtimeStatus=Bogus")).ids).toHaveLength(2);
    const tomorrow = new Date(hub.clock.now() + 86_400_000).toISOString();
    expect((await list(`instanceIdPrefix=filter-&createdTimeFrom=${tomorrow}`)).ids).toEqual([]);
    expect((await list(`instanceIdPrefix=filter-&createdTimeTo=${tomorrow}`)).ids).toHaveLength(2);
    expect((await list("instanceIdPrefix=filter-f&showInput=false")).rows).toMatchObject([{ input: null }]);
  });

  it("answers with nothing but a token where no row is wanted", async () => {
    expect(await list("top=0")).toMatchObject({ ids: [], next: expect.stringMatching(/. $/) });
  });

  it("gives the library's client all pages and all instances by filter", async () => {
    await Promise.all(Array.from({ length: 120 }, (_, n) => hub.start("throwsNow", `many-${n}`)));
    for (let n = 0; n < 120; n++) await hub.until(`many-${n}`, "Failed");
    const { ok } = await client("getStatusBy", { runtimeStatus: ["Failed"] });
    expect((ok as { instanceId: string }[]).filter(({ instanceId }) => instanceId.startsWith("many-"))).toHaveLength(
      120,
    );
    const { ok: purged } = await client("purgeInstanceHistoryBy", {
      createdTimeFrom: "$date",
      runtimeStatus: ["Failed"],
    });
    expect((purged as { instancesDeleted: number }).instancesDeleted).toBeGreaterThanOrEqual(120);
    expect((await list("instanceIdPrefix=many-")).ids).toEqual([]);
  });

  it("purges by its id only what has ended", async () => {
    await hub.start("waiter", "keep");
    await hub.until("keep", "Running");
    expect(await hub.instances("DELETE", "keep")).toMatchObject({ status: 412 });
    expect((await hub.status("keep")).runtimeStatus).toBe("Running");
  });

  it("starts an ended id anew without a trace of the former run, and refuses one that runs", async () => {
    await hub.start("custom", "again");
    await hub.until("again", "Running");
    expect(await hub.ask("POST", `${WEBHOOK_PATH}/orchestrators/empty/again`, 1)).toMatchObject({
      status: 409,
      body: { Message: "An Orchestration instance with the status Running already exists." },
    });
    await hub.instances("POST", "again/terminate?reason=enough");
    expect(await hub.until("again", "Terminated")).toMatchObject({ output: "enough", customStatus: { step: 1 } });
    await hub.start("empty", "again", 1);
    expect(await hub.until("again", "Completed")).toMatchObject({ name: "empty", output: null, customStatus: null });
  });

  it("takes an event raised right after the start", async () => {
    await hub.start("waiter", "early");
    expect(await hub.instances("POST", "early/raiseEvent/go", 1)).toMatchObject({ status: 202 });
    expect((await hub.until("early", "Completed")).output).toEqual({ e: 1, type: "number" });
  });

  it("rewinds a parent through its failed child", async () => {
    await hub.start("subRewind", "rewound");
    await hub.until("rewound", "Failed");
    expect(await hub.instances("POST", "rewound/rewind?reason=fixed")).toMatchObject({ status: 202 });
    expect((await hub.until("rewound", "Completed")).output).toEqual(["first", "ok after 2"]);
  });

  it("does operations on an entity one after the other, whoever sends them", async () => {
    const send = (n: number) => hub.ask("POST", `${WEBHOOK_PATH}/entities/counter/sum?op=add`, n);
    await Promise.all(Array.from({ length: 50 }, (_, n) => send(n)));
    await hub.clock.quiet();
    expect(await client("readEntityState", { $ent: ["Counter", "sum"] })).toEqual({
      ok: { entityExists: true, entityState: 1225 },
    });
  });

  it("makes those who want the same locks wait for each other", async () => {
    await Promise.all(Array.from({ length: 8 }, (_, n) => hub.start("lock", `lock-${n}`)));
    const outputs = [];
    for (let n = 0; n < 8; n++) outputs.push((await hub.until(`lock-${n}`, "Completed")).output);
    const counts = outputs.map((output) => output as { x: number; y: number });
    expect(counts.map(({ x }) => x).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    for (const { x, y } of counts) expect(y).toBe(x);
  });

  it("tells an orchestration of an entity's exception", async () => {
    await hub.start("ent", "ent-1");
    expect((await hub.until("ent-1", "Completed")).output).toMatchObject({ v: 7, g: 7, err: expect.any(String) });
  });

  it("resolves two waits on one name last come first served", async () => {
    await hub.start("two", "two-1");
    await hub.until("two-1", "Running");
    await hub.instances("POST", "two-1/raiseEvent/x", "first");
    await hub.clock.quiet();
    await hub.instances("POST", "two-1/raiseEvent/x", "second");
    expect((await hub.until("two-1", "Completed")).output).toEqual(["second", "first"]);
  });
});
