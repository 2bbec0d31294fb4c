import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { VirtualClock } from "../../../local/clock/virtual-clock.ts";
import { openScheduler, type Scheduler } from "../../../local/durable/scheduler.ts";
import { InstanceGone, type Outcome, type Worker } from "../../../local/durable/worker.ts";
import { serveScheduler } from "./app/serve-scheduler.ts";

/** An orchestrator `one` that calls the activity `work` once and ends with what it answered. */
function instance(id: string, work: () => Promise<Outcome>, names: string[] = ["one", "work"]): Worker {
  return {
    id,
    functions: new Set(names),
    kinds: new Map(names.map((name) => [name, name === "work" ? "activity" : "orchestrator"])),
    runOrchestrator: async (_name, _id, input) => {
      const { history } = JSON.parse(input) as { history: { EventType: number; Result?: string }[] };
      const done = history.find(({ EventType }) => EventType === 5);
      const actions = [[{ actionType: 0, functionName: "work", input: 1 }]];
      const output = done?.Result && JSON.parse(done.Result);
      return { kind: "returned", value: JSON.stringify({ isDone: done !== undefined, actions, output }) };
    },
    runActivity: work,
    runEntity: async () => ({ kind: "threw", message: "none here" }),
  };
}

const answers = (text: string) => async (): Promise<Outcome> => ({ kind: "returned", value: JSON.stringify(text) });

describe("app instances", () => {
  let clock: VirtualClock;
  let scheduler: Scheduler;
  let api: Awaited<ReturnType<typeof serveScheduler>>;
  beforeEach(async () => {
    clock = new VirtualClock();
    scheduler = openScheduler({ file: ":memory:", clock, busy: clock, hubName: "h", limits: { activity: 2 } });
    api = await serveScheduler(scheduler);
  });
  afterEach(async () => {
    await api.close();
    await scheduler.close();
    clock.close();
  });

  it("are waited for: with none connected, work stays and holds the clock", async () => {
    await api.start("one", "waits");
    expect(await api.status("waits")).toMatchObject({ runtimeStatus: "Pending" });
    expect(clock.underWay()).toEqual({ "durable orchestrator": 1 });
    scheduler.attach(instance("a", answers("from a")));
    await clock.quiet();
    expect(await api.status("waits")).toMatchObject({ runtimeStatus: "Completed", output: "from a" });
  });

  it("that are gone have their work handed to another, and their late answer is ignored", async () => {
    let release: (outcome: Outcome) => void = () => undefined;
    const detach = scheduler.attach(instance("dying", () => new Promise((resolve) => (release = resolve))));
    await api.start("one", "moved");
    while (clock.underWay()["durable activity"] !== 1) await new Promise((wake) => setTimeout(wake, 5));
    await new Promise((wake) => setTimeout(wake, 20));
    scheduler.attach(instance("healthy", answers("from the healthy")));
    detach();
    release({ kind: "returned", value: '"too late"' });
    await clock.quiet();
    expect(await api.status("moved")).toMatchObject({ output: "from the healthy" });
  });

  it("that answer InstanceGone are asked again only if they are still connected", async () => {
    let calls = 0;
    scheduler.attach(
      instance("flaky", async () => {
        if (++calls < 3) throw new InstanceGone("flaky");
        return { kind: "returned", value: '"third"' };
      }),
    );
    await api.start("one", "flaky");
    await clock.quiet();
    expect(await api.status("flaky")).toMatchObject({ output: "third" });
  });

  it("are given no more at a time than the limits say", async () => {
    let now = 0;
    let most = 0;
    scheduler.attach(
      instance("limited", async () => {
        most = Math.max(most, ++now);
        await new Promise((wake) => setTimeout(wake, 5));
        now--;
        return { kind: "returned", value: "1" };
      }),
    );
    await Promise.all(Array.from({ length: 12 }, (_, n) => api.start("one", `limited-${n}`)));
    await clock.quiet();
    for (let n = 0; n < 12; n++) expect(await api.status(`limited-${n}`)).toMatchObject({ runtimeStatus: "Completed" });
    expect(most).toBe(2);
  });

  it("of two builds each get what they know", async () => {
    scheduler.attach(instance("old", answers("old")));
    scheduler.attach(instance("new", answers("new"), ["two", "work"]));
    await api.start("one", "by-old");
    await api.start("two", "by-new");
    await clock.quiet();
    expect(await api.status("by-old")).toMatchObject({ runtimeStatus: "Completed" });
    expect(await api.status("by-new")).toMatchObject({ runtimeStatus: "Completed" });
  });

  it("that connect without an orchestrator's name let its instances fail, as on the host", async () => {
    await api.start("nobody-knows", "unknown");
    scheduler.attach(instance("a", answers("a")));
    await clock.quiet();
    expect(await api.status("unknown")).toMatchObject({
      runtimeStatus: "Failed",
      output: expect.stringMatching(
        /^Orchestrator function 'nobody-knows' failed: The function 'nobody-knows' doesn't exist/,
      ),
    });
  });

  it("that answer no orchestration state fail the instance and nothing else", async () => {
    const odd = { ...instance("odd", answers("x")), runOrchestrator: answers("not a state") };
    scheduler.attach(odd);
    await api.start("one", "odd");
    await clock.quiet();
    expect(await api.status("odd")).toMatchObject({ runtimeStatus: "Failed" });
  });

  it("that answer after the scheduler was closed are not listened to", async () => {
    let release: (outcome: Outcome) => void = () => undefined;
    const asked = new Promise<void>((called) => {
      scheduler.attach(
        instance("slow", () => {
          called();
          return new Promise((resolve) => {
            release = resolve;
          });
        }),
      );
    });
    await api.start("one", "slow");
    await asked;
    await scheduler.close();
    release({ kind: "returned", value: "1" });
    await new Promise((wake) => setImmediate(wake));
    await expect(api.start("one", "late")).rejects.toThrow("503");
  });
});
