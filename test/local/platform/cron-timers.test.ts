import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { VirtualClock } from "../../../local/clock/virtual-clock.ts";
import type { TimerInfo } from "../../../local/host/timer-info.ts";
import type { AppInstance } from "../../../local/platform/app-instance.ts";
import { CronTimers } from "../../../local/platform/cron-timers.ts";
import type { Platform } from "../../../local/platform/platform.ts";
import { getJson, startTiny } from "./tiny-app.ts";

const DAY_MS = 86_400_000;

interface Run {
  timer: string;
  at: string;
  isPastDue?: boolean;
  scheduleStatus?: { last: string; next: string };
}

describe("a timer function", () => {
  let platform: Platform;
  const lines: string[] = [];
  beforeAll(async () => {
    platform = await startTiny({ log: (line) => lines.push(line) });
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
    await platform.clock.advance(3 * DAY_MS);
    const daily = await runs("daily");
    expect(daily).toHaveLength(1);
    expect(daily[0]?.isPastDue).toBe(true);
    expect(Date.parse(daily[0]?.scheduleStatus?.next ?? "")).toBeGreaterThan(platform.clock.now());
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
});

describe("the timers of a platform", () => {
  const folder = mkdtempSync(join(tmpdir(), "timers-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  const schedule = { name: "daily", schedule: "0 0 6 * * *", runOnStartup: false };
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
    expect(asked[1]).toMatchObject({ IsPastDue: true, ScheduleStatus: { Last: "2026-11-22T07:00:00.000+00:00" } });
  });
});
