import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { CASE_ABOUT, STATUS, WhyWorld } from "./why-world.ts";

const RESOLVED_ONLY = { ...STATUS, condition: { kind: "compare", field: "event.statecode", op: "eq", value: 1 } };

describe("what the matcher's index passed over", () => {
  let company: WhyWorld;
  beforeEach(async () => {
    company = await WhyWorld.open(RESOLVED_ONLY);
  });
  afterEach(() => company.close());

  it("is judged again from the stored body, with what it saw and what it needed", async () => {
    await company.save({ before: 0, after: 2 });
    const decisions = await company.deps.decisions.about(CASE_ABOUT, company.world.clock.now(), 1);
    expect(decisions).toMatchObject([{ kind: "change", fired: [], considered: [] }]);
    expect(await company.answer()).toMatchObject({
      answer:
        "Case CAS-01042 – The brake squeals changed, but “Status changed” did not fire: Status is Cancelled; needed Resolved.",
      changes: [{ triggers: [{ fired: false, values: [{ expected: "Resolved", seen: "Cancelled" }] }] }],
    });
  });

  it("is judged by the version that was published then, whatever was published or stopped since", async () => {
    await company.save({ before: 0, after: 2 });
    const needsActive = { ...RESOLVED_ONLY, condition: { ...RESOLVED_ONLY.condition, value: 0 } };
    await company.world.publish("triggers", { ...needsActive, name: "Status changed" });
    await company.save({ before: 0, after: 2 });
    await company.stop("status-changed");
    const { changes } = await company.answer();
    expect(changes.map(({ triggers }) => triggers.map(({ values }) => values[0]?.expected))).toEqual([
      ["Resolved"],
      ["Active"],
    ]);
  });

  it("a trigger that was published after the change is not said to have been there", async () => {
    await company.stop("status-changed");
    await company.world.publish("triggers", { ...STATUS, slug: "title-changed", updated: { columns: ["title"] } });
    await company.save({ before: 0, after: 2 });
    await company.world.publish("triggers", STATUS);
    const { changes } = await company.answer();
    expect(changes.map(({ triggers }) => triggers.map(({ trigger }) => trigger))).toEqual([["“Status changed”"]]);
    expect(changes[0]?.triggers[0]?.text).toContain("the save did not include “Title”");
  });
});
