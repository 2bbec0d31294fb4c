import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The version that templates and snapshots were made with; another one words them differently. */
export const BICEP_VERSION = "0.49.2";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const CACHE = join(ROOT, "node_modules/.cache/bicep");
const SYSTEMS: Partial<Record<NodeJS.Platform, string>> = { linux: "linux", darwin: "osx", win32: "win" };

/**
 * The Bicep CLI: the one of an earlier call, else that of NuGet where there is a dotnet, else the one on the PATH.
 * Undefined where there is none of them.
 */
export function findBicep(): string | undefined {
  return cached() ?? restored() ?? onPath();
}

function executable(folder: string): string {
  return join(folder, `tools/bicep${process.platform === "win32" ? ".exe" : ""}`);
}

/** The package for this machine, as NuGet calls it. */
function packageName(): string {
  return `azure.bicep.commandline.${SYSTEMS[process.platform] ?? process.platform}-${process.arch}`;
}

function cached(): string | undefined {
  const path = executable(join(CACHE, BICEP_VERSION));
  return existsSync(path) ? path : undefined;
}

/** Has dotnet download the package, by a project that does nothing else. */
function restored(): string | undefined {
  if (!answers("dotnet", "--version")) return undefined;
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, "restore-"));
  try {
    const project = join(folder, "bicep.csproj");
    const download = `<PackageDownload Include="${packageName()}" Version="[${BICEP_VERSION}]" />`;
    writeFileSync(
      project,
      `<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>netstandard2.0</TargetFramework>
<DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences>
</PropertyGroup><ItemGroup>${download}</ItemGroup></Project>`,
    );
    execFileSync("dotnet", ["restore", project, "--packages", folder], { stdio: "ignore", timeout: 90_000 });
    keep(join(folder, packageName(), BICEP_VERSION));
    return cached();
  } catch {
    return undefined; // no such package for this machine, or no way to it
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Another process may restore at the same time: whoever is first keeps it. */
function keep(made: string): void {
  const place = join(CACHE, BICEP_VERSION);
  mkdirSync(dirname(place), { recursive: true });
  try {
    renameSync(made, place);
  } catch (fault) {
    if (cached() === undefined) throw fault;
  }
}

function onPath(): string | undefined {
  return answers("bicep", "--version") ? "bicep" : undefined;
}

function answers(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}
