import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import { platformArguments, readSettings } from "../../../local/platform/arguments.ts";
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

describe("app settings in a file", () => {
  const folder = mkdtempSync(join(tmpdir(), "settings-"));
  const file = join(folder, "local.settings.json");
  afterAll(() => rmSync(folder, { recursive: true }));
  const read = (text: string) => {
    writeFileSync(file, text);
    return readSettings(file);
  };

  it("are its Values, or the whole of it; each a text", () => {
    expect(read('{"IsEncrypted":false,"Values":{"A":"x","N":5}}')).toEqual({ A: "x", N: "5" });
    expect(read('{"A":"x"}')).toEqual({ A: "x" });
  });

  it.each([
    ['{"Values":{', "is no JSON"],
    ["[]", "holds no settings"],
    ["5", "holds no settings"],
    ['{"IsEncrypted":true,"Values":{}}', "func settings decrypt"],
  ])("are refused as %s, with the file and what to do", (text, why) => {
    expect(() => read(text)).toThrow(file);
    expect(() => read(text)).toThrow(why);
  });

  it("are missed with the file's name", () => {
    expect(() => readSettings(join(folder, "none.json"))).toThrow("none.json");
  });
});

describe("the command line of the platform", () => {
  it.each([
    [["--port-base", "x"], "--port-base takes a number up to 65531"],
    [["--port-base", "65533"], "--port-base takes a number"],
    [["--instances", ""], "--instances takes a number"],
    [["--settings", "nowhere.json"], "--settings: There is no file nowhere.json"],
    [["--entities", "nowhere.json"], "--entities: "],
  ])("%j is refused by the option's name", (args, why) => {
    expect(() => platformArguments(args)).toThrow(why);
  });
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
