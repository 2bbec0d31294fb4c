import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "@jest/globals";
import { sqliteRows } from "../../shared/adapters/sqlite/rows.ts";
import { Upgrades } from "../../shared/stores/upgrades.ts";
import { Company } from "../journeys/company.ts";
import { startStack } from "../support/stack.ts";
import { recordedBuilds, unpackBuild } from "./recorded-build.ts";
import { recordStory } from "./story.ts";
import { expectStoryEnds } from "./story-ends.ts";

const FORMER = "journey-of-old";
const SETTINGS = { PARCOURS_MAIL_TIMEOUT_MS: "1000" };

const folder = mkdtempSync(join(tmpdir(), "parcours-move-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("runs of an orchestrator that no longer exists are moved to this build's, and end as they should", async () => {
  const [first = ""] = recordedBuilds();
  const { appDir } = unpackBuild(first, folder);
  rename(join(appDir, "index.mjs"));
  const dataDir = join(folder, "data");
  const old = await startStack({ appDir, dataDir, settings: SETTINGS });
  const recorded = await recordStory(await Company.open(old.http)).finally(() => old.stop());
  await generationOf(dataDir, 0);

  const stack = await startStack({ dataDir, settings: SETTINGS });
  try {
    const company = await Company.again(stack.http);
    const orchestrators = async () => {
      const { addresses, keys } = stack.platform;
      const url = `${addresses.app}/runtime/webhooks/durabletask/instances?code=${keys.durable}&runtimeStatus=Running`;
      const instances = (await (await fetch(url)).json()) as { name: string }[];
      return new Set(instances.map(({ name }) => name));
    };
    expect(await orchestrators()).toEqual(new Set([FORMER]));
    await stack.http.advance("PT2M");
    expect(await orchestrators()).toEqual(new Set(["journey"]));
    await expectStoryEnds(company, recorded);
  } finally {
    await stack.stop();
  }
});

/** The same build, but for the name of its orchestrator: where it is registered, and where it is started. */
function rename(bundle: string): void {
  const text = readFileSync(bundle, "utf8");
  const renamed = text
    .replace('.orchestration("journey"', `.orchestration("${FORMER}"`)
    .replace('="journey",', `="${FORMER}",`);
  expect(renamed.split(FORMER)).toHaveLength(3);
  writeFileSync(bundle, renamed);
}

/** What that build would have written down, had it been one of a generation before. */
async function generationOf(dataDir: string, generation: number): Promise<void> {
  const rows = sqliteRows({ file: join(dataDir, "parcours.db"), now: Date.now });
  await new Upgrades(rows).movedTo(generation);
  rows.close();
}
