import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Platform, type PlatformOptions, startPlatform } from "../../local/platform/platform.ts";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Signs the survey links of the sixty days, so that those of mails not answered yet open in every sandbox. Known to
 * everybody, as the sample company's customers are; what a sandbox signs itself, it signs with a key of its own.
 */
export const HISTORY_SIGNING_KEY = "history:sixty-days-of-atelier-boreal";
/** Where those links lead: the address that a sandbox has unless told otherwise. */
export const HISTORY_URL = "http://localhost:7071";

export interface SandboxOptions extends Pick<PlatformOptions, "dataDir" | "ports" | "log"> {
  /** Over the settings of sandbox/platform/settings.json. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Parcours on the local platform, as the sample company runs it. Throws PortTaken. */
export async function startSandbox({ settings, ...options }: SandboxOptions): Promise<Platform> {
  return startPlatform({
    appDir: ROOT,
    settings: { ...readJson("settings"), ...settings },
    entities: readJson("entities"),
    ...options,
  });
}

function readJson(name: string) {
  return JSON.parse(readFileSync(`${ROOT}sandbox/platform/${name}.json`, "utf8"));
}
