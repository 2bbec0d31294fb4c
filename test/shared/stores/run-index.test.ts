import { describe, expect, it } from "@jest/globals";
import { sqliteRows } from "../../../shared/adapters/sqlite/rows.ts";
import { type IndexedRun, isPlace, placeOf, RunIndex } from "../../../shared/stores/run-index.ts";

const NOON = Date.parse("2026-11-22T12:00:00Z");

function line(n: number, more: Partial<IndexedRun> = {}): IndexedRun {
  const member = `contact:00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
  return {
    run: `${member}~${n.toString(16).padStart(32, "0")}`,
    member,
    journey: "sample",
    version: 1,
    bucket: "live",
    // Three at a time enter in the same millisecond.
    enteredAt: NOON + Math.floor(n / 3),
    status: { journey: "sample", step: "pause", waitingFor: null, until: null },
    hold: null,
    seq: 1,
    ...more,
  };
}

async function indexOf(lines: readonly IndexedRun[]): Promise<RunIndex> {
  const index = new RunIndex(sqliteRows({ file: ":memory:", now: () => NOON, pageSize: 2 }));
  for (const one of lines) await index.put(one);
  return index;
}

describe("the operators' index", () => {
  it("gives the newest first, and says whether there are more than were asked for", async () => {
    const index = await indexOf(Array.from({ length: 10 }, (_, n) => line(n)));
    const { runs, more } = await index.newest("sample", "live", 4);
    expect(runs.map(({ enteredAt }) => enteredAt - NOON)).toEqual([3, 2, 2, 2]);
    expect(more).toBe(true);
    expect((await index.newest("sample", "live", 10)).more).toBe(false);
    expect(await index.newest("sample", "held", 10)).toEqual({ runs: [], more: false });
  });

  it("goes on after any place, through runs of one millisecond too, and misses none", async () => {
    const index = await indexOf(Array.from({ length: 20 }, (_, n) => line(n)));
    const seen: string[] = [];
    for (let after: string | undefined, more = true; more; ) {
      const page = await index.newest("sample", "live", 3, after);
      seen.push(...page.runs.map(({ run }) => run));
      after = page.runs.map(placeOf).at(-1);
      more = page.more;
    }
    expect(seen).toHaveLength(20);
    expect(new Set(seen).size).toBe(20);
  });

  it("takes a place of one list in another one", async () => {
    const held = line(5, { bucket: "held" });
    const index = await indexOf([...Array.from({ length: 5 }, (_, n) => line(n)), held, line(9, { bucket: "held" })]);
    const after = await index.newest("sample", "live", 10, placeOf(held));
    expect(after.runs.map(({ run }) => run)).toEqual([0, 1, 2].map((n) => line(n).run));
    expect((await index.newest("sample", "held", 10, placeOf(held))).runs).toEqual([]);
  });

  it("knows a place from what somebody made up", () => {
    expect(isPlace(placeOf(line(1)))).toBe(true);
    for (const text of ["", "nonsense", "1~2~3", `${placeOf(line(1))}~`, `${placeOf(line(1))}\n`])
      expect(isPlace(text)).toBe(false);
  });
});
