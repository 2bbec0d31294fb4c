import { afterAll, beforeAll, describe, it } from "@jest/globals";
import { type Stack, startStack } from "../support/stack.ts";
import { Company } from "./company.ts";
import { survivesCrashes } from "./crash.ts";
import { mainStory } from "./main-story.ts";

// Azurite may stall for tens of seconds: these wait for it.
const PATIENCE_MS = 600_000;

describe("on Azure Table storage", () => {
  let stack: Stack;
  let company: Company;
  beforeAll(async () => {
    stack = await startStack({ store: "azure-tables", settings: { PARCOURS_MAIL_TIMEOUT_MS: "5000" } });
    company = await Company.open(stack.http);
  }, PATIENCE_MS);
  afterAll(() => stack?.stop(), PATIENCE_MS);

  mainStory(() => company);

  it(
    "ten runs end with two kills, no mail lost and none sent twice",
    () => survivesCrashes(company, { runs: 10, kills: 2, seed: 1 }),
    PATIENCE_MS,
  );
});
