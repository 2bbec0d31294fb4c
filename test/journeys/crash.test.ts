import { afterAll, beforeAll, describe, it } from "@jest/globals";
import { type Stack, startStack } from "../support/stack.ts";
import { Company } from "./company.ts";
import { survivesCrashes } from "./crash.ts";

const RUNS = Number(process.env.PARCOURS_CRASH_RUNS ?? 200);
const KILLS = Number(process.env.PARCOURS_CRASH_KILLS ?? 20);
const SEED = Number(process.env.PARCOURS_CRASH_SEED ?? 1);

describe("the app killed while runs are under way", () => {
  let stack: Stack;
  let company: Company;
  beforeAll(async () => {
    // A short time-out of the mailer makes short leases: the story is the same, in less time.
    stack = await startStack({
      settings: { PARCOURS_MAIL_TIMEOUT_MS: "1000" },
      ...(process.env.PARCOURS_LOG ? { log: console.log } : {}),
    });
    company = await Company.open(stack.http);
  });
  afterAll(() => stack.stop());

  it(
    `${RUNS} runs end, no mail is lost and none is sent twice, with ${KILLS} kills (seed ${SEED})`,
    () => survivesCrashes(company, { runs: RUNS, kills: KILLS, seed: SEED }),
    600_000,
  );
});
