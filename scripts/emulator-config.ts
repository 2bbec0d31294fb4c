import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/**
 * The sandbox's topics and subscriptions within the limits of Microsoft's Service Bus emulator, which keeps a message
 * for an hour at most (its overview page, "Usage quotas"). `npm run emulator-config` writes emulators/service-bus.json.
 */
export function emulatorConfig(entities: unknown): unknown {
  return JSON.parse(JSON.stringify(entities), (name, value) => (name === "DefaultMessageTimeToLive" ? "PT1H" : value));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const entities: unknown = JSON.parse(readFileSync("sandbox/platform/entities.json", "utf8"));
  writeFileSync("emulators/service-bus.json", `${JSON.stringify(emulatorConfig(entities), null, 2)}\n`);
}
