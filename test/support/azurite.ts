import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export interface Azurite {
  /** For the table service alone. */
  readonly connectionString: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** On a crowded machine the first answer may take this long. */
const START_TIMEOUT_MS = 120_000;
const ATTEMPTS = 5;
/** The emulator's account, the same for everybody and published with it. */
const ACCOUNT = "devstoreaccount1";
const KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

/** Starts Azurite's table service in a process of its own, on a free port, its rows in memory. */
export async function startAzurite(): Promise<Azurite> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const child = launch(port);
    if (await answers(child, port)) return running(child, port);
    child.kill("SIGKILL");
    // Another process took the port between our look and Azurite's.
    if (attempt === ATTEMPTS) throw new Error("Azurite did not start");
  }
}

/** The connection string of a table service on this port: Azurite's own, or that of a proxy in front of it. */
export function connectionStringTo(port: number): string {
  const endpoint = `http://127.0.0.1:${port}/${ACCOUNT}`;
  return `DefaultEndpointsProtocol=http;AccountName=${ACCOUNT};AccountKey=${KEY};TableEndpoint=${endpoint};`;
}

function launch(port: number): ChildProcess {
  const root = dirname(createRequire(import.meta.url).resolve("azurite/package.json"));
  const options = ["--tableHost", "127.0.0.1", "--tablePort", String(port), "--inMemoryPersistence", "--silent"];
  const child = spawn(
    process.execPath,
    [join(root, "dist/src/table/main.js"), ...options, "--disableTelemetry", "--skipApiVersionCheck"],
    { stdio: "ignore" },
  );
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  child.once("exit", () => process.off("exit", kill));
  return child;
}

async function answers(child: ChildProcess, port: number): Promise<boolean> {
  const until = performance.now() + START_TIMEOUT_MS;
  while (child.exitCode === null && performance.now() < until) {
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/`);
      await answer.arrayBuffer();
      // Another server that took the port would not say so.
      return (answer.headers.get("server") ?? "").startsWith("Azurite-Table");
    } catch {
      await sleep(50);
    }
  }
  return false;
}

function running(child: ChildProcess, port: number): Azurite {
  return {
    connectionString: connectionStringTo(port),
    port,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
