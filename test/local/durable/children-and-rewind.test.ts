import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Hub } from "./app/hub.ts";

const SCENARIOS = fileURLToPath(new URL("../../fixtures/durable-functions/src/scenarios.js", import.meta.url));

/** What no recording shows: by the sources of the extension's context and of the Azure Storage provider. */
describe("children and rewinding, in the sources' words", () => {
  let hub: Hub;
  beforeAll(async () => {
    hub = await Hub.open({ files: [SCENARIOS] });
  });
  afterAll(() => hub.close());

  const events = (status: Record<string, unknown>) =>
    (status.historyEvents as { EventType: string }[]).map(({ EventType }) => EventType);

  it("a failing child is tried again under the id that it was given", async () => {
    await hub.start("subRetry", "retrying", { id: "retried" });
    await hub.until("retried", "Failed");
    for (let tries = 0; tries < 3; tries++) {
      await hub.clock.quiet();
      await hub.clock.advance(1000);
    }
    const status = await hub.until("retrying", "Completed");
    expect(status.output).toEqual({ caught: expect.stringContaining("child failed") });
    expect(events(status)).toEqual([
      "ExecutionStarted",
      "SubOrchestrationInstanceFailed",
      "TimerCreated",
      "TimerFired",
      "SubOrchestrationInstanceFailed",
      "TimerCreated",
      "TimerFired",
      "ExecutionCompleted",
    ]);
  });

  it("a child with its parent's id is not created, and the parent waits for ever", async () => {
    await hub.start("subRetry", "Own", { id: "own" });
    await hub.clock.quiet();
    expect(await hub.status("Own")).toMatchObject({ name: "subRetry", runtimeStatus: "Running" });
    expect(events(await hub.status("Own"))).toEqual(["ExecutionStarted"]);
    expect((await hub.instances("GET", "own")).status).toBe(404);
  });

  it("a child takes its id from an instance that runs, which is then gone", async () => {
    await hub.start("anyTimer", "taker-kid", { ms: 5000 });
    await hub.until("taker-kid", "Running");
    await hub.start("subWait", "taker");
    await hub.until("taker", "Running");
    await hub.clock.quiet();
    expect(await hub.status("taker-kid")).toMatchObject({ name: "waiter", runtimeStatus: "Running", input: 1 });
    await hub.clock.advance(10_000);
    await hub.instances("POST", "taker-kid/raiseEvent/go", "on");
    expect(await hub.until("taker", "Completed")).toMatchObject({ output: { e: "on", type: "string" } });
    expect(await hub.status("taker-kid")).toMatchObject({ name: "waiter", runtimeStatus: "Completed" });
  });

  it("a child that runs again under its id shows its old output until it has another", async () => {
    for (const output of [null, "first"]) {
      await hub.start("subWait", "again");
      await hub.until("again", "Running");
      await hub.clock.quiet();
      expect(await hub.status("again-kid")).toMatchObject({
        runtimeStatus: "Running",
        output: output && { e: output, type: "string" },
      });
      await hub.instances("POST", "again-kid/raiseEvent/go", "first");
      await hub.until("again", "Completed");
    }
  });

  it("what a suspension left as output stays when the instance continues as new", async () => {
    await hub.start("canEvents", "renewed");
    await hub.until("renewed", "Running");
    await hub.instances("POST", "renewed/suspend?reason=wait");
    await hub.until("renewed", "Suspended");
    await hub.instances("POST", "renewed/resume?reason=go+on");
    await hub.until("renewed", "Running");
    await hub.instances("POST", "renewed/raiseEvent/ev", 1);
    await hub.clock.quiet();
    expect(await hub.status("renewed")).toMatchObject({ input: { got: [1] }, output: "go on" });
  });

  it("a rewound instance is Pending, with its old output and no history to see, until it ends", async () => {
    const gate = Promise.withResolvers<void>();
    let calls = 0;
    const own = await Hub.open({
      files: [],
      app: hub.app,
      wrap: (worker) => ({
        ...worker,
        runActivity: async (name, ...given) => {
          if (name === "fail" && ++calls === 2) await gate.promise;
          return await worker.runActivity(name, ...given);
        },
      }),
    });
    try {
      await own.start("subRewind", "back");
      const { output } = await own.until("back", "Failed");
      expect((await own.instances("POST", "back/rewind?reason=again")).status).toBe(202);
      const rewound = await own.until("back", "Pending");
      expect(rewound.output).toBe(output);
      expect(rewound).not.toHaveProperty("historyEvents");
      expect((await own.instances("DELETE", "back")).status).toBe(412);
      gate.resolve();
      expect(await own.until("back", "Completed")).toMatchObject({ output: ["first", "ok after 2"] });
    } finally {
      gate.resolve();
      await own.close();
    }
  });

  it("an instance can be rewound as often as it fails", async () => {
    await hub.start("failUncaught", "often");
    expect((await hub.until("often", "Failed")).output).toContain("boom 1");
    for (const boom of ["boom 2", "boom 3"]) {
      await hub.instances("POST", "often/rewind?reason=once+more");
      await hub.clock.quiet();
      expect((await hub.until("often", "Failed")).output).toContain(boom);
    }
    expect(events(await hub.status("often")).filter((type) => type === "GenericEvent")).toHaveLength(8);
  });

  it("a rewound retry fails for its timer, which the replay has not come to", async () => {
    await hub.start("retryUncaught", "timed");
    for (let tries = 0; tries < 3; tries++) {
      await hub.clock.quiet();
      await hub.clock.advance(1000);
    }
    await hub.until("timed", "Failed");
    await hub.instances("POST", "timed/rewind?reason=again");
    await hub.clock.quiet();
    expect((await hub.until("timed", "Failed")).output).toBe(
      "Non-Deterministic workflow detected: A previous execution of this orchestration scheduled a timer task with sequence number 1 but the current replay execution hasn't (yet?) scheduled this task. Was a change made to the orchestrator code after this instance had already started running?",
    );
  });

  it("a retry whose delay no timer of the provider reaches is never begun", async () => {
    await hub.start("retry", "patient", { first: 7 * 86_400_000, max: 2 });
    await hub.clock.quiet();
    expect(await hub.status("patient")).toMatchObject({ runtimeStatus: "Running" });
    expect(events(await hub.status("patient"))).toEqual(["ExecutionStarted"]);
  });
});
