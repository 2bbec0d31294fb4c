import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Company } from "../journeys/company.ts";
import { survivesCrashes } from "../journeys/crash.ts";
import { mainStory } from "../journeys/main-story.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { recordedBuilds, unpackBuild } from "./recorded-build.ts";
import { expectStoryEnds } from "./story-ends.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const SETTINGS = { PARCOURS_MAIL_TIMEOUT_MS: "1000" };

describe.each(recordedBuilds())("a platform on which build %s ran until now", (name) => {
  const folder = mkdtempSync(join(tmpdir(), "parcours-upgrade-"));
  const build = unpackBuild(name, folder);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("goes on with this build: each run that was under way, waiting, held or half done ends as it should", async () => {
    const stack = await startStack({ dataDir: build.dataDir, settings: SETTINGS });
    try {
      await expectStoryEnds(await Company.again(stack.http), build.recorded);
    } finally {
      await stack.stop();
    }
  });

  describe("with an instance of this build beside one of the old", () => {
    let stack: Stack;
    let company: Company;
    beforeAll(async () => {
      stack = await startStack({ appDir: build.appDir, settings: SETTINGS });
      company = await Company.open(stack.http);
      stack.platform.setAppDir(ROOT);
      await stack.platform.setInstances(2);
      await stack.platform.waitUntilReady();
    });
    afterAll(() => stack?.stop());

    it("both are up", () => {
      expect(stack.platform.instances().map(({ state }) => state)).toEqual(["ready", "ready"]);
    });

    mainStory(() => company);

    it("forty runs end while instances of both builds are killed and come again as the other: no mail lost, none sent twice", async () => {
      const deploy = async (kill: number) => stack.platform.setAppDir(kill % 2 === 0 ? build.appDir : ROOT);
      await survivesCrashes(company, { runs: 40, kills: 8, seed: 6, beforeKill: deploy });
    }, 300_000);
  });
});
