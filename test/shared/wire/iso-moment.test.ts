import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { isoMoment } from "../../../shared/wire/iso-moment.ts";

const LAST = 8.64e15;

describe("an ISO moment", () => {
  it("is what the language's own is, on every day there is", () => {
    const ms = fc.oneof(
      fc.integer({ min: -LAST, max: LAST }),
      fc.integer({ min: -1e9, max: 1e9 }),
      fc.constantFrom(0, -1, LAST, -LAST),
    );
    fc.assert(
      fc.property(ms, fc.integer({ min: 0, max: 86_400_000 }), (first, later) => {
        expect(isoMoment(first)).toBe(new Date(first).toISOString());
        if (first + later <= LAST) expect(isoMoment(first + later)).toBe(new Date(first + later).toISOString());
      }),
      { numRuns: 3000 },
    );
  });

  it("is none past the end of the calendar, nor of what is no number", () => {
    expect([LAST + 1, -LAST - 1, Number.NaN, Number.POSITIVE_INFINITY].map(isoMoment)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
