import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { HOST_VERSION } from "./core-module.ts";
import type { FunctionApp } from "./function-app.ts";

/** Loads the files that package.json's `main` names (a path or a glob), unchanged, and runs the app's start hooks. */
export async function loadApp(appDir: string, app: FunctionApp): Promise<void> {
  for (const file of entryPoints(appDir)) await import(pathToFileURL(file).href);
  if (app.model === undefined) {
    throw new Error(`${appDir}: no function was registered. Does "main" in package.json name the files that do?`);
  }
  await app.runHooks("appStart", { hookData: app.hookData, functionAppDirectory: appDir, hostVersion: HOST_VERSION });
}

function entryPoints(appDir: string): string[] {
  const main = mainOf(appDir);
  const files = globSync(main, { cwd: appDir }).sort();
  if (files.length === 0) throw new Error(`${appDir}: no file matches "main" of package.json, which is "${main}".`);
  return files.map((file) => join(appDir, file));
}

function mainOf(appDir: string): string {
  const path = join(appDir, "package.json");
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw new Error(`${appDir} has no package.json: a Node function app of the v4 model needs one with "main".`);
  }
  const { main } = JSON.parse(text) as { main?: unknown };
  if (typeof main !== "string") throw new Error(`${path} has no "main": it names the files that register functions.`);
  return main;
}
