import { describe, expect, it } from "@jest/globals";
import { changeGate } from "../../../shared/use-cases/operate.ts";
import { ANNA, event, openCompany } from "../../support/company-in-process.ts";
import { expectConsistent, runsOf } from "../../support/consistency.ts";
import { DAY_MS, type Document, inProcess, type World } from "../../support/in-process.ts";

/** Counts orders, and rests a minute after the twentieth or so: `touched` lets it go round. */
const COUNTING = {
  slug: "counting",
  name: "Counting",
  entry: { trigger: "case-resolved" },
  exits: [{ name: "reopened", trigger: "case-reopened" }],
  start: "touched",
  steps: {
    touched: { kind: "wait-for", trigger: "case-touched", within: "P30D", happened: "touched", elapsed: null },
  },
};

async function begun(journey: Document): Promise<World> {
  const world = inProcess();
  await openCompany(world, [journey]);
  return world;
}

/** Events that lie in the inbox before the run reads it for the first time. */
async function enterWith(world: World, touches: number): Promise<void> {
  const entry = event(world, "case-resolved");
  for (let n = 0; n < touches; n += 1) {
    const touched = event(world, "case-touched", { id: `touch-${String(n).padStart(2, "0")}`, member: ANNA });
    await world.calm.members.deliver(ANNA, world.clock.now(), { kind: "event", event: touched });
  }
  await world.bring(entry);
  await world.pass(60_000);
}

describe("an inbox that holds much at once", () => {
  it.each([19, 20, 21, 60])("is taken in portions, %i events, and then the run rests", async (touches) => {
    const world = await begun(COUNTING);
    await enterWith(world, touches);
    const [row] = await runsOf(world, ANNA);
    if (row === undefined) throw new Error("nobody entered");
    expect(row.state.taken).toHaveLength(touches);
    expect(row.next.kind).toBe("wait");
    const facts = await expectConsistent(world, row);
    expect(facts.filter((fact) => fact.kind === "happened")).toHaveLength(touches);
    // Two activities for each portion and each race: nothing that turns in circles.
    expect(world.runner.calls).toBeLessThan(4 + touches / 4);
    const rested = world.runner.calls;
    await world.pass(DAY_MS);
    expect(world.runner.calls).toBe(rested);
    world.close();
  });

  it("is read again after a migration, which may bring a goal that the event reached before", async () => {
    const world = await begun(COUNTING);
    await world.bring(event(world, "case-resolved"));
    await world.quiet();
    const goals = [{ name: "ordered", trigger: "order-created" }];
    await world.publish("journeys", { ...COUNTING, goals });
    await world.bring(event(world, "order-created"));
    await world.quiet();
    expect((await runsOf(world, ANNA))[0]?.state.ended).toBeNull();
    // The engine lost the instance: the wake starts it anew, and its first activity must leave nothing behind.
    const [live] = await runsOf(world, ANNA);
    world.runner.lose(live?.state.run ?? "");
    await changeGate(COUNTING.slug, { state: "open", migrate: { version: 2, steps: {} } }, world.runner, world.calm);
    await world.pass(1_000);
    const [row] = await runsOf(world, ANNA);
    expect(row?.state).toMatchObject({ version: 2, ended: { as: "goal", name: "ordered" } });
    world.close();
  });
});
