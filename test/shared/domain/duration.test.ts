import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { addDuration, isDuration } from "../../../shared/domain/duration.ts";

const at = (text: string): number => Date.parse(text);
const plus = (from: string, duration: string, sign: 1 | -1 = 1): string =>
  new Date(addDuration(at(from), duration, sign)).toISOString();

describe("an ISO 8601 duration", () => {
  it.each(["P7D", "PT1H30M", "P1M", "P2W", "P1Y2M3DT4H5M6S", "PT0.5S", "PT0S", "P1W2D"])("is %s", (text) => {
    expect(isDuration(text)).toBe(true);
  });

  it.each(["", "P", "PT", "P1", "7D", "P1DT", "P1H", "PT1D", "P-1D", "-P1D", "P1.5D", "p1d", "P1D ", "P1M1Y"])(
    "is not %j",
    (text) => {
      expect(isDuration(text)).toBe(false);
      expect(addDuration(0, text)).toBeNaN();
    },
  );

  it("adds up what has a fixed length", () => {
    expect(plus("2026-03-01T09:00:00Z", "P1W2DT3H4M5.5S")).toBe("2026-03-10T12:04:05.500Z");
    expect(plus("2026-03-10T12:04:05.500Z", "P1W2DT3H4M5.5S", -1)).toBe("2026-03-01T09:00:00.000Z");
  });

  it("keeps the day of the month, or takes the month's last", () => {
    expect(plus("2026-01-31T09:00:00Z", "P1M")).toBe("2026-02-28T09:00:00.000Z");
    expect(plus("2024-01-31T09:00:00Z", "P1M")).toBe("2024-02-29T09:00:00.000Z");
    expect(plus("2024-02-29T09:00:00Z", "P1Y")).toBe("2025-02-28T09:00:00.000Z");
    expect(plus("2026-03-31T00:00:00Z", "P1M", -1)).toBe("2026-02-28T00:00:00.000Z");
    expect(plus("2026-12-15T00:00:00Z", "P2M")).toBe("2027-02-15T00:00:00.000Z");
    expect(plus("2026-01-15T00:00:00Z", "P2M", -1)).toBe("2025-11-15T00:00:00.000Z");
  });

  it("is not a number past the end of time", () => {
    expect(addDuration(0, "P999999999D")).toBeNaN();
    expect(addDuration(0, "P999999Y")).toBeNaN();
  });

  it("goes forward by fixed lengths exactly as far as back", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), fc.nat(9999), fc.nat(9999), (ms, days, minutes) => {
        const text = `P${days}DT${minutes}M`;
        expect(addDuration(addDuration(ms, text), text, -1)).toBe(ms);
      }),
    );
  });
});
