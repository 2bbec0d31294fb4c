import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { heapMb } from "../support/heap.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { Company } from "./company.ts";
import { survivesWeeks } from "./soak.ts";

const SECONDS = Number(process.env.PARCOURS_SOAK_SECONDS ?? 0);
const SEED = Number(process.env.PARCOURS_SOAK_SEED ?? 1);

describe("weeks in which something goes wrong all the time", () => {
  let stack: Stack;
  let company: Company;
  beforeAll(async () => {
    stack = await startStack({
      settings: { PARCOURS_MAIL_TIMEOUT_MS: "1000" },
      ...(process.env.PARCOURS_LOG ? { log: console.log } : {}),
    });
    company = await Company.open(stack.http, 1000);
  });
  afterAll(() => stack.stop());

  it(
    `lose nothing and do nothing twice (seed ${SEED})`,
    async () => {
      const log = process.env.PARCOURS_LOG ? console.log : undefined;
      const soaked = await survivesWeeks(company, { seconds: SECONDS, seed: SEED, heapMb, ...(log && { log }) });
      expect(soaked.virtualDays).toBeGreaterThan(20);
    },
    SECONDS * 1000 + 240_000,
  );
});
