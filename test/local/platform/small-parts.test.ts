import { describe, expect, it } from "@jest/globals";
import { durationMs } from "../../../local/platform/duration.ts";
import { fillIn } from "../../../local/platform/placeholders.ts";
import { placeholder } from "./tiny-app.ts";

describe("a duration", () => {
  const from = Date.parse("2026-01-31T00:00:00Z");
  it.each([
    ["P3D", 3 * 86_400_000],
    ["PT90M", 90 * 60_000],
    ["P1W", 7 * 86_400_000],
    ["P1DT1H1M1.5S", 90_061_500],
    ["P1Y", 365 * 86_400_000],
    ["P0D", 0],
  ])("%s", (text, ms) => expect(durationMs(text, from)).toBe(ms));

  it("of a month is as long as the month", () => {
    expect(durationMs("P1M", Date.parse("2026-02-01T00:00:00Z"))).toBe(28 * 86_400_000);
  });

  it.each(["P", "PT", "3D", "P1H", "", "P-1D"])("is not %p", (text) => expect(durationMs(text, from)).toBeUndefined());
});

describe("a placeholder", () => {
  it("becomes the address of its part", () => {
    expect(fillIn({ A: `x ${placeholder("app")}/y` }, { app: "http://h" })).toEqual({ A: "x http://h/y" });
  });
  it("that nobody fills is an error that names it and what there is", () => {
    const fill = () => fillIn({ A: placeholder("ap") }, { app: "http://h", bus: undefined });
    expect(fill).toThrow(`A names ${placeholder("ap")}, but there is only app`);
  });
});
