import { describe, expect, it } from "@jest/globals";
import { periodOf } from "../../../../local/dataverse/odata/periods.ts";

// A Wednesday.
const NOW = Date.parse("2024-03-27T10:20:30Z");
const shown = (name: string, count = Number.NaN) => {
  const period = periodOf(name, NOW, count);
  return period?.map((at) => (at === undefined ? undefined : new Date(at).toISOString().slice(0, 19)));
};

describe("the periods of Dataverse's functions", () => {
  it.each([
    ["Today", undefined, "2024-03-27T00:00:00", "2024-03-28T00:00:00"],
    ["Yesterday", undefined, "2024-03-26T00:00:00", "2024-03-27T00:00:00"],
    ["ThisWeek", undefined, "2024-03-24T00:00:00", "2024-03-31T00:00:00"],
    ["LastWeek", undefined, "2024-03-17T00:00:00", "2024-03-24T00:00:00"],
    ["NextMonth", undefined, "2024-04-01T00:00:00", "2024-05-01T00:00:00"],
    ["LastMonth", undefined, "2024-02-01T00:00:00", "2024-03-01T00:00:00"],
    ["ThisYear", undefined, "2024-01-01T00:00:00", "2025-01-01T00:00:00"],
    ["Last7Days", undefined, "2024-03-20T00:00:00", "2024-03-27T10:20:30"],
    ["LastXHours", 3, "2024-03-27T07:20:30", "2024-03-27T10:20:30"],
    ["LastXMonths", 13, "2023-02-27T00:00:00", "2024-03-27T10:20:30"],
    ["NextXDays", 2, "2024-03-27T10:20:30", "2024-03-30T00:00:00"],
    ["OlderThanXYears", 1, undefined, "2023-03-27T00:00:00"],
    ["OlderThanXMinutes", 5, undefined, "2024-03-27T10:15:30"],
  ])("%s %s", (name, count, from, to) => {
    expect(shown(name, count)).toEqual([from, to]);
  });

  it("end with the last day of a shorter month", () => {
    const from = periodOf("LastXMonths", Date.parse("2024-03-31T00:00:00Z"), 1)?.[0];
    expect(new Date(from ?? 0).toISOString()).toBe("2024-02-29T00:00:00.000Z");
  });

  it.each(["LastXMinutes", "LastFiscalYear", "Someday", "LastXDays"])("are none for %s", (name) => {
    expect(shown(name)).toBeUndefined();
  });
});
