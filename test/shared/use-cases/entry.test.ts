import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { ANNA, CASE, event, OTHER_CASE, openCompany } from "../../support/company-in-process.ts";
import { expectConsistent, runsOf } from "../../support/consistency.ts";
import { DAY_MS } from "../../support/in-process.ts";
import { fate, interleaved } from "../../support/interleaved.ts";
import { runs } from "../../support/runs.ts";

type Reentry = { readonly kind: "never" | "once-per-record" | "always" } | { readonly kind: "after"; delay: string };

function journeyWith(reentry: Reentry) {
  return {
    slug: "patient",
    name: "Patient",
    entry: { trigger: "case-resolved", reentry },
    start: "rest",
    steps: { rest: { kind: "wait", duration: "P1D", next: null } },
  };
}

const brought = fc.array(
  fc.record({ which: fc.nat({ max: 2 }), turns: fc.nat({ max: 25 }), copies: fc.integer({ min: 1, max: 3 }) }),
  { minLength: 1, maxLength: 4 },
);
const reentry = fc.constantFrom<Reentry>(
  { kind: "never" },
  { kind: "once-per-record" },
  { kind: "always" },
  { kind: "after", delay: "P3D" },
);

describe("an entry", () => {
  it("happens exactly as often as its rule says, however many events come at once and whatever fails", async () => {
    await fc.assert(
      fc.asyncProperty(brought, reentry, fate, fc.scheduler(), async (list, rule, it, scheduler) => {
        const { world, begin, later } = interleaved(scheduler, it);
        await openCompany(world, [journeyWith(rule)]);
        // Two of one case, one of another; the last happens four days later by its own word.
        const fourDaysOn = new Date(world.clock.now() + 4 * DAY_MS).toISOString();
        const events = [
          event(world, "case-resolved", { id: "first" }),
          event(world, "case-resolved", { id: "second" }),
          event(world, "case-resolved", { id: "third", record: OTHER_CASE, at: fourDaysOn, received: fourDaysOn }),
        ];
        begin();
        const came = new Set<string>();
        for (const { which, turns, copies } of list) {
          const one = events[which] ?? event(world, "case-resolved");
          came.add(one.id);
          for (let copy = 0; copy < copies; copy += 1) later(turns, () => world.bring(one));
        }
        await world.pass(2 * DAY_MS);
        const rows = await runsOf(world, ANNA);
        const cases = new Set([...came].map((id) => (id === "third" ? OTHER_CASE : CASE)));
        const expected: Record<Reentry["kind"], number[]> = {
          never: [1],
          "once-per-record": [cases.size],
          always: [came.size],
          // Four days lie between the cases; whether the earlier ones come first is chance.
          after: came.has("third") ? [1, cases.size] : [1],
        };
        expect(expected[rule.kind]).toContain(rows.length);
        for (const row of rows) {
          await expectConsistent(world, row);
          expect(row.state.ended?.as).toBe("completed");
        }
        expect(new Set(rows.map((row) => row.state.entry.id)).size).toBe(rows.length);
        world.close();
      }),
      runs(60),
    );
  });
});
