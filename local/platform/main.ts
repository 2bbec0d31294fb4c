/** The platform as a process of its own: `node local/platform/main.ts --help`. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { NoApp } from "../host/load-app.ts";
import { platformArguments, USAGE } from "./arguments.ts";
import { PortTaken } from "./listen.ts";
import { type Platform, startPlatform } from "./platform.ts";
import { SavedState } from "./saved-state.ts";
import { AppFailed } from "./supervisor.ts";

/** Where others find the addresses. It is there as long as the sandbox is up. */
const SANDBOX_FILE = "sandbox.json";

async function main(): Promise<void> {
  const { help, quiet, ...options } = platformArguments(process.argv.slice(2));
  if (help) {
    console.log(USAGE);
    return;
  }
  const log = quiet ? () => undefined : (line: string) => console.log(line);
  const platform = await startPlatform({ ...options, log });
  stopOnSignals(platform, options.dataDir);
  await platform.waitUntilReady();
  new SavedState(options.dataDir).write(SANDBOX_FILE, platform.addresses);
  for (const [part, address] of Object.entries(platform.addresses))
    if (part !== "webhookKey" && address !== undefined) console.log(`${part.padEnd(15)} ${address}`);
  // For a program that started this one as its child.
  process.send?.({ kind: "ready", addresses: platform.addresses });
}

function stopOnSignals(platform: Platform, dataDir: string | undefined): void {
  let stopping = false;
  const stop = async (): Promise<void> => {
    // A second Ctrl+C is from somebody who does not want to wait.
    if (stopping) process.exit(130);
    stopping = true;
    if (dataDir !== undefined) rmSync(join(dataDir, SANDBOX_FILE), { force: true });
    await platform.close();
    process.exit(0);
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  process.on("disconnect", stop);
}

try {
  await main();
} catch (error) {
  const usage = error instanceof TypeError || (error instanceof Error && error.message.startsWith("--"));
  console.error(
    error instanceof PortTaken || error instanceof AppFailed || error instanceof NoApp || usage
      ? (error as Error).message
      : error,
  );
  process.exit(1);
}
