import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Hub } from "./app/hub.ts";

const SCENARIOS = fileURLToPath(new URL("../../fixtures/durable-functions/src/scenarios.js", import.meta.url));

describe("an orchestration", () => {
  let hub: Hub;
  beforeAll(async () => {
    hub = await Hub.open({ files: [SCENARIOS] });
  });
  afterAll(() => hub.close());

  it("runs its activities one after the other and ends with its output", async () => {
    await hub.start("chain", "chain-1", { in: 1 });
    const { output } = await hub.until("chain-1", "Completed");
    expect(output).toMatchObject({ a: "a", b: { x: 1, t: "ü€😀" }, c: null, input: { in: 1 } });
  });

  it("ends a race by its event and goes on without the timer", async () => {
    await hub.start("anyTimer", "race-1");
    await hub.until("race-1", "Running");
    await hub.instances("POST", "race-1/raiseEvent/go", { a: 1 });
    const { output } = await hub.until("race-1", "Completed");
    expect(output).toEqual({ won: "event", data: { a: 1 } });
  });

  it("ends a race by its timer when the clock has come to it", async () => {
    await hub.start("anyTimer", "race-2", { ms: 86_400_000 });
    await hub.clock.advance(86_400_000 + 1000);
    expect((await hub.status("race-2")).output).toEqual({ won: "timer" });
  });

  it("tries a failing activity again after its delays", async () => {
    await hub.start("retry", "retry-1", { times: 2, first: 60_000, max: 4, backoff: 2 });
    await hub.clock.advance(200_000);
    expect((await hub.status("retry-1")).output).toBe("ok after 3");
  });

  it("carries the consumed event over when nothing is awaited before continueAsNew", async () => {
    await hub.start("canTimerCancel", "can-1");
    await hub.until("can-1", "Running");
    await hub.instances("POST", "can-1/raiseEvent/ev", "A");
    const { output } = await hub.until("can-1", "Completed");
    expect(output).toEqual({ got: ["A", "A", "A", "A"] });
  });

  it("calls children and takes their failures", async () => {
    await hub.start("sub", "sub-1");
    await hub.start("subFail", "sub-2");
    const { output } = await hub.until("sub-1", "Completed");
    expect(output).toEqual([
      { r: "c", i: { p: 1 }, parent: "sub-1", id: expect.stringMatching(/^[-0-9a-f]{36}:0$/) },
      { r: "c", i: "str", parent: "sub-1", id: "sub-1-kid" },
    ]);
    const { output: caught } = await hub.until("sub-2", "Completed");
    expect(caught).toMatchObject({
      caught: expect.stringMatching(/^Orchestrator function 'child' failed: child failed \n Message: child failed/),
    });
  });
});
