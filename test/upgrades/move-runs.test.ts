import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "@jest/globals";
import { Company } from "../journeys/company.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { recordedBuilds, unpackBuild } from "./recorded-build.ts";
import { expectStoryEnds } from "./story-ends.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const NEXT = "journey-next";

const folder = mkdtempSync(join(tmpdir(), "parcours-move-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("live runs are moved to the orchestrator of a build that gave it another name, and end as they should", async () => {
  const [first = ""] = recordedBuilds();
  const { dataDir, recorded } = unpackBuild(first, folder);
  const appDir = join(folder, "next");
  execFileSync(process.execPath, ["scripts/build.ts", "--out", appDir], { cwd: ROOT });
  renameOrchestrator(join(appDir, "index.mjs"));

  const stack = await startStack({ appDir, dataDir, settings: { PARCOURS_MAIL_TIMEOUT_MS: "1000" } });
  try {
    const company = await Company.again(stack.http);
    expect(await orchestrators(stack)).toContain("journey");
    await stack.http.advance("PT2M");
    expect(await orchestrators(stack)).toEqual(new Set([NEXT]));
    await expectStoryEnds(company, recorded);
  } finally {
    await stack.stop();
  }
});

/** Of the instances that run. */
async function orchestrators({ platform: { addresses, keys } }: Stack): Promise<Set<string>> {
  const url = `${addresses.app}/runtime/webhooks/durabletask/instances?code=${keys.durable}&runtimeStatus=Running`;
  const instances = (await (await fetch(url)).json()) as { name: string }[];
  return new Set(instances.map(({ name }) => name));
}

/** What a release does that changes the orchestrator: another name, the next generation, and the former beside it. */
function renameOrchestrator(bundle: string): void {
  const text = readFileSync(bundle, "utf8");
  const renamed = text
    .replace(/([\w$]+)="journey",([\w$]+)=1\b/, `$1="${NEXT}",$2=2`)
    .replace(/([\w$]+\.app\.orchestration)\(([\w$]+),([\w$]+)\)/, '$1("journey",$3),$1($2,$3)');
  expect(renamed).toContain(`="${NEXT}",`);
  expect(renamed).toContain('.orchestration("journey",');
  writeFileSync(bundle, renamed);
}
