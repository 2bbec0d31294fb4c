import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { VirtualClock } from "../../../local/clock/virtual-clock.ts";
import type { TimerInfo } from "../../../local/host/timer-info.ts";
import type { AppInstance } from "../../../local/platform/app-instance.ts";
import { CronTimers } from "../../../local/platform/cron-timers.ts";
import type { Platform } from "../../../local/platform/platform.ts";
import { getJson, startTiny, until } from "./tiny-app.ts";

const DAY_MS = 86_400_000;

/** A schedule that is due on one day only, so many days from now. */
function onDay(days: number): string {
  const day = new Date(Date.now() + days * DAY_MS);
  return `0 0 3 ${day.getUTCDate()} ${day.getUTCMonth() + 1} *`;
}

interface Run {
  timer: string;
  at: string;
  isPastDue?: boolean;
  scheduleStatus?: { last: string; next: string } | null;
  retry?: unknown;
}

describe("a timer function", () => {
  let platform: Platform;
  const lines: string[] = [];
  beforeAll(async () => {
    const settings = { Failing: onDay(40), Exiting: onDay(150) };
    platform = await startTiny({ log: (line) => lines.push(line) }, settings);
  });
  afterAll(() => platform.close());

  const runs = async (timer: string) =>
    (await getJson<Run[]>(platform, "/api/timerRuns")).filter((run) => run.timer === timer);

  it("runs once when its instance starts if it asks for that", async () => {
    await platform.clock.quiet();
    expect(await runs("atStart")).toMatchObject([{ isPastDue: false }]);
  });

  it("with a schedule that can't be read is in error, and the others run", () => {
    expect(lines.join("\n")).toContain("Function wrong is in error");
  });

  it("runs once at the end of an advance, however many ticks it passed, and is told that it is late", async () => {
    const first = Math.ceil((platform.clock.now() - 6 * 3_600_000) / DAY_MS) * DAY_MS + 6 * 3_600_000;
    await platform.clock.advance(3 * DAY_MS);
    const daily = await runs("daily");
    expect(daily).toHaveLength(1);
    expect(daily[0]).toMatchObject({
      isPastDue: true,
      scheduleStatus: {
        last: "0001-01-01T00:00:00+00:00",
        next: new Date(first).toISOString().replace(".000Z", "+00:00"),
      },
    });
  });

  it("is told no status where it asked for none, and where it runs more than once a minute", async () => {
    expect(await runs("atStart")).toMatchObject([{ scheduleStatus: null }]);
    const often = await until(
      () => runs("often"),
      (runs) => runs.length > 0,
    );
    expect(often[0]?.scheduleStatus).toBeNull();
  });

  it("that fails is run again as its retry policy says, in virtual time, and is told how often and why", async () => {
    expect((await runs("failing")).length).toBe(0);
    const { length: before } = lines;
    await platform.clock.advance(62 * DAY_MS);
    await platform.clock.advance(20 * 60_000);
    const tries = await runs("failing");
    expect(tries.map(({ retry }) => retry)).toEqual([
      { retryCount: 0, maxRetryCount: 2 },
      { retryCount: 1, maxRetryCount: 2, exception: expect.objectContaining({ message: "try 0" }) },
      { retryCount: 2, maxRetryCount: 2, exception: expect.objectContaining({ message: "try 1" }) },
    ]);
    const [first = 0, second = 0, third = 0] = tries.map(({ at }) => Date.parse(at));
    expect([second - first, third - second].map((ms) => Math.round(ms / 60_000))).toEqual([10, 10]);
    expect(lines.slice(before).filter((line) => line.includes("Executed 'failing' (Failed"))).toHaveLength(3);
  });

  it("runs after each instant at which something else was due", async () => {
    const before = (await runs("daily")).length;
    for (const days of [1, 2]) platform.clock.at(platform.clock.now() + days * DAY_MS, () => undefined);
    await platform.clock.advance(4 * DAY_MS);
    expect((await runs("daily")).length - before).toBe(3);
  });

  it("is not late when an advance ends just at its tick", async () => {
    const sixOClock = Math.ceil((platform.clock.now() - 6 * 3_600_000) / DAY_MS) * DAY_MS + 6 * 3_600_000;
    await platform.clock.advance(sixOClock - platform.clock.now());
    expect((await runs("daily")).at(-1)?.isPastDue).toBe(false);
  });

  it("runs in one instance only, however many there are", async () => {
    await platform.setInstances(2);
    await platform.waitUntilReady();
    const counts: number[] = [];
    for (let turn = 0; turn < 2; turn++) counts.push((await runs("monthly")).length);
    await platform.clock.advance(31 * DAY_MS);
    for (let turn = 0; turn < 2; turn++) counts.push((await runs("monthly")).length);
    const [a = 0, b = 0, c = 0, d = 0] = counts;
    expect(c + d - a - b).toBe(1);
  });

  it("fails with the process that it ends, and is not run again for it", async () => {
    await platform.clock.advance(60 * DAY_MS);
    await until(
      async () => lines.filter((line) => line.includes("exiting was called")),
      (calls) => calls.length > 0,
    );
    await platform.clock.advance(DAY_MS);
    expect(lines.filter((line) => line.includes("exiting was called"))).toHaveLength(1);
  });
});

describe("the timers of a platform", () => {
  const folder = mkdtempSync(join(tmpdir(), "timers-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  const schedule = { name: "daily", schedule: "0 0 6 * * *", runOnStartup: false, useMonitor: true };
  /** An instance that remembers what it was asked: what the timers need of one, and no more. */
  const instance = (asked: TimerInfo[]) =>
    ({
      runTimer: async (_: string, info: TimerInfo) => {
        asked.push(info);
        return { kind: "returned", value: undefined };
      },
    }) as unknown as AppInstance;

  it("run what fell due while nothing was running, after the next start", async () => {
    const file = join(folder, "timers.json");
    let now = Date.parse("2026-11-22T05:00:00Z");
    const asked: TimerInfo[] = [];
    const open = () => {
      const clock = new VirtualClock(0, () => now);
      const timers = new CronTimers({ clock, file, instance: async () => instance(asked), log: () => undefined });
      timers.add([schedule], true);
      return { clock, timers };
    };
    const first = open();
    await first.clock.advance(2 * 3_600_000);
    first.timers.close();
    expect(asked).toHaveLength(1);

    now += 3 * DAY_MS;
    const second = open();
    await second.clock.quiet();
    second.timers.close();
    expect(asked).toHaveLength(2);
    expect(asked[1]).toMatchObject({ IsPastDue: true, ScheduleStatus: { Last: "2026-11-22T07:00:00+00:00" } });
  });

  it("run what fell due for the first time while nothing was running, too", async () => {
    let now = Date.parse("2026-11-22T05:00:00Z");
    const asked: TimerInfo[] = [];
    for (let turn = 0; turn < 2; turn++) {
      const clock = new VirtualClock(0, () => now);
      const file = join(folder, "new-timers.json");
      const timers = new CronTimers({ clock, file, instance: async () => instance(asked), log: () => undefined });
      timers.add([schedule], true);
      await clock.quiet();
      timers.close();
      now += DAY_MS;
    }
    expect(asked).toMatchObject([{ IsPastDue: true, ScheduleStatus: { Next: "2026-11-22T06:00:00+00:00" } }]);
  });

  it("that fail are tried again at the instants of their policy, however long an advance goes beyond them", async () => {
    let now = Date.parse("2026-11-22T05:59:00Z");
    const clock = new VirtualClock(0, () => now);
    const tries: string[] = [];
    const failing = {
      runTimer: async () => {
        tries.push(new Date(clock.now()).toISOString().slice(11, 16));
        return { kind: "threw", message: "not yet", stack: "" };
      },
    } as unknown as AppInstance;
    const timers = new CronTimers({ clock, file: undefined, instance: async () => failing, log: () => undefined });
    timers.add([{ ...schedule, retry: { strategy: "fixedDelay", maxRetryCount: 3, delayMs: 600_000 } }], true);
    now += 60_000;
    timers.add([], true);
    await clock.quiet();
    // Nothing has been under way for a while when the first retry falls due.
    await new Promise((wait) => setTimeout(wait, 50));
    await clock.advance(3 * 3_600_000);
    timers.close();
    expect(tries).toEqual(["06:00", "06:10", "06:20", "06:30"]);
  });

  it("that take longer than their interval run once more when they end, whatever they missed, and then as usual", async () => {
    let now = Date.parse("2026-11-22T06:00:00Z") - 1;
    const clock = new VirtualClock(0, () => now);
    const ends: (() => void)[] = [];
    const asked: TimerInfo[] = [];
    const slow = {
      runTimer: (_: string, info: TimerInfo) => {
        asked.push(info);
        return new Promise((end) => ends.push(() => end({ kind: "returned", value: undefined })));
      },
    } as unknown as AppInstance;
    const timers = new CronTimers({ clock, file: undefined, instance: async () => slow, log: () => undefined });
    timers.add([{ ...schedule, schedule: "0 */5 * * * *" }], true);
    const next = async (count: number) => {
      await until(
        async () => ends.length,
        (runs) => runs === count,
      );
    };
    now += 1;
    timers.add([], true);
    await next(1);
    now += 12 * 60_000;
    timers.add([], true);
    expect(asked).toHaveLength(1);
    ends[0]?.();
    await next(2);
    ends[1]?.();
    await clock.quiet();
    timers.close();
    expect(asked.map(({ IsPastDue, ScheduleStatus }) => [IsPastDue, ScheduleStatus?.Next.slice(11, 16)])).toEqual([
      [false, "06:00"],
      [false, "06:05"],
    ]);
  });
});
