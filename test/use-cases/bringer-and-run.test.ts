import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { TriggerEvent } from "../../shared/domain/event.ts";
import { ANNA, answer, CASE, event, JOURNEY, openCompany } from "../support/company-in-process.ts";
import { expectConsistent, runsOf } from "../support/consistency.ts";
import { DAY_MS, inProcess, type World } from "../support/in-process.ts";
import { runs } from "../support/runs.ts";
import { type Trouble, troubles } from "../support/weather.ts";

const trouble = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Trouble>("none") },
  { weight: 1, arbitrary: fc.constantFrom<Trouble>("fails", "answer-lost", "repeated") },
);

const scene = fc.record({
  exit: fc.boolean(),
  goal: fc.boolean(),
  satisfaction: fc.constantFrom(null, 1, 5),
  /** One entry for each time that exit and goal are brought: so many turns of others go before. */
  late: fc.array(fc.nat({ max: 60 }), { minLength: 1, maxLength: 2 }),
  lostWakes: fc.array(fc.boolean(), { maxLength: 8 }),
  doubledWakes: fc.array(fc.boolean(), { maxLength: 8 }),
  doubledActivities: fc.array(fc.boolean(), { maxLength: 12 }),
  troubles: fc.array(trouble, { maxLength: 120 }),
  pageSize: fc.constantFrom(undefined, 2),
});
type Scene = typeof scene extends fc.Arbitrary<infer T> ? T : never;

async function play(it: Scene, scheduler: fc.Scheduler): Promise<World> {
  const open = { now: false };
  const list = troubles(it.troubles);
  const world = inProcess({
    ...(it.pageSize === undefined ? {} : { pageSize: it.pageSize }),
    weather: {
      step: (label) => (open.now ? scheduler.schedule(Promise.resolve(), label) : Promise.resolve()),
      trouble: (label) => (open.now ? list(label) : "none"),
    },
    waitFor: (work) => scheduler.waitFor(work),
  });
  await openCompany(world);
  world.runner.weather = {
    losesWake: () => it.lostWakes.shift() ?? false,
    doublesWake: () => it.doubledWakes.shift() ?? false,
    doublesActivity: () => it.doubledActivities.shift() ?? false,
  };
  const { satisfaction } = it;
  let answered = false;
  world.mailer.onAccepted = (operation) => {
    if (answered || satisfaction === null) return;
    answered = true;
    void world.busy.during(answer(world, operation, satisfaction));
  };
  open.now = true;
  const entry = event(world, "case-resolved");
  world.clock.moveTo(world.clock.now() + 2_000);
  const events = [entry];
  if (it.exit) events.push(event(world, "case-reopened"));
  if (it.goal) events.push(event(world, "order-created"));
  const bring = async (one: TriggerEvent, turns: number): Promise<void> => {
    for (let turn = 0; turn < turns; turn += 1) await scheduler.schedule(Promise.resolve(), "a turn of others");
    await world.bring(one);
  };
  for (const one of events)
    for (const turns of it.late) void world.busy.during(bring(one, one === entry ? turns % 3 : turns));
  await world.pass(40 * DAY_MS);
  return world;
}

describe("whoever brings an event, and the run that it concerns", () => {
  it("never miss each other, whatever comes in between, is lost or done twice", async () => {
    await fc.assert(
      fc.asyncProperty(scene, fc.scheduler(), async (it, scheduler) => {
        const world = await play(structuredClone(it), scheduler);
        const [row, ...more] = await runsOf(world, ANNA);
        expect(more).toEqual([]);
        if (row === undefined) throw new Error("nobody entered");
        const { ended } = row.state;
        const facts = await expectConsistent(world, row);
        const heard = facts.some((fact) => fact.kind === "happened" && fact.step === "ask");
        const thanked = facts.some((fact) => fact.kind === "arrived" && fact.step === "thank");
        // Who was satisfied is through at once: then the exit or the goal may come too late.
        const wanted = [...(it.exit ? ["exit"] : []), ...(it.goal ? ["goal"] : [])];
        if (wanted.length === 0 || thanked) wanted.push("completed");
        expect(wanted).toContain(ended?.as);
        if (wanted.length === 1 && wanted[0] === "completed" && it.satisfaction !== null) expect(heard).toBe(true);
        expect(await world.calm.bindings.runs(CASE)).toEqual([]);
        for (const mails of world.mailer.accepted.values()) expect(mails).toHaveLength(1);
        const sent = facts.filter((fact) => fact.kind === "sent");
        expect(world.mailer.mails).toHaveLength(sent.length);
        expect(JOURNEY.slug).toBe(row.state.journey);
        world.close();
      }),
      runs(60),
    );
  });
});
