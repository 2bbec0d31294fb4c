import { describe, expect, it } from "@jest/globals";
import { readConfig } from "../../shared/config.ts";

const LEAST = {
  PARCOURS_ORGANIZATION_ID: "5C0E1F1A-0000-4000-8000-0000000000A0",
  PARCOURS_WEBHOOK_KEY: "webhook",
  PARCOURS_SIGNING_KEY: "k1:secret-secret-secret",
  PARCOURS_PUBLIC_URL: "https://parcours.example/",
  PARCOURS_SENDER: "hello@example.com",
  PARCOURS_SQLITE_FILE: "parcours.db",
  ServiceBus: "Endpoint=sb://localhost",
  COMMUNICATION_CONNECTION: "endpoint=http://localhost",
  DATAVERSE_URL: "http://localhost/api/data/v9.2",
};

describe("the settings of custom events", () => {
  it("may all be left out: then no key is valid", () => {
    const config = readConfig({ ...LEAST, PARCOURS_BROWSER_KEY: " ", PARCOURS_BROWSER_ORIGINS: "" });
    expect(config).toMatchObject({ PARCOURS_BROWSER_ORIGINS: [], PARCOURS_INGESTION_PER_MINUTE: 6_000 });
    expect(config.PARCOURS_INGESTION_KEY).toBeUndefined();
    expect(config.PARCOURS_BROWSER_KEY).toBeUndefined();
  });

  it("list origins as browsers write them, separated by commas", () => {
    const origins = (text: string) => readConfig({ ...LEAST, PARCOURS_BROWSER_ORIGINS: text }).PARCOURS_BROWSER_ORIGINS;
    expect(origins("https://shop.example, http://localhost:8080,")).toEqual([
      "https://shop.example",
      "http://localhost:8080",
    ]);
    for (const wrong of ["https://shop.example/", "shop.example", "*", "https://shop.example/page", "null"])
      expect(() => origins(wrong)).toThrow(/PARCOURS_BROWSER_ORIGINS.*no slash at the end/);
  });

  it("refuse a key for pages that is the secret one too", () => {
    const keys = { PARCOURS_INGESTION_KEY_PREVIOUS: "same", PARCOURS_BROWSER_KEY: "same" };
    expect(() => readConfig({ ...LEAST, ...keys })).toThrow(/PARCOURS_BROWSER_KEY: is the secret key too/);
  });
});
