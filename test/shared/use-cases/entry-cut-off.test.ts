import { describe, expect, it } from "@jest/globals";
import { ParcoursError } from "../../../shared/errors.ts";
import type { Runner } from "../../../shared/ports/runner.ts";
import { RunIndex } from "../../../shared/stores/run-index.ts";
import { changeGate } from "../../../shared/use-cases/operate.ts";
import { receiveEvent } from "../../../shared/use-cases/receive-event.ts";
import { ANNA, CASE, event, openCompany } from "../../support/company-in-process.ts";
import { expectConsistent, runsOf } from "../../support/consistency.ts";
import { DAY_MS, inProcess, type World } from "../../support/in-process.ts";

const JOURNEY = {
  slug: "patient",
  name: "Patient",
  entry: {
    trigger: "case-resolved",
    filter: { kind: "compare", field: "record.prioritycode", op: "eq", value: 1 },
  },
  start: "rest",
  steps: { rest: { kind: "wait", duration: "P1D", next: null } },
};

const NEVER = { kind: "compare", field: "event.title", op: "eq", value: "never" };

/** An engine that is away just when the run was written and is to be started. */
const AWAY: Runner = {
  start: async () => {
    throw new ParcoursError("RUNNER_UNAVAILABLE", "away");
  },
  wake: async () => "gone",
  terminate: async () => "gone",
  forget: async () => undefined,
  status: async () => undefined,
};

async function cutOff(): Promise<{ world: World; entry: ReturnType<typeof event> }> {
  const world = inProcess();
  await openCompany(world, [JOURNEY]);
  world.dataverse.put(CASE.table, CASE.id, { prioritycode: 1 });
  const entry = event(world, "case-resolved");
  await expect(receiveEvent(entry, AWAY, world.deps)).rejects.toMatchObject({ code: "RUNNER_UNAVAILABLE" });
  return { world, entry };
}

describe("an entry that was cut off before its run was started", () => {
  it("is finished by the next delivery, though the filter would not let the person in any more", async () => {
    const { world, entry } = await cutOff();
    world.dataverse.put(CASE.table, CASE.id, { prioritycode: 3 });
    await world.bring(entry);
    await world.pass(2 * DAY_MS);
    expect((await runsOf(world, ANNA)).map((row) => row.state.ended?.as)).toEqual(["completed"]);
    world.close();
  });

  it("is finished, and ended at once, where the journey was stopped meanwhile", async () => {
    const { world, entry } = await cutOff();
    await changeGate(JOURNEY.slug, { state: "stopped", migrate: null }, AWAY, world.calm).catch(() => undefined);
    await world.bring(entry);
    await world.quiet();
    expect((await runsOf(world, ANNA)).map((row) => row.state.ended?.as)).toEqual(["stopped"]);
    world.close();
  });

  it("is counted and listed, though nobody delivered it again, once another event started its run", async () => {
    const world = inProcess();
    const exits = [{ name: "reopened", trigger: "case-reopened", condition: NEVER }];
    await openCompany(world, [{ ...JOURNEY, exits }]);
    world.dataverse.put(CASE.table, CASE.id, { prioritycode: 1 });
    const down = async (): Promise<never> => {
      throw new ParcoursError("STORE_UNAVAILABLE", "down");
    };
    const index = new RunIndex({ get: down, list: down, commit: down, drop: down });
    const cut = receiveEvent(event(world, "case-resolved"), world.runner, { ...world.deps, index });
    await expect(cut).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    await world.bring(event(world, "case-reopened"));
    await world.pass(2 * DAY_MS);
    const [row] = await runsOf(world, ANNA);
    if (row === undefined) throw new Error("nobody entered");
    expect(row.state.ended?.as).toBe("completed");
    await expectConsistent(world, row);
    world.close();
  });

  it("is finished, though the event is older by now than an entry may be", async () => {
    const { world, entry } = await cutOff();
    world.clock.moveTo(world.clock.now() + 31 * DAY_MS);
    await world.bring(entry);
    await world.pass(2 * DAY_MS);
    expect((await runsOf(world, ANNA)).map((row) => row.state.ended?.as)).toEqual(["completed"]);
    world.close();
  });
});
