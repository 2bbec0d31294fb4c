import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { readEntities } from "../service-bus/config.ts";
import type { PlatformOptions } from "./platform.ts";

export const USAGE = `Runs a Node function app (programming model v4) with all that it needs around it, on this machine.

  --app DIR          the folder with package.json and host.json (default: .)
  --data DIR         where state is kept (default: .parcours)
  --in-memory        keep nothing
  --port-base N      the app at N, Dataverse at N+1, Communication Services at N+2, control at N+3,
                     Service Bus at N+4 (default: 7071; 0: free ports)
  --settings FILE    app settings: JSON like local.settings.json, or its "Values" alone; a value may hold
                     \${app} \${serviceBus} \${dataverse} \${communication} \${communicationConnectionString}
                     \${control} \${webhookKey} \${organizationId} \${dataDir}
  --entities FILE    the bus's entities, in the format of Config.json of Microsoft's emulator
  --instances N      how many instances of the app (default: 1)
  --mail-reports E   the queue or topic that takes the reports of mails (default: mail-reports)
  --quiet            no log of the app`;

const DEFAULT_PORT_BASE = 7071;

/** The command line of the platform's process. Throws with what is wrong. */
export function platformArguments(args: readonly string[]): PlatformOptions & { quiet: boolean; help: boolean } {
  const { values } = parseArgs({
    args: [...args],
    options: {
      app: { type: "string", default: "." },
      data: { type: "string", default: ".parcours" },
      "in-memory": { type: "boolean", default: false },
      "port-base": { type: "string", default: String(DEFAULT_PORT_BASE) },
      settings: { type: "string" },
      entities: { type: "string" },
      instances: { type: "string", default: "1" },
      "mail-reports": { type: "string" },
      quiet: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const base = wholeNumber("--port-base", values["port-base"], LAST_PORT - 4);
  const port = (offset: number) => (base === 0 ? 0 : base + offset);
  return {
    appDir: values.app,
    dataDir: values["in-memory"] ? undefined : values.data,
    ports: { app: port(0), dataverse: port(1), communication: port(2), control: port(3), serviceBus: port(4) },
    settings: values.settings === undefined ? {} : said("--settings", () => readSettings(values.settings ?? "")),
    instances: wholeNumber("--instances", values.instances),
    ...(values.entities === undefined
      ? {}
      : { entities: said("--entities", () => readEntities(values.entities ?? "")) }),
    ...(values["mail-reports"] === undefined ? {} : { mailReportsTo: values["mail-reports"] }),
    quiet: values.quiet,
    help: values.help,
  };
}

/** Reads app settings from a file shaped like local.settings.json, or from its `Values` alone. */
export function readSettings(file: string): Record<string, string> {
  const parsed = readObject(file);
  if (parsed.IsEncrypted === true)
    throw new Error(`${file} is encrypted: \`func settings decrypt\` in its folder makes it readable.`);
  const values = typeof parsed.Values === "object" && parsed.Values !== null ? parsed.Values : parsed;
  const texts = Object.entries(values).filter(([, value]) => typeof value !== "object");
  return Object.fromEntries(texts.map(([key, value]) => [key, String(value)]));
}

function readObject(file: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>;
  } catch (error) {
    const missing = (error as { code?: unknown }).code === "ENOENT";
    throw new Error(missing ? `There is no file ${file}.` : `${file} is no JSON: ${(error as Error).message}`);
  }
  throw new Error(`${file} holds no settings: it takes {"Values": {"NAME": "value"}}.`);
}

/** Lets an error say which option it is about. */
function said<T>(option: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`${option}: ${error instanceof Error ? error.message : error}`);
  }
}

export const LAST_PORT = 65_535;

/** An option's number. Throws with what it takes where it is none. */
export function wholeNumber(option: string, text: string, most = Number.MAX_SAFE_INTEGER): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw new Error(
    `${option} takes a number${most === Number.MAX_SAFE_INTEGER ? "" : ` up to ${most}`}, not "${text}".`,
  );
}
