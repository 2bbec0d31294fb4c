import { afterAll, beforeAll, describe, it } from "@jest/globals";
import { type Stack, startStack } from "../support/stack.ts";
import { Company } from "./company.ts";
import { survivesCrashes } from "./crash.ts";
import { mainStory } from "./main-story.ts";

describe("two app processes on one platform", () => {
  let stack: Stack;
  let company: Company;
  beforeAll(async () => {
    stack = await startStack({ instances: 2, settings: { PARCOURS_MAIL_TIMEOUT_MS: "1000" } });
    company = await Company.open(stack.http);
  });
  afterAll(() => stack?.stop());

  mainStory(() => company);

  it("sixty runs end while one of the two is killed again and again: no mail is lost and none is sent twice", async () => {
    await survivesCrashes(company, { runs: 60, kills: 10, seed: 2 });
  }, 300_000);
});
