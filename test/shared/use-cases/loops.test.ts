import { describe, expect, it } from "@jest/globals";
import { receiveEvent } from "../../../shared/use-cases/receive-event.ts";
import { ANNA, CASE, event, openCompany } from "../../support/company-in-process.ts";
import { runsOf } from "../../support/consistency.ts";
import { DAY_MS, inProcess, type World } from "../../support/in-process.ts";

const JOURNEY = {
  slug: "waiting",
  name: "Waiting",
  entry: { trigger: "case-touched" },
  goals: [{ name: "touched again", trigger: "case-touched" }],
  start: "rest",
  steps: { rest: { kind: "wait", duration: "P1D", next: null } },
};

async function opened(): Promise<World> {
  const world = inProcess();
  await openCompany(world, [JOURNEY]);
  return world;
}

describe("a change that Parcours made itself", () => {
  it("lets nobody in, and says so", async () => {
    const world = await opened();
    await receiveEvent(event(world, "case-touched", { hops: 1 }), world.runner, world.deps);
    expect(await runsOf(world, ANNA)).toEqual([]);
    const [decision] = await world.calm.decisions.about(`${CASE.table}:${CASE.id}`, world.clock.now(), 1);
    expect(decision).toMatchObject({ outcome: "turned-away", reason: expect.stringContaining("Parcours") });
    world.close();
  });

  it("is seen by the goals and waits of runs that live", async () => {
    const world = await opened();
    await world.bring(event(world, "case-touched"));
    await world.pass(5_000);
    await world.bring(event(world, "case-touched", { hops: 1 }));
    await world.quiet();
    expect((await runsOf(world, ANNA))[0]?.state.ended).toMatchObject({ as: "goal", name: "touched again" });
    world.close();
  });

  it("is parked as a loop once more than five of its effects stand in a row", async () => {
    const world = await opened();
    await world.bring(event(world, "case-touched"));
    await world.pass(5_000);
    await world.bring(event(world, "case-touched", { hops: 6 }));
    await world.pass(2 * DAY_MS);
    expect((await runsOf(world, ANNA))[0]?.state.ended?.as).toBe("completed");
    const [item] = (await world.calm.parked.page("permanent", 10)).rows;
    expect(item?.value).toMatchObject({ source: "trigger-events", reason: expect.stringContaining("loop") });
    world.close();
  });
});
