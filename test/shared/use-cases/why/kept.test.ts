import { describe, expect, it } from "@jest/globals";
import { listDecisions } from "../../../../shared/use-cases/list-decisions.ts";
import { purge } from "../../../../shared/use-cases/purge.ts";
import { CASE_ABOUT, WhyWorld } from "./why-world.ts";

const DAY_MS = 86_400_000;

describe("reasons and bodies of changes", () => {
  it("are kept as long as the setting says, and go by whole weeks; a shorter setting drops what a longer one kept", async () => {
    const company = await WhyWorld.open();
    const kept = (keptDays: number) => ({ ...company.deps, settings: { ...company.deps.settings, keptDays } });
    const ages = async (keptDays: number) =>
      (await listDecisions(CASE_ABOUT, kept(keptDays))).map(({ at }) =>
        Math.round((company.world.clock.now() - at) / DAY_MS),
      );
    company.pass(100 * DAY_MS);
    for (const days of [95, 80, 45, 29, 10]) {
      const at = company.world.clock.now() - days * DAY_MS;
      await company.deps.decisions.write(CASE_ABOUT, {
        ...{ kind: "change", at, change: `c${days}`, fired: [], considered: [], generation: 1, changeRef: null },
      });
    }
    await purge(company.world.runner, kept(90));
    expect(await ages(90)).toEqual([10, 29, 45, 80]);
    company.pass(14 * DAY_MS);
    await purge(company.world.runner, kept(90));
    expect(await ages(90)).toEqual([24, 43, 59]);
    await purge(company.world.runner, kept(30));
    expect(await ages(90)).toEqual([24]);
    company.close();
  });
});
