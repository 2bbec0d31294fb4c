import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Company } from "../journeys/company.ts";
import { type Soaked, survivesWeeks } from "../journeys/soak.ts";
import { heapMb, residentMb } from "../support/heap.ts";
import { type Stack, startStack } from "../support/stack.ts";

/** One variable scales the long tests. */
const SECONDS = 300 * Number(process.env.PARCOURS_SCALE ?? 1);
const SEED = Number(process.env.PARCOURS_SOAK_SEED ?? 21);
/** More than a warm heap sways, less than a hundred bytes kept of each thing that happens would come to. */
const SWAY_MB = 4;
const APP_MB = 400;

describe(`${SECONDS} seconds of weeks in which something goes wrong all the time`, () => {
  let stack: Stack;
  let company: Company;
  let soaked: Soaked;
  const app: number[] = [];
  beforeAll(async () => {
    stack = await startStack({ settings: { PARCOURS_MAIL_TIMEOUT_MS: "1000" } });
    company = await Company.open(stack.http);
    for (let thousand = 1; thousand <= 5; thousand++) {
      const codes = Array.from({ length: 1000 }, (_, n) => `VELO-${thousand * 10_000 + n}`);
      await stack.http.api("POST", "/api/discount-pools/apology-10/codes", { codes });
    }
  });
  afterAll(() => stack.stop());

  it(
    `lose nothing and do nothing twice (seed ${SEED})`,
    async () => {
      const log = process.env.PARCOURS_LOG ? console.log : undefined;
      const measured = (): number => {
        app.push(residentMb(stack.platform.instances()[0]?.pid) ?? 0);
        return heapMb();
      };
      soaked = await survivesWeeks(company, { seconds: SECONDS, seed: SEED, heapMb: measured, ...(log && { log }) });
      const { rounds, customers, virtualDays, troubles } = soaked;
      console.log(
        JSON.stringify({ rounds, customers, virtualDays, troubles, heapMb: ends(soaked.heapMb), appMb: ends(app) }),
      );
    },
    SECONDS * 2000 + 600_000,
  );

  it("leave the platform's heap flat, and the app's memory within bounds", () => {
    const quarter = Math.floor(soaked.heapMb.length / 4);
    const second = lowest(soaked.heapMb.slice(quarter, 2 * quarter));
    const last = lowest(soaked.heapMb.slice(-quarter));
    expect(last - second).toBeLessThan(SWAY_MB);
    expect(Math.max(...app)).toBeLessThan(APP_MB);
  });
});

function lowest(values: readonly number[]): number {
  return Math.min(...values);
}

function ends(values: readonly number[]): string {
  return `${values[0]} … ${values[Math.floor(values.length / 2)]} … ${values.at(-1)}`;
}
