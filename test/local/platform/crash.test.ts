import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Platform } from "../../../local/platform/platform.ts";
import { getJson, startTiny } from "./tiny-app.ts";

const RUNS = 60;
const HOUR_MS = 3_600_000;

describe("app instances that are killed while runs are under way", () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startTiny({ instances: 2 });
  });
  afterAll(() => platform.close());

  it("lose no run, and each ends with what it should", async () => {
    const names = Array.from({ length: 8 }, (_, at) => `n${at}`);
    const init = { method: "POST", body: JSON.stringify({ names, waitMs: HOUR_MS }) };
    const started = await Promise.all(
      Array.from({ length: RUNS }, () => getJson<{ statusQueryGetUri: string }>(platform, "/api/start", init)),
    );
    for (let kills = 0; kills < 6; kills++) {
      await platform.kill();
      await platform.waitUntilReady();
    }
    await platform.clock.advance(HOUR_MS);
    for (const { statusQueryGetUri } of started) {
      expect(await (await fetch(statusQueryGetUri)).json()).toMatchObject({
        runtimeStatus: "Completed",
        output: names.map((name) => `hello ${name}`),
      });
    }
  });

  it("leave the clock exact: two one-day waits under one advance end at day 1 and at day 2", async () => {
    const init = { method: "POST", body: JSON.stringify({ dayWaits: 2 }) };
    const { statusQueryGetUri } = await getJson<{ statusQueryGetUri: string }>(platform, "/api/startDays", init);
    await platform.clock.quiet();
    const from = platform.clock.now();
    await platform.clock.advance(3 * 24 * HOUR_MS);
    const { output } = (await (await fetch(statusQueryGetUri)).json()) as { output: string[] };
    const hours = output.map((at) => Math.round((Date.parse(at) - from) / HOUR_MS));
    expect(hours).toEqual([24, 48]);
  });
});
