import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Platform, startPlatform } from "../../local/platform/platform.ts";
import { type Addresses, Client } from "../../sandbox/client.ts";
import { startAzurite } from "./azurite.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const SANDBOX = join(ROOT, "sandbox");

export interface Stack {
  readonly platform: Platform;
  readonly http: Client;
  stop(): Promise<void>;
}

export interface StackOptions {
  readonly instances?: number;
  /** The embedded store, if nothing is said. */
  readonly store?: "sqlite" | "azure-tables";
  /** Over the sandbox's own settings. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly appDir?: string;
  /** State to go on with: kept when the stack stops. A new one goes with the stack. */
  readonly dataDir?: string;
  readonly log?: (line: string) => void;
}

/** The long tests tell every story on Azure Table storage too: they set this before they load it. */
const ON_AZURE_TABLES = process.env.PARCOURS_TEST_STORE === "azure-tables";

/** The whole of Parcours on the local platform, bare: free ports, a folder of its own, the sandbox's settings. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "parcours-"));
  const azurite = options.store === "azure-tables" || ON_AZURE_TABLES ? await startAzurite() : undefined;
  const store: Record<string, string> =
    azurite === undefined ? {} : { PARCOURS_SQLITE_FILE: "", PARCOURS_TABLES_CONNECTION: azurite.connectionString };
  const platform = await startPlatform({
    appDir: options.appDir ?? ROOT,
    dataDir,
    ports: { app: 0, control: 0, serviceBus: 0, dataverse: 0, communication: 0 },
    settings: {
      ...readJson(join(SANDBOX, "platform/settings.json")),
      PARCOURS_CATALOGUE_LIFETIME_MS: "100",
      // The stories register by hand, as one does without the privilege to let Parcours do it.
      PARCOURS_REGISTER: "off",
      // What they do not register is not to be found either.
      PARCOURS_RECONCILE: "off",
      // A story's events come when it says so, however many there are.
      PARCOURS_LANE_PER_MINUTE: "0",
      PARCOURS_BRAKE_FACTOR: "0",
      ...store,
      ...options.settings,
    },
    entities: readJson(join(SANDBOX, "platform/entities.json")),
    instances: options.instances ?? 1,
    log: options.log ?? (() => undefined),
  });
  await platform.waitUntilReady().catch(async (fault: unknown) => {
    await platform.close();
    await azurite?.stop();
    throw fault;
  });
  return {
    platform,
    http: new Client(platform.addresses as Addresses),
    stop: async () => {
      await platform.close();
      await azurite?.stop();
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function readJson(file: string) {
  return JSON.parse(readFileSync(file, "utf8"));
}
