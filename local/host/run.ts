/** Runs any Node function app folder by itself: `npm run host -- --app DIR --port N`. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readSettings } from "../platform/arguments.ts";
import { startPlatform } from "../platform/platform.ts";

const { values } = parseArgs({
  options: {
    app: { type: "string", default: "." },
    port: { type: "string", default: "7071" },
    data: { type: "string" },
    settings: { type: "string" },
    instances: { type: "string", default: "1" },
  },
});

const own = join(values.app, "local.settings.json");
const settings = values.settings ?? (existsSync(own) ? own : undefined);
try {
  const platform = await startPlatform({
    appDir: values.app,
    dataDir: values.data,
    ports: { app: Number(values.port) },
    // As the platform's own tool does it: the environment, and over it what the file says.
    settings: { ...environment(), ...(settings === undefined ? {} : readSettings(settings)) },
    instances: Number(values.instances),
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
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

/** The environment as settings. `${…}` in it is nobody's placeholder. */
function environment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(
    ([name, value]) => name !== "NODE_OPTIONS" && !value?.includes("${"),
  );
  return Object.fromEntries(entries) as Record<string, string>;
}
