import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { readConfig } from "../../shared/config.ts";

const example: Record<string, string> = JSON.parse(
  readFileSync(new URL("../../local.settings.json.example", import.meta.url), "utf8"),
).Values;

describe("the settings", () => {
  it("are read from the example as it stands", () => {
    expect(readConfig(example)).toMatchObject({ PARCOURS_OPEN: "local", PARCOURS_CATALOGUE_LIFETIME_MS: 5000 });
  });

  it("name every one that is missing or wrong, at once", () => {
    const { PARCOURS_WEBHOOK_KEY: _key, ...rest } = example;
    const read = () => readConfig({ ...rest, DATAVERSE_URL: "no address", PARCOURS_TABLES_CONNECTION: "" });
    expect(read).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
    expect(read).toThrow(/PARCOURS_WEBHOOK_KEY.*DATAVERSE_URL/);
  });

  it("take an empty setting for one that is not there", () => {
    expect(readConfig({ ...example, PARCOURS_LANGUAGE_COLUMN: " " }).PARCOURS_LANGUAGE_COLUMN).toBeUndefined();
  });

  it("need a store, a bus and a mail provider", () => {
    const bare = { ...example, PARCOURS_TABLES_CONNECTION: "", ServiceBus: "", COMMUNICATION_CONNECTION: "" };
    expect(() => readConfig(bare)).toThrow(/PARCOURS_SQLITE_FILE or/);
  });
});
