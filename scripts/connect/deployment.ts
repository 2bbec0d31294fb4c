import { execFile } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify, stripVTControlCharacters } from "node:util";
import type { DeploymentSettings } from "../../shared/ports/deployment-settings.ts";

const run = promisify(execFile);

/** What the deployment is known by, beside its settings. */
export interface Deployment extends DeploymentSettings {
  /** Values that azd keeps, or that stand in the settings' file. */
  readonly known: Readonly<Record<string, string>>;
}

/** The azd environment of this folder if there is one, else the file, else nothing but what is printed. */
export async function deploymentAt(
  folder: string,
  file: string | undefined,
  env: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<Deployment> {
  if (file !== undefined) return inFile(file);
  const azd = await azdValues(folder, env);
  if (azd !== undefined) return inAzd(folder, azd, env, say);
  const usual = join(folder, "local.settings.json");
  return existsSync(usual) ? inFile(usual) : nowhere(env, say);
}

/** Undefined where azd is not installed, or has no environment here. */
async function azdValues(folder: string, env: NodeJS.ProcessEnv): Promise<Record<string, string> | undefined> {
  try {
    const { stdout } = await run("azd", ["env", "get-values", "--output", "json", "--cwd", folder], { env });
    return textsOf(JSON.parse(stripVTControlCharacters(stdout)));
  } catch {
    return undefined;
  }
}

function inAzd(
  folder: string,
  known: Record<string, string>,
  env: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Deployment {
  return {
    known,
    where: `the azd environment ${known.AZURE_ENV_NAME ?? ""}`.trim(),
    read: async (name) => known[name],
    async write(values) {
      for (const [name, value] of Object.entries(values))
        await run("azd", ["env", "set", name, value, "--cwd", folder], { env });
      say("  azd provision: the app gets its new settings; this takes some minutes");
      try {
        await run("azd", ["provision", "--no-prompt", "--cwd", folder], { env, maxBuffer: 64 * 1024 * 1024 });
        return null;
      } catch {
        return "azd provision failed: run it, and then this command again.";
      }
    },
  };
}

function inFile(file: string): Deployment {
  const settings: { Values?: unknown } = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const known = textsOf(settings.Values);
  return {
    known,
    where: file,
    read: async (name) => known[name],
    async write(values) {
      writeFileSync(file, `${JSON.stringify({ ...settings, Values: { ...known, ...values } }, null, 2)}\n`);
      return "Start the app again: it reads its settings once.";
    },
  };
}

function nowhere(env: NodeJS.ProcessEnv, say: (line: string) => void): Deployment {
  return {
    known: {},
    where: "your deployment",
    read: async (name) => env[name],
    async write(values) {
      for (const [name, value] of Object.entries(values)) say(`  ${name}=${value}`);
      return "There is no azd environment here: set these yourself, or name a file with --settings.";
    },
  };
}

function textsOf(values: unknown): Record<string, string> {
  if (typeof values !== "object" || values === null) return {};
  return Object.fromEntries(Object.entries(values).filter(([, value]) => typeof value === "string" && value !== ""));
}
