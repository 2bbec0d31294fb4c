import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { ANNA, about, BEN, event, JOURNEY, openCompany } from "../../support/company-in-process.ts";
import { expectConsistent, runsOf } from "../../support/consistency.ts";
import { DAY_MS, type World } from "../../support/in-process.ts";
import { fate, interleaved } from "../../support/interleaved.ts";
import { runs } from "../../support/runs.ts";

const [anna, ben] = [ANNA.slice("contact:".length), BEN.slice("contact:".length)];

/** Anna's row says that she is Ben, as it does from the merge on. */
function merge(world: World): void {
  const row = world.dataverse.rows.get(ANNA) ?? {};
  world.dataverse.put("contact", anna, {
    ...row,
    merged: true,
    masterid: { table: "contact", id: ben, name: null },
    statecode: 1,
  });
}

describe("a person who is merged into another one", () => {
  it("has runs that hear of what the survivor does from then on, in whichever order the events are worked on", async () => {
    const turns = fc.nat({ max: 40 });
    const scene = fc.record({ merged: turns, ordered: fc.array(turns, { minLength: 1, maxLength: 2 }), fate });
    await fc.assert(
      fc.asyncProperty(scene, fc.scheduler(), async ({ merged, ordered, fate: it }, scheduler) => {
        const { world, begin, later } = interleaved(scheduler, it);
        await openCompany(world, [JOURNEY]);
        await world.bring(event(world, "case-resolved"));
        await world.pass(5_000);
        merge(world);
        const record = { table: "contact", id: anna };
        const mergeEvent = event(world, "contact-merged", { record, ...about(ANNA) });
        const order = event(world, "order-created", about(BEN));
        begin();
        later(merged, () => world.bring(mergeEvent));
        for (const after of ordered) later(after, () => world.bring(order));
        await world.pass(2 * DAY_MS);
        await world.pass(40 * DAY_MS);
        const [row, ...more] = await runsOf(world, ANNA);
        if (row === undefined) throw new Error("nobody entered");
        expect(more).toEqual([]);
        await expectConsistent(world, row);
        expect(row.state.ended).toMatchObject({ as: "goal", name: "ordered" });
        world.close();
      }),
      runs(60),
    );
  });
});
