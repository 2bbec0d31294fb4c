import { expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Committed, Conflict, Range, Rows, Write } from "../../shared/ports/rows.ts";
import { all, freshTable } from "./rows-fixture.ts";

/** What we believe to be stored: by partition, then row. */
type Model = Map<string, Map<string, { value: unknown; etag: string }>>;
/** Which ETag a write gives: that of now, one of earlier, or none where that is allowed. */
type EtagChoice = "current" | "former" | "none";
type Planned = { kind: Write["kind"]; row: string; value: unknown; etag: EtagChoice };
type Step =
  | { kind: "commit"; partition: string; writes: readonly Planned[] }
  | { kind: "list"; partition: string; range: Range }
  | { kind: "drop" };

const KEYS = ["a", "b", "b~c", "b-c", "B"];
const partition = fc.constantFrom("p", "p~q");
const bound = fc.constantFrom("", "a", "b", "b~", "b~~", "c");
const planned: fc.Arbitrary<Planned> = fc.record({
  kind: fc.constantFrom("insert", "replace", "upsert", "delete"),
  row: fc.constantFrom(...KEYS),
  value: fc.jsonValue({ maxDepth: 2 }),
  etag: fc.constantFrom("current", "current", "former", "none"),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant("commit" as const),
      partition,
      writes: fc.uniqueArray(planned, { selector: (write) => write.row, maxLength: KEYS.length }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("list" as const),
      partition,
      range: fc.record({ from: bound, below: bound, limit: fc.integer({ min: 1, max: 4 }) }, { requiredKeys: [] }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("drop" as const) }) },
);

/** Random commits, listings and drops come out as they would with plain maps. */
export function rowsModel(adapter: string, open: () => Promise<Rows>, runs: number): void {
  it(`Rows: ${adapter}: whatever is done, the answers are those of a plain map`, async () => {
    const rows = await open();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const table = freshTable();
        const model: Model = new Map();
        const former: string[] = [];
        for (const one of steps) await take(rows, table, model, former, one);
        for (const name of ["p", "p~q"]) expect(await all(rows, table, name)).toEqual(listed(model, name, {}));
        await rows.drop(table);
      }),
      { numRuns: runs },
    );
  });
}

async function take(rows: Rows, table: string, model: Model, former: string[], step: Step): Promise<void> {
  switch (step.kind) {
    case "drop":
      for (const stored of model.values()) former.push(...[...stored.values()].map(({ etag }) => etag));
      model.clear();
      return rows.drop(table);
    case "list":
      expect(await all(rows, table, step.partition, step.range)).toEqual(listed(model, step.partition, step.range));
      return;
    case "commit": {
      const stored = model.get(step.partition) ?? new Map();
      const writes = step.writes.map((plan) => written(plan, stored.get(plan.row)?.etag, former));
      const answer = await rows.commit(table, step.partition, writes);
      const conflict = refused(writes, stored);
      if (conflict !== undefined) expect(answer).toEqual(conflict);
      else model.set(step.partition, applied(answer, writes, stored, former));
    }
  }
}

function written(plan: Planned, current: string | undefined, former: readonly string[]): Write {
  const { kind, row, value } = plan;
  if (kind === "insert" || kind === "upsert") return { kind, row, value };
  const earlier = former.at(-1) ?? "never";
  const etag = plan.etag === "current" ? (current ?? earlier) : earlier;
  if (kind === "replace") return { kind, row, value, etag };
  return plan.etag === "none" ? { kind, row } : { kind, row, etag };
}

/** The first write that does not fit. */
function refused(writes: readonly Write[], stored: ReadonlyMap<string, { etag: string }>): Conflict | undefined {
  for (const [index, write] of writes.entries()) {
    const found = stored.get(write.row);
    if (write.kind === "upsert") continue;
    if (write.kind === "insert") {
      if (found !== undefined) return { kind: "conflict", index, reason: "exists" };
    } else if (found === undefined) return { kind: "conflict", index, reason: "missing" };
    else if (write.etag !== undefined && write.etag !== found.etag) return { kind: "conflict", index, reason: "stale" };
  }
  return undefined;
}

function applied(
  answer: Committed | Conflict,
  writes: readonly Write[],
  stored: ReadonlyMap<string, { value: unknown; etag: string }>,
  former: string[],
): Map<string, { value: unknown; etag: string }> {
  if (answer.kind !== "committed") throw new Error(`refused what fits: ${JSON.stringify({ answer, writes })}`);
  expect(answer.etags).toHaveLength(writes.length);
  const next = new Map(stored);
  for (const [index, write] of writes.entries()) {
    const was = stored.get(write.row);
    if (was !== undefined) former.push(was.etag);
    const etag = answer.etags[index] ?? "";
    if (write.kind === "delete") next.delete(write.row);
    // What was stored is JSON: -0 is 0.
    else next.set(write.row, { value: JSON.parse(JSON.stringify(write.value)), etag });
    if (write.kind !== "delete") expect(former).not.toContain(etag);
    else expect(etag).toBe("");
  }
  return next;
}

function listed(model: Model, name: string, range: Range) {
  return [...(model.get(name) ?? [])]
    .filter(([row]) => row >= (range.from ?? "") && (range.below === undefined || row < range.below))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([row, { value, etag }]) => ({ partition: name, row, etag, value }));
}
