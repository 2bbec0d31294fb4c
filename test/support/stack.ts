import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Platform, startPlatform } from "../../local/platform/platform.ts";
import { type Addresses, Client } from "../../sandbox/client.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const SANDBOX = join(ROOT, "sandbox");

export interface Stack {
  readonly platform: Platform;
  readonly http: Client;
  stop(): Promise<void>;
}

export interface StackOptions {
  readonly instances?: number;
  /** Over the sandbox's own settings. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly appDir?: string;
  readonly log?: (line: string) => void;
}

/** The whole of Parcours on the local platform, bare: free ports, a folder of its own, the sandbox's settings. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const dataDir = mkdtempSync(join(tmpdir(), "parcours-"));
  const platform = await startPlatform({
    appDir: options.appDir ?? ROOT,
    dataDir,
    ports: { app: 0, control: 0, serviceBus: 0, dataverse: 0, communication: 0 },
    settings: {
      ...readJson(join(SANDBOX, "platform/settings.json")),
      PARCOURS_CATALOGUE_LIFETIME_MS: "100",
      ...options.settings,
    },
    entities: readJson(join(SANDBOX, "platform/entities.json")),
    instances: options.instances ?? 1,
    log: options.log ?? (() => undefined),
  });
  await platform.waitUntilReady();
  return {
    platform,
    http: new Client(platform.addresses as Addresses),
    stop: async () => {
      await platform.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function readJson(file: string) {
  return JSON.parse(readFileSync(file, "utf8"));
}
