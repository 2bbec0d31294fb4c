/**
 * Keeps today's build, and runs that it left under way, for the tests of every later build: `npm run record-build`,
 * once for each release. `--app DIR` records another package than the one that is built from here.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { rowSchema } from "../../scripts/start/snapshot.ts";
import { Company } from "../journeys/company.ts";
import { startStack } from "../support/stack.ts";
import { packBuild } from "./recorded-build.ts";
import { recordStory } from "./story.ts";

const { values } = parseArgs({ options: { app: { type: "string" }, name: { type: "string" } } });
const folder = mkdtempSync(join(tmpdir(), "parcours-record-"));
const app = values.app ?? join(folder, "app");
if (values.app === undefined) execFileSync(process.execPath, ["scripts/build.ts", "--out", app], { stdio: "inherit" });
const { version } = JSON.parse(readFileSync(join(app, "package.json"), "utf8")) as { version: string };

const dataDir = join(folder, "state");
const stack = await startStack({ appDir: app, dataDir, settings: { PARCOURS_MAIL_TIMEOUT_MS: "5000" } });
const recorded = await recordStory(await Company.open(stack.http)).catch(async (fault: unknown) => {
  await stack.stop();
  throw fault;
});
const end = new Date(await stack.http.now()).toISOString();
await stack.stop();
packBuild(values.name ?? version, app, dataDir, { rowSchema: rowSchema(), end, recorded });
rmSync(folder, { recursive: true, force: true });
