import { describe, expect, it } from "@jest/globals";
import { purge } from "../../../shared/use-cases/purge.ts";
import { ANNA, answer, CASE, event, JOURNEY, openCompany, POOL } from "../../support/company-in-process.ts";
import { runsOf } from "../../support/consistency.ts";
import { DAY_MS, inProcess, type World } from "../../support/in-process.ts";

/** Anna went all the way: survey, answer, code, apology, order. */
async function ended(): Promise<World> {
  const world = inProcess();
  await openCompany(world);
  await world.bring(event(world, "case-resolved"));
  await world.quiet();
  const [operation = ""] = [...world.mailer.accepted.keys()];
  await answer(world, operation, 1);
  await world.quiet();
  await world.bring(event(world, "order-created"));
  await world.quiet();
  const [row] = await runsOf(world, ANNA);
  expect(row?.state.ended?.as).toBe("goal");
  return world;
}

/** Every row of the store as text, but for the tables that the test names. */
async function everything(
  { rows }: World,
  tables: readonly string[],
  partitions: readonly string[],
): Promise<string[]> {
  const found: string[] = [];
  for (const table of tables)
    for (const partition of partitions)
      for (const { row, value } of (await rows.list(table, partition)).rows)
        found.push(`${table} ${partition} ${row} ${JSON.stringify(value)}`);
  return found;
}

async function nights(world: World, days: number): Promise<void> {
  for (let day = 0; day < days; day += 1) {
    await world.pass(DAY_MS);
    await purge(world.runner, world.calm);
  }
}

describe("what is kept of a run that ended", () => {
  it("is all of it for as long as the setting says, and then nothing but the key of its entry and the counters", async () => {
    const world = await ended();
    const [{ state } = { state: undefined }] = await runsOf(world, ANNA);
    if (state === undefined) throw new Error("nobody entered");
    const operations = [...world.mailer.accepted.keys()];
    const totals = await world.calm.insights.totals(JOURNEY.slug, 1);
    await nights(world, 364);
    expect(await runsOf(world, ANNA)).toHaveLength(1);
    expect(await world.calm.deliveries.answered(operations[0] ?? "")).toBeDefined();

    await nights(world, 2);
    expect(await runsOf(world, ANNA)).toEqual([]);
    expect((await world.calm.index.newest(JOURNEY.slug, "goal", 10)).runs).toEqual([]);
    const shards = Array.from({ length: 16 }, (_, n) => `${JOURNEY.slug}~1~${String(n).padStart(2, "0")}`);
    const partitions = [ANNA, POOL, `${CASE.table}:${CASE.id}`, ...operations, ...shards];
    const tables = ["Members", "Bindings", "Deliveries", "DiscountCodes", "Insights", "RunIndex"];
    const left = (await everything(world, tables, partitions)).filter((row) => row.includes(ANNA));
    expect(left.map((row) => row.split(" ")[2]?.split("~")[0])).toEqual(["entry", "entry"]);
    expect(await world.calm.insights.totals(JOURNEY.slug, 1)).toEqual(totals);
    world.close();
  });

  it("goes on to keep people from entering twice", async () => {
    const world = await ended();
    await nights(world, 370);
    await world.bring(event(world, "case-resolved", { id: "again" }));
    await world.quiet();
    expect(await runsOf(world, ANNA)).toEqual([]);
    world.close();
  });

  it("is not touched while the run lives, however long ago it entered", async () => {
    const world = inProcess();
    await openCompany(world, [
      { ...JOURNEY, start: "time", steps: { time: { kind: "wait", duration: "P400D", next: null } } },
    ]);
    await world.bring(event(world, "case-resolved"));
    await nights(world, 399);
    expect(await runsOf(world, ANNA)).toHaveLength(1);
    await nights(world, 30);
    const [row] = await runsOf(world, ANNA);
    expect(row?.state.ended?.as).toBe("completed");
    await nights(world, 340);
    expect(await runsOf(world, ANNA)).toEqual([]);
    world.close();
  });

  it("is gone from the durable engine long before", async () => {
    const world = await ended();
    const [{ state } = { state: undefined }] = await runsOf(world, ANNA);
    expect(await world.runner.status(state?.run ?? "")).toBeDefined();
    await nights(world, 29);
    expect(await world.runner.status(state?.run ?? "")).toBeDefined();
    await nights(world, 3);
    expect(await world.runner.status(state?.run ?? "")).toBeUndefined();
    expect(await runsOf(world, ANNA)).toHaveLength(1);
    world.close();
  });
});

it("what was parked is kept as long as runs are", async () => {
  const world = inProcess();
  const item = { source: "webhook", kind: "malformed", reason: "x", body: "a person", journey: null } as const;
  await world.calm.parked.put({ ...item, id: "old", at: world.clock.now() });
  await world.pass(200 * DAY_MS);
  await world.calm.parked.put({ ...item, id: "new", at: world.clock.now() });
  await nights(world, 166);
  expect((await world.calm.parked.page("malformed", 10)).rows.map(({ value }) => value.id)).toEqual(["new"]);
  world.close();
});
