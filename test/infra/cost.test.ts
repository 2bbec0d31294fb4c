import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { Cron } from "croner";
import { numbersOf, withFigures } from "../../scripts/cost.ts";
import { answer, event, openCompany } from "../support/company-in-process.ts";
import { inProcess } from "../support/in-process.ts";

const page = readFileSync("docs/cost.md", "utf8");
const of = numbersOf(page);
/** How far the page may be from what is counted: a guide to costs, no invoice. */
const ABOUT = 0.3;

function isAbout(counted: number, stated: number): void {
  expect(stated).toBeGreaterThan(counted * (1 - ABOUT));
  expect(stated).toBeLessThan(counted * (1 + ABOUT));
}

describe("the page of costs", () => {
  it("has the figures that follow from its own prices and quantities", () => {
    expect(withFigures(page)).toBe(page);
  });

  it("says about how much a run of the sample journey asks of the store and the engine", async () => {
    let operations = 0;
    const count = () => {
      operations += 1;
      return "none" as const;
    };
    const world = inProcess({ weather: { step: async () => {}, trouble: count } });
    try {
      await openCompany(world);
      operations = 0;
      await world.bring(event(world, "case-resolved"));
      await world.quiet();
      const [survey] = [...world.mailer.accepted.keys()];
      await answer(world, String(survey), 1);
      await world.pass(1_000);
      await world.bring(event(world, "order-created"));
      await world.quiet();
      expect(world.mailer.accepted.size).toBe(of("mails"));
      isAbout(world.runner.calls, of("activities"));
      isAbout(operations, of("run-operations"));
    } finally {
      world.close();
    }
  });

  it("says how many alerts search logs", () => {
    expect(of("alert-rules")).toBe((JSON.parse(readFileSync("infra/modules/alerts.json", "utf8")) as unknown[]).length);
  });

  it("says about how often Parcours's own timers run", () => {
    const printed = execFileSync(process.execPath, ["test/infra/registered-functions.ts"], { encoding: "utf8" });
    const functions = JSON.parse(printed) as { type: string; schedule?: string }[];
    const schedules = functions.flatMap(({ type, schedule }) =>
      type.toLowerCase() === "timertrigger" && schedule !== undefined ? [schedule] : [],
    );
    const day = schedules.reduce((sum, schedule) => sum + timesADay(schedule), 0);
    isAbout(day * 30, of("timers"));
  });

  it("says how many functions scale by themselves, and what it costs to have two instances of each always ready", () => {
    const found = JSON.parse(
      execFileSync(process.execPath, ["test/infra/registered-functions.ts"], { encoding: "utf8" }),
    ) as { type: string }[];
    const alone = found.filter(({ type }) => type === "timerTrigger" || type === "serviceBusTrigger").length;
    // HTTP is one group, and so are orchestrations and activities.
    const groups = alone + 2;
    const month = (gb: number) => Math.round(groups * 2 * gb * 730 * 3600 * of("always-ready"));
    expect(page).toContain(`Parcours has ${groups} of these`);
    expect(page).toContain(`= ${month(2)} dollars a month with 2 GB instances, ${month(0.5)} with`);
  });
});

function timesADay(schedule: string): number {
  const cron = new Cron(schedule, { timezone: "UTC" });
  const until = Date.parse("2026-03-02T00:00:00Z");
  let at = cron.nextRun(new Date(Date.parse("2026-03-01T00:00:00Z") - 1));
  let times = 0;
  for (; at !== null && at.getTime() < until; at = cron.nextRun(at)) times += 1;
  return times;
}
