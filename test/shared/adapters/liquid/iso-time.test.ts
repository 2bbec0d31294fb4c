import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { isoTime } from "../../../../shared/adapters/liquid/iso-time.ts";

describe("an ISO time", () => {
  it("is read as Date does, in each of the three forms", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date("0100-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }),
        (date) => {
          const iso = date.toISOString();
          expect(isoTime(iso)).toBe(date.getTime());
          expect(isoTime(iso.slice(0, 10))).toBe(Date.parse(iso.slice(0, 10)));
          const seconds = `${iso.slice(0, 19)}Z`;
          expect(isoTime(seconds)).toBe(Date.parse(seconds));
        },
      ),
    );
  });

  it.each([
    "",
    "2026-3-01",
    "2026-13-01",
    "2026-00-10",
    "2026-01-32",
    "20a6-01-02",
    "2026/01/02",
    "2026-01-02T09:00:00",
    "2026-01-02T24:00:00Z",
    "2026-01-02T09:60:00Z",
    "2026-01-02 09:00:00Z",
    "2026-01-02T09:00:00,000Z",
    "2026-01-02T09:00:00.00aZ",
    "2026-01-02T09:00:00+01:0",
    "0612345678",
  ])("is not %j", (text) => {
    expect(isoTime(text)).toBeUndefined();
  });
});
