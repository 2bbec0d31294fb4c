import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { HOST_VERSION } from "./core-module.ts";
import type { FunctionApp } from "./function-app.ts";

/** The app's folder is at fault, and the message says all: where in this host it was found out is no help. */
export class NoApp extends Error {
  constructor(message: string) {
    super(message);
    this.name = "NoApp";
  }
}

/** Throws where a folder can't be a function app's. */
export function checkAppDir(appDir: string): void {
  if (existsSync(join(appDir, "package.json"))) return;
  throw new NoApp(`There is no function app in ${appDir}: its package.json is missing.`);
}

/** Loads the files that package.json's `main` names (a path or a glob), unchanged, and runs the app's start hooks. */
export async function loadApp(appDir: string, app: FunctionApp): Promise<void> {
  for (const file of entryPoints(appDir)) await import(pathToFileURL(file).href);
  if (app.model === undefined) {
    throw new NoApp(`${appDir}: no function was registered. Does "main" in package.json name the files that do?`);
  }
  await app.runHooks("appStart", { hookData: app.hookData, functionAppDirectory: appDir, hostVersion: HOST_VERSION });
}

function entryPoints(appDir: string): string[] {
  const main = mainOf(appDir);
  const files = globSync(main, { cwd: appDir }).sort();
  if (files.length === 0) throw new NoApp(`${appDir}: no file matches "main" of package.json, which is "${main}".`);
  return files.map((file) => join(appDir, file));
}

function mainOf(appDir: string): string {
  const path = join(appDir, "package.json");
  checkAppDir(appDir);
  let main: unknown;
  try {
    ({ main } = JSON.parse(readFileSync(path, "utf8")) as { main?: unknown });
  } catch (error) {
    throw new NoApp(`${path} is no JSON: ${error instanceof Error ? error.message : error}`);
  }
  if (typeof main !== "string")
    throw new NoApp(
      `${path} has no "main": add one that names the files that register functions, such as "src/functions/*.js".`,
    );
  return main;
}
