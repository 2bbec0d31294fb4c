import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { sqliteRows } from "../../../shared/adapters/sqlite/rows.ts";
import { DiscountCodes } from "../../../shared/stores/discount-codes.ts";
import { runs } from "../../support/runs.ts";
import { type Trouble, troubles, weathered } from "../../support/weather.ts";

const POOL = "apology";
const trouble = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Trouble>("none") },
  { weight: 1, arbitrary: fc.constantFrom<Trouble>("fails", "answer-lost", "repeated") },
);

/** As an activity is: again until it went through. */
async function persistently<T>(act: () => Promise<T>): Promise<T> {
  for (;;)
    try {
      return await act();
    } catch {
      // once more
    }
}

describe("a pool of discount codes", () => {
  it("gives each visit one code and no code twice, whoever draws at once and whatever fails", async () => {
    const draws = fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        draws,
        fc.nat({ max: 8 }),
        fc.array(trouble, { maxLength: 60 }),
        fc.constantFrom(undefined, 1),
        fc.scheduler(),
        async (visits, size, list, pageSize, scheduler) => {
          const rows = sqliteRows({ file: ":memory:", now: () => 0, ...(pageSize === undefined ? {} : { pageSize }) });
          const calm = new DiscountCodes(rows);
          await calm.add(
            POOL,
            Array.from({ length: size }, (_, n) => `CODE-${n}`),
          );
          const step = (label: string) => scheduler.schedule(Promise.resolve(), label);
          const codes = new DiscountCodes(weathered(rows, { step, trouble: troubles(list) }));
          const chance = () => 0.5;
          const drawn = visits.map(async (visit): Promise<[visit: number, code: string | undefined]> => {
            const drawer = { run: "contact:anna~0123", step: "code", visit };
            return [visit, await persistently(() => codes.draw(POOL, drawer, chance, 0))];
          });
          const answers = await scheduler.waitFor(Promise.all(drawn));
          const byVisit = new Map<number, Set<string>>();
          for (const [visit, code] of answers)
            if (code !== undefined) byVisit.set(visit, (byVisit.get(visit) ?? new Set()).add(code));
          for (const given of byVisit.values()) expect(given.size).toBe(1);
          const given = [...byVisit.values()].flatMap((one) => [...one]);
          expect(new Set(given).size).toBe(given.length);
          for (const [visit, codes] of byVisit) {
            const again = await calm.draw(POOL, { run: "contact:anna~0123", step: "code", visit }, chance, 0);
            expect(codes).toEqual(new Set([again]));
          }
          // Whoever found the pool empty came after it was: no code is left, and none was lost.
          expect(await calm.free(POOL)).toBe(size - given.length);
          expect(given.length).toBe(Math.min(size, new Set(visits).size));
          rows.close();
        },
      ),
      runs(100),
    );
  });

  it("takes a code once, drawn or not", async () => {
    const rows = sqliteRows({ file: ":memory:", now: () => 0 });
    const codes = new DiscountCodes(rows);
    expect(await codes.add(POOL, ["A", "B", "A"])).toBe(2);
    const drawn = await codes.draw(POOL, { run: "contact:anna~0", step: "code", visit: 1 }, () => 0, 0);
    expect(await codes.add(POOL, ["A", "B"])).toBe(0);
    expect(await codes.free(POOL)).toBe(1);
    expect(["A", "B"]).toContain(drawn);
    rows.close();
  });
});
