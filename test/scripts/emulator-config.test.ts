import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { parseEntities } from "../../local/service-bus/config.ts";
import { emulatorConfig } from "../../scripts/emulator-config.ts";

const json = (file: string) => JSON.parse(readFileSync(new URL(`../../${file}`, import.meta.url), "utf8"));

describe("the file for Microsoft's Service Bus emulator", () => {
  const kept = json("emulators/service-bus.json");
  const entities = json("sandbox/platform/entities.json");

  it("is what `npm run emulator-config` writes", () => {
    expect(kept).toEqual(emulatorConfig(entities));
  });

  it("is one that our broker reads too, so that one can be swapped for the other", () => {
    expect(parseEntities(kept).Topics.map(({ Name }) => Name)).toEqual(["trigger-events", "mail-reports"]);
  });

  it("keeps no message for longer than that emulator takes, and is otherwise the sandbox's own", () => {
    expect(JSON.stringify(kept)).toContain('"DefaultMessageTimeToLive":"PT1H"');
    expect(JSON.stringify(kept)).not.toContain("P14D");
    expect(JSON.stringify(kept).replaceAll("PT1H", "P14D")).toBe(JSON.stringify(entities));
  });
});
