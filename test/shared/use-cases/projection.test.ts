import { describe, expect, it } from "@jest/globals";
import { projectRun } from "../../../shared/use-cases/project-run.ts";
import { ANNA, event, openCompany, POOL } from "../../support/company-in-process.ts";
import { expectConsistent, runsOf } from "../../support/consistency.ts";
import { DAY_MS, inProcess } from "../../support/in-process.ts";
import { Stops } from "../../support/weather.ts";

const JOURNEY = {
  slug: "codes",
  name: "Codes",
  entry: { trigger: "case-resolved" },
  start: "code",
  steps: { code: { kind: "discount", pool: POOL, next: "rest" }, rest: { kind: "wait", duration: "P1D", next: null } },
};

describe("the operators' lists", () => {
  it("hold a run in one place, though somebody wrote what was true three commits ago", async () => {
    const stops = new Stops();
    const world = inProcess({ weather: { step: stops.step, trouble: () => "none" } });
    await openCompany(world, [JOURNEY]);
    for (const run of ["1", "2", "3"])
      await world.calm.codes.draw(POOL, { run: `${ANNA}~${run}`, step: "s", visit: 1 }, () => 0, 0);
    await world.bring(event(world, "case-resolved"));
    await world.quiet();
    const [held] = await runsOf(world, ANNA);
    if (held === undefined) throw new Error("nobody entered");
    expect(held.bucket).toBe("held");
    // Somebody goes to write "held", and falls asleep over it.
    const sleeping = stops.next(/^commit RunIndex upsert/);
    const slow = projectRun(held, world.deps);
    await sleeping.reached;
    await world.calm.codes.add(POOL, ["CODE-9"]);
    await world.pass(2 * DAY_MS);
    sleeping.go();
    await slow;
    const [ended] = await runsOf(world, ANNA);
    if (ended === undefined) throw new Error("the run is gone");
    expect(ended.bucket).toBe("completed");
    await expectConsistent(world, ended);
    world.close();
  });
});
