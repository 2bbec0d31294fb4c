import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { Hub } from "./app/hub.ts";

const JOURNEY = fileURLToPath(new URL("../../fixtures/journey-app/journey.js", import.meta.url));

interface Looked {
  readonly taken: string[];
  readonly inbox: string[];
  readonly steps: number;
  readonly resumes: number;
}

/** The orchestrator's shape as Parcours runs it: nothing lost, no loop, whatever way the wakes come. */
describe("the journey orchestrator", () => {
  let hub: Hub;
  beforeEach(async () => {
    hub = await Hub.open({ files: [JOURNEY] });
  });
  afterEach(() => hub.close());

  const put = async (run: string, what: string) => {
    await hub.app.http("put", { method: "POST", url: "http://app/", nullableParams: params({ run, what }) }, "");
    await hub.instances("POST", `${run}/raiseEvent/wake`, {});
  };
  const look = async (run: string): Promise<Looked> => {
    const answer = await hub.app.http(
      "look",
      { method: "GET", url: "http://app/", nullableParams: params({ run }) },
      "",
    );
    return JSON.parse(bodyOf(answer)) as Looked;
  };

  it("takes all of its inbox when wakes come spaced, in bursts and overlapping", async () => {
    const runs = Array.from({ length: 30 }, (_, n) => `run-${n}`);
    const want = 12;
    for (const run of runs) await hub.start("journey", run, { run, want, waitMs: 3_600_000 });
    await Promise.all(
      runs.map(async (run, n) => {
        for (let i = 0; i < want; ) {
          const burst = 1 + ((n + i) % 4);
          const puts = [];
          for (let k = 0; k < burst && i < want; k++) puts.push(put(run, `m${i++}`));
          await Promise.all(puts);
          if ((n + i) % 3 === 0) await new Promise((wake) => setTimeout(wake, n % 7));
        }
      }),
    );
    for (const run of runs) {
      await hub.until(run, "Completed");
      const { taken, inbox, steps } = await look(run);
      expect([...taken].sort()).toEqual(Array.from({ length: want }, (_, i) => `m${i}`).sort());
      expect(inbox).toEqual([]);
      expect(steps).toBeLessThanOrEqual(want);
    }
  });

  it("waits for 30 days in timers of at most six and goes on at its end", async () => {
    await hub.start("journey", "long", { run: "long", want: 1, waitMs: 30 * 86_400_000 });
    await hub.clock.advance(31 * 86_400_000);
    expect((await hub.status("long")).runtimeStatus).toBe("Running");
    await put("long", "at last");
    await hub.until("long", "Completed");
    expect((await look("long")).taken).toEqual(["at last"]);
  });

  it("holds when its store is down past all retries and never fails", async () => {
    await hub.start("journey", "ill", { run: "ill", want: 2, waitMs: 60_000, failEvery: 1 });
    await hub.clock.advance(3_600_000);
    expect((await hub.status("ill")).runtimeStatus).toBe("Running");
  });

  it("does not run on by itself: without a wake nothing happens before the timer", async () => {
    await hub.start("journey", "still", { run: "still", want: 3, waitMs: 3_600_000, failEvery: 1_000_000 });
    await put("still", "one");
    await hub.clock.quiet();
    const { resumes } = await look("still");
    await new Promise((wake) => setTimeout(wake, 100));
    expect((await look("still")).resumes).toBe(resumes);
    expect(resumes).toBeLessThanOrEqual(3);
  });

  it("goes on when the app instance is killed in the middle", async () => {
    const runs = Array.from({ length: 20 }, (_, n) => `k-${n}`);
    for (const run of runs) await hub.start("journey", run, { run, want: 1, waitMs: 1000 });
    await hub.replaceApp();
    await Promise.all(runs.map((run) => put(run, "x")));
    for (const run of runs) await hub.until(run, "Completed");
  });
});

function params(values: Record<string, string>): Record<string, { value: string }> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
}

function bodyOf(answer: unknown): string {
  const { http } = answer as { http: { body: { bytes?: Uint8Array; string?: string } } };
  return http.body.string ?? Buffer.from(http.body.bytes ?? []).toString("utf8");
}
