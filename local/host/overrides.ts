import type { Settings } from "./settings.ts";

type Json = Record<string, unknown>;

const PREFIX = /^AzureFunctionsJobHost(__|:)/i;

/** host.json with what app settings such as `AzureFunctionsJobHost__logging__logLevel__default` say otherwise. */
export function overridden(hostJson: Json, settings: Settings): Json {
  const result = structuredClone(hostJson);
  for (const [name, value] of Object.entries(settings)) {
    if (value === undefined || !PREFIX.test(name)) continue;
    const keys = name.replace(PREFIX, "").split(/__|:/);
    const last = keys.pop() ?? "";
    let place = result;
    for (const key of keys) {
      const known = sameKey(place, key);
      const below = place[known];
      const inside = typeof below === "object" && below !== null ? (below as Json) : {};
      place[known] = inside;
      place = inside;
    }
    place[sameKey(place, last)] = asJson(value);
  }
  return result;
}

/** Names of settings are alike whatever their case. */
function sameKey(place: Json, key: string): string {
  return Object.keys(place).find((known) => known.toLowerCase() === key.toLowerCase()) ?? key;
}

/** A setting is a text; host.json's numbers and booleans are not. A version such as 2.0 stays one. */
function asJson(text: string): unknown {
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === "true";
  return /^\d+$/.test(text) ? Number(text) : text;
}
