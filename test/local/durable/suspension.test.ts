import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Hub } from "./app/hub.ts";

const SCENARIOS = fileURLToPath(new URL("../../fixtures/durable-functions/src/scenarios.js", import.meta.url));

/** What no recording shows: by the sources of DurableTask's orchestration context. */
describe("suspension, in the sources' words", () => {
  let hub: Hub;
  let hold: Promise<void> | undefined;
  const activities: string[] = [];
  beforeAll(async () => {
    hub = await Hub.open({
      files: [SCENARIOS],
      // One episode at a time: while one is held, what is sent to others comes to them at once.
      limits: { orchestrator: 1 },
      wrap: (worker) => ({
        ...worker,
        runOrchestrator: async (...given) => {
          await hold;
          return await worker.runOrchestrator(...given);
        },
        runActivity: async (name, instance, ...given) => {
          activities.push(instance);
          return await worker.runActivity(name, instance, ...given);
        },
      }),
    });
  });
  afterAll(() => hub.close());

  /** Lets requests be sent that one episode will find together. */
  const together = async (send: () => Promise<void>): Promise<void> => {
    const gate = Promise.withResolvers<void>();
    hold = gate.promise;
    await hub.start("empty", `before-${activities.length}-${Math.random()}`);
    await send();
    hold = undefined;
    gate.resolve();
    await hub.clock.quiet();
  };
  const events = async (id: string) =>
    ((await hub.status(id)).historyEvents as { EventType: string }[]).map(({ EventType }) => EventType);

  it("shelves what was decided in the same episode until the resume, and then does it once", async () => {
    await together(async () => {
      await hub.start("chain", "shelved");
      await hub.instances("POST", "shelved/suspend?reason=at+once");
    });
    expect(await hub.status("shelved")).toMatchObject({ runtimeStatus: "Suspended", output: "at once" });
    expect(await events("shelved")).toEqual(["ExecutionStarted", "ExecutionSuspended"]);
    await hub.instances("POST", "shelved/raiseEvent/other", 1);
    await hub.clock.quiet();
    expect(activities.filter((id) => id === "shelved")).toEqual([]);
    await hub.instances("POST", "shelved/resume?reason=on");
    expect(await hub.until("shelved", "Completed")).toMatchObject({ output: { a: "a" } });
    expect(activities.filter((id) => id === "shelved")).toHaveLength(3);
  });

  it("ends with one resume, however often it was asked for", async () => {
    await hub.start("waiter", "twice");
    await hub.until("twice", "Running");
    await together(async () => {
      await hub.instances("POST", "twice/suspend?reason=one");
      await hub.instances("POST", "twice/suspend?reason=two");
    });
    expect(await hub.status("twice")).toMatchObject({ runtimeStatus: "Suspended", output: "two" });
    await hub.instances("POST", "twice/raiseEvent/go", "now");
    await hub.instances("POST", "twice/resume");
    expect(await hub.until("twice", "Completed")).toMatchObject({ output: { e: "now", type: "string" } });
  });

  it("does not keep an instance from being terminated", async () => {
    await together(async () => {
      await hub.start("chain", "stopped");
      await hub.instances("POST", "stopped/suspend?reason=one");
      await hub.instances("POST", "stopped/terminate?reason=two");
    });
    expect(await hub.until("stopped", "Terminated")).toMatchObject({ output: "two" });
    expect(activities.filter((id) => id === "stopped")).toEqual([]);
    expect(await events("stopped")).toEqual([
      "ExecutionStarted",
      "ExecutionSuspended",
      "ExecutionTerminated",
      "ExecutionCompleted",
    ]);
  });
});
