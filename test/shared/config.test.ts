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

  it("take no reference to Key Vault for a key: where it stands the secret could not be fetched", () => {
    const reference = "@Microsoft.KeyVault(SecretUri=https://vault.example/secrets/webhook-key/)";
    expect(() => readConfig({ ...example, PARCOURS_WEBHOOK_KEY: reference })).toThrow(
      /PARCOURS_WEBHOOK_KEY: could not be fetched from Key Vault/,
    );
    expect(readConfig({ ...example, PARCOURS_WEBHOOK_KEY_PREVIOUS: reference })).not.toHaveProperty(
      "PARCOURS_WEBHOOK_KEY_PREVIOUS",
      reference,
    );
  });

  it("need a store, a bus and a mail provider", () => {
    const bare = { ...example, PARCOURS_TABLES_CONNECTION: "", ServiceBus: "", COMMUNICATION_CONNECTION: "" };
    expect(() => readConfig(bare)).toThrow(/PARCOURS_SQLITE_FILE or/);
  });
});

describe("the settings of custom events", () => {
  it("may all be left out: then no key is valid", () => {
    const config = readConfig({
      ...example,
      PARCOURS_INGESTION_KEY: "",
      PARCOURS_BROWSER_KEY: " ",
      PARCOURS_BROWSER_ORIGINS: "",
    });
    expect(config).toMatchObject({ PARCOURS_BROWSER_ORIGINS: [], PARCOURS_INGESTION_PER_MINUTE: 6_000 });
    expect(config.PARCOURS_INGESTION_KEY).toBeUndefined();
    expect(config.PARCOURS_BROWSER_KEY).toBeUndefined();
  });

  it("list origins as browsers write them, separated by commas", () => {
    const origins = (text: string) =>
      readConfig({ ...example, PARCOURS_BROWSER_ORIGINS: text }).PARCOURS_BROWSER_ORIGINS;
    expect(origins("https://shop.example, http://localhost:8080,")).toEqual([
      "https://shop.example",
      "http://localhost:8080",
    ]);
    for (const wrong of ["https://shop.example/", "shop.example", "*", "https://shop.example/page", "null"])
      expect(() => origins(wrong)).toThrow(/PARCOURS_BROWSER_ORIGINS.*no slash at the end/);
  });

  it("refuse a key for pages that is the secret one too", () => {
    const keys = { PARCOURS_INGESTION_KEY_PREVIOUS: "same", PARCOURS_BROWSER_KEY: "same" };
    expect(() => readConfig({ ...example, ...keys })).toThrow(/PARCOURS_BROWSER_KEY: is the secret key too/);
  });
});

describe("the settings of sign-in", () => {
  const closed = { ...example, PARCOURS_OPEN: "" };

  it("may leave it out: then nobody is let in", () => {
    expect(readConfig(closed).PARCOURS_SIGN_IN).toBeUndefined();
    expect(() => readConfig({ ...closed, PARCOURS_SIGN_IN: "entra" })).toThrow(/PARCOURS_SIGN_IN/);
  });

  it("don't open what they close", () => {
    expect(() => readConfig({ ...example, PARCOURS_SIGN_IN: "platform" })).toThrow(/PARCOURS_OPEN: would open/);
  });

  it("open nothing in Azure, where App Service names its site", () => {
    expect(() => readConfig({ ...example, WEBSITE_SITE_NAME: "parcours" })).toThrow(/PARCOURS_OPEN.*no machine/);
    expect(readConfig({ ...closed, WEBSITE_SITE_NAME: "parcours" }).PARCOURS_OPEN).toBeUndefined();
  });

  it("don't rely on an authentication that App Service says is off", () => {
    const platform = { ...closed, PARCOURS_SIGN_IN: "platform" };
    expect(() => readConfig({ ...platform, WEBSITE_AUTH_ENABLED: "False" })).toThrow(/authentication is off/);
    expect(readConfig({ ...platform, WEBSITE_AUTH_ENABLED: "True" }).PARCOURS_SIGN_IN).toBe("platform");
    expect(readConfig(platform).PARCOURS_SIGN_IN).toBe("platform");
  });
});
