/** Runs any Node function app folder by itself: `npm run host -- --app DIR --port N`. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { commandLine } from "../command-line.ts";
import { LAST_PORT, readSettings, wholeNumber } from "../platform/arguments.ts";
import { PortTaken } from "../platform/listen.ts";
import { startPlatform } from "../platform/platform.ts";
import { AppFailed } from "../platform/supervisor.ts";

const USAGE = `Usage: npm run host -- [--app DIR] [--port N] [--settings FILE] [--data DIR] [--instances N]

  --app        the function app's folder, with its package.json and host.json; this one by default
  --port       where to listen; 7071 by default
  --settings   app settings as in local.settings.json, which is read where the app has one
  --data       keeps what durable functions and timers know over a restart
  --instances  how many processes run the app; 1 by default`;

const MOST_INSTANCES = 16;

const values = commandLine(USAGE, {
  app: { type: "string", default: "." },
  port: { type: "string", default: "7071" },
  data: { type: "string" },
  settings: { type: "string" },
  instances: { type: "string", default: "1" },
});
const own = join(values.app, "local.settings.json");
const settings = values.settings ?? (existsSync(own) ? own : undefined);
try {
  const platform = await startPlatform({
    appDir: values.app,
    dataDir: values.data,
    ports: { app: wholeNumber("--port", values.port, LAST_PORT) },
    // As the platform's own tool does it: the environment, and over it what the file says.
    settings: { ...environment(), ...(settings === undefined ? {} : readSettings(settings)) },
    instances: wholeNumber("--instances", values.instances, MOST_INSTANCES),
    log: (line) => console.log(line),
  });
  const stop = async (): Promise<void> => {
    await platform.close();
    process.exit(0);
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  await platform.waitUntilReady();
  for (const line of platform.describe()) console.log(line);
} catch (error) {
  const taken =
    error instanceof PortTaken && `Port ${error.port} is taken by another program; choose another with --port.`;
  // Why the app can't be loaded stands in the log already.
  if (!(error instanceof AppFailed)) console.error(taken || (error instanceof Error ? error.message : error));
  process.exit(1);
}

/** The environment as settings. `${…}` in it is nobody's placeholder. */
function environment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(
    ([name, value]) => name !== "NODE_OPTIONS" && !value?.includes("${"),
  );
  return Object.fromEntries(entries) as Record<string, string>;
}
