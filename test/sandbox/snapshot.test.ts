import { readdirSync, statSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { DAYS, timeline } from "../../sandbox/history/timeline.ts";
import { readSnapshot, rowSchema } from "../../scripts/start/snapshot.ts";

const FOLDER = new URL("../../sandbox/history/snapshot/", import.meta.url);
const DAY_MS = 86_400_000;

describe("the sixty days of Atelier Boréal", () => {
  it("were made with the version of a run's row that this code has: else make them anew with npm run history", () => {
    expect(readSnapshot()).toMatchObject({ rowSchema: rowSchema() });
  });

  it("last sixty days, and end before today", () => {
    const { begin = "", end = "" } = readSnapshot() ?? {};
    expect(Math.round((Date.parse(end) - Date.parse(begin)) / DAY_MS)).toBe(DAYS);
    expect(Date.parse(end)).toBeLessThan(Date.now());
  });

  it("take less than 3 MB", () => {
    const size = readdirSync(FOLDER).reduce((sum, file) => sum + statSync(new URL(file, FOLDER)).size, 0);
    expect(size).toBeLessThan(3 * 1024 * 1024);
  });

  it("happen in order, all within their time", () => {
    const times = timeline().map(({ atMs }) => atMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBeLessThan(DAYS * DAY_MS);
    expect(times[0]).toBeGreaterThan(0);
  });
});
