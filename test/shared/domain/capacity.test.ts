import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { DEFAULT_LIMITS, durationText, hourlyRate, minutesFor } from "../../../shared/domain/capacity.ts";

const { managed, custom } = DEFAULT_LIMITS;

describe("the capacity", () => {
  it("of 5 a minute and 10 an hour lets 200 surveys take 20 hours", () => {
    expect(minutesFor(200, managed)).toBe(20 * 60);
    expect(durationText(minutesFor(200, managed))).toBe("20 hours");
  });

  it("is that of the limit which is reached first", () => {
    expect([hourlyRate(managed), hourlyRate(custom)]).toEqual([10, 100]);
    expect(hourlyRate({ perMinute: 1, perHour: 1_000 })).toBe(60);
    expect(minutesFor(120, { perMinute: 1, perHour: 1_000 })).toBe(120);
  });

  it("lets what fits into the hour's limit go minute by minute", () => {
    expect([1, 5, 6, 10].map((mails) => minutesFor(mails, managed))).toEqual([1, 1, 2, 2]);
    expect(minutesFor(11, managed)).toBe(120);
    expect(minutesFor(0, managed)).toBe(0);
  });

  it("never lets more mails take less time, and never goes over either limit", () => {
    const limits = fc.record({
      perMinute: fc.integer({ min: 1, max: 500 }),
      perHour: fc.integer({ min: 1, max: 5_000 }),
    });
    const mails = fc.integer({ min: 1, max: 100_000 });
    fc.assert(
      fc.property(mails, mails, limits, (one, other, of) => {
        const [fewer, more] = one < other ? [one, other] : [other, one];
        expect(minutesFor(fewer, of)).toBeLessThanOrEqual(minutesFor(more, of));
        expect(minutesFor(one, of) * of.perMinute).toBeGreaterThanOrEqual(Math.min(one, hourlyRate(of)));
        expect(Math.ceil(minutesFor(one, of) / 60) * hourlyRate(of)).toBeGreaterThanOrEqual(one);
      }),
    );
  });

  it("is told in units that one plans with", () => {
    expect([1, 59, 60, 90, 24 * 60, 48 * 60, 100 * 60, 1_000 * 60].map(durationText)).toEqual([
      "1 minute",
      "59 minutes",
      "1 hour",
      "2 hours",
      "24 hours",
      "2 days",
      "4 days 4 hours",
      "41 days 16 hours",
    ]);
  });
});
