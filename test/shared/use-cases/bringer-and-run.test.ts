import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { ANNA, about, answer, BEN, CASE, event, openCompany } from "../../support/company-in-process.ts";
import { expectConsistent, runsOf } from "../../support/consistency.ts";
import { DAY_MS, type World } from "../../support/in-process.ts";
import { fate, interleaved } from "../../support/interleaved.ts";
import { runs } from "../../support/runs.ts";

const scene = fc.record({
  exit: fc.boolean(),
  /** By the time that it was reopened the case may be somebody else's (rule 4). */
  handedOver: fc.boolean(),
  goal: fc.boolean(),
  satisfaction: fc.constantFrom(null, 1, 5),
  /** One entry for each time that exit and goal are brought: so many turns of others go before. */
  late: fc.array(fc.nat({ max: 60 }), { minLength: 1, maxLength: 2 }),
  fate,
});
type Scene = typeof scene extends fc.Arbitrary<infer T> ? T : never;

async function play(it: Scene, scheduler: fc.Scheduler): Promise<World> {
  const { world, begin, later } = interleaved(scheduler, it.fate);
  await openCompany(world);
  let answered = false;
  const { satisfaction } = it;
  world.mailer.onAccepted = (operation) => {
    if (answered || satisfaction === null) return;
    answered = true;
    later(0, () => answer(world, operation, satisfaction));
  };
  const entry = event(world, "case-resolved");
  world.clock.moveTo(world.clock.now() + 2_000);
  const exit = event(world, "case-reopened", it.handedOver ? about(BEN) : {});
  const goal = event(world, "order-created");
  begin();
  for (const turns of it.late) {
    later(turns % 3, () => world.bring(entry));
    if (it.exit) later(turns, () => world.bring(exit));
    if (it.goal) later(turns, () => world.bring(goal));
  }
  await world.pass(40 * DAY_MS);
  return world;
}

describe("whoever brings an event, and the run that it concerns", () => {
  it("never miss each other, whatever comes in between, is lost or done twice", async () => {
    await fc.assert(
      fc.asyncProperty(scene, fc.scheduler(), async (it, scheduler) => {
        const world = await play(it, scheduler);
        const [row, ...more] = await runsOf(world, ANNA);
        expect(more).toEqual([]);
        if (row === undefined) throw new Error("nobody entered");
        const facts = await expectConsistent(world, row);
        // Who was satisfied is through at once: then the exit or the goal may come too late.
        const thanked = facts.some((fact) => fact.kind === "arrived" && fact.step === "thank");
        const wanted = [...(it.exit ? ["exit"] : []), ...(it.goal ? ["goal"] : [])];
        if (wanted.length === 0 || thanked) wanted.push("completed");
        expect(wanted).toContain(row.state.ended?.as);
        const answered = facts.some((fact) => fact.kind === "happened" && fact.step === "ask");
        if (!it.exit && !it.goal) expect(answered).toBe(it.satisfaction !== null);
        expect(await world.calm.bindings.runs(CASE)).toEqual([]);
        const sent = facts.filter((fact) => fact.kind === "sent");
        expect(world.mailer.mails).toHaveLength(sent.length);
        expect(world.mailer.accepted.size).toBe(sent.length);
        world.close();
      }),
      runs(60),
    );
  });
});
