import { afterEach, beforeEach, describe, it } from "@jest/globals";
import { Company } from "../journeys/company.ts";
import { survivesCrashes } from "../journeys/crash.ts";
import { type Stack, startStack } from "../support/stack.ts";

/** One variable scales the long tests. */
const SCALE = Number(process.env.PARCOURS_SCALE ?? 1);
const PATIENCE_MS = 3_600_000;

describe.each(["sqlite", "azure-tables"] as const)("the app killed while runs are under way, on %s", (store) => {
  let stack: Stack;
  let company: Company;
  beforeEach(async () => {
    const timeout = store === "sqlite" ? "1000" : "5000";
    stack = await startStack({ store, settings: { PARCOURS_MAIL_TIMEOUT_MS: timeout } });
    company = await Company.open(stack.http, 5_000 * SCALE);
  }, PATIENCE_MS);
  afterEach(() => stack?.stop(), PATIENCE_MS);

  it.each([11, 12, 13])(
    "every run ends, no mail is lost and none is sent twice (seed %i)",
    (seed) => survivesCrashes(company, { runs: 200 * SCALE, kills: 20 * SCALE, seed }),
    PATIENCE_MS,
  );
});
