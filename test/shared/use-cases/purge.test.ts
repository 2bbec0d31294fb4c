import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { under } from "../../../shared/stores/keys.ts";
import { purge } from "../../../shared/use-cases/purge.ts";
import { receiveEvent } from "../../../shared/use-cases/receive-event.ts";
import { ANNA, about, BEN, CASE, event, OTHER_CASE, openCompany } from "../../support/company-in-process.ts";
import { runsOf } from "../../support/consistency.ts";
import { DAY_MS, inProcess, type World } from "../../support/in-process.ts";
import { runs } from "../../support/runs.ts";
import { Stops } from "../../support/weather.ts";

/** Waits for long, and only then for an order: it still needs what came early. */
const PATIENT = {
  slug: "patient",
  name: "Patient",
  entry: { trigger: "case-resolved" },
  exits: [{ name: "reopened", trigger: "case-reopened" }],
  start: "rest",
  steps: {
    rest: { kind: "wait", duration: "P60D", next: "order" },
    order: { kind: "wait-for", trigger: "order-created", within: "P1D", happened: "bought", elapsed: null },
    bought: { kind: "exit", reason: "bought" },
  },
};

async function inboxes(world: World): Promise<number> {
  const places = [
    ["Members", ANNA],
    ["Members", BEN],
    ["Bindings", `${CASE.table}:${CASE.id}`],
    ["Bindings", `${OTHER_CASE.table}:${OTHER_CASE.id}`],
    ["Bindings", "salesorder:5c0e1f1a-0000-4000-8000-00000000e001"],
  ] as const;
  let rows = 0;
  for (const [table, partition] of places) {
    let continuation: string | undefined;
    do {
      const range = { ...under("inbox"), ...(continuation && { continuation }) };
      const page = await world.rows.list(table, partition, range);
      rows += page.rows.length;
      continuation = page.continuation;
    } while (continuation !== undefined);
  }
  return rows;
}

/** Each night, as the timer does. */
async function nights(world: World, count: number): Promise<void> {
  for (let night = 0; night < count; night += 1) {
    await world.pass(DAY_MS);
    await purge(world.runner, world.calm);
  }
}

describe("the purge of inboxes", () => {
  it.each([undefined, 1, 2])("removes what no live run can need, 31 days after it came (pages of %p)", async (size) => {
    const world = inProcess(size === undefined ? {} : { pageSize: size });
    await openCompany(world, [PATIENT]);
    await world.bring(event(world, "case-reopened"));
    await world.bring(event(world, "order-created", about(BEN)));
    expect(await inboxes(world)).toBe(4);
    await nights(world, 31);
    expect(await inboxes(world)).toBe(4);
    await nights(world, 2);
    expect(await inboxes(world)).toBe(0);
    world.close();
  });

  it("leaves what a live run may still take, and takes it once the run ended", async () => {
    const world = inProcess();
    await openCompany(world, [PATIENT]);
    await world.bring(event(world, "case-resolved"));
    await world.pass(1_000);
    await world.bring(event(world, "order-created"));
    await nights(world, 62);
    expect((await runsOf(world, ANNA))[0]?.state.ended).toMatchObject({ as: "exit", name: "bought" });
    await nights(world, 2);
    expect(await inboxes(world)).toBe(0);
    world.close();
  });

  it("removes each of an event's rows, where it came with two times", async () => {
    const world = inProcess();
    await openCompany(world, [PATIENT]);
    const first = event(world, "order-created", { id: "twice" });
    await world.bring(first);
    await world.pass(5_000);
    await world.bring({ ...event(world, "order-created"), id: "twice" });
    await nights(world, 34);
    expect(await inboxes(world)).toBe(0);
    world.close();
  });

  it("does not take a run for gone that is just entering", async () => {
    const stops = new Stops();
    const world = inProcess({ weather: { step: stops.step, trouble: () => "none" } });
    await openCompany(world, [PATIENT]);
    // Something about the case, long ago: the night looks at who follows the case.
    await world.bring(event(world, "case-reopened"));
    world.clock.moveTo(world.clock.now() + 32 * DAY_MS);
    const entering = stops.next(/^commit Members insert entry/);
    const entered = receiveEvent(event(world, "case-resolved"), world.runner, world.deps);
    await entering.reached;
    await purge(world.runner, world.calm);
    entering.go();
    await entered;
    expect((await world.calm.bindings.runs(CASE)).map(({ member }) => member)).toEqual([ANNA]);
    // And so the run hears of its case, though the case is Ben's by now.
    await world.quiet();
    await world.bring(event(world, "case-reopened", { id: "again", ...about(BEN) }));
    await world.quiet();
    expect((await runsOf(world, ANNA))[0]?.state.ended).toMatchObject({ as: "exit", name: "reopened" });
    world.close();
  });

  it("sweeps what follows a record without being a run", async () => {
    const world = inProcess();
    await openCompany(world, [PATIENT]);
    const run = `${ANNA}~0123456789abcdef0123456789abcdef`;
    await world.bring(event(world, "case-reopened"));
    await world.calm.bindings.bind(CASE, { run, member: ANNA, journey: PATIENT.slug, at: world.clock.now() });
    await nights(world, 34);
    expect(await world.calm.bindings.runs(CASE)).toEqual([]);
    world.close();
  });

  it("never lets a run miss what it would have taken without it", async () => {
    const when = fc.nat({ max: 70 });
    const scene = fc.record({ order: when, nightsOff: fc.array(fc.nat({ max: 12 }), { maxLength: 4 }) });
    await fc.assert(
      fc.asyncProperty(scene, async ({ order, nightsOff }) => {
        const world = inProcess();
        await openCompany(world, [PATIENT]);
        await world.bring(event(world, "case-resolved"));
        const off = new Set(nightsOff);
        for (let night = 0; night < 75; night += 1) {
          if (night === order) await world.bring(event(world, "order-created"));
          await world.pass(DAY_MS);
          if (!off.has(night % 13)) await purge(world.runner, world.calm);
        }
        const [row] = await runsOf(world, ANNA);
        expect(row?.state.ended?.as).toBe(order <= 60 ? "exit" : "completed");
        world.close();
      }),
      runs(15),
    );
  });
});

describe("the audit", () => {
  it("is kept for two years, and goes by whole months", async () => {
    const world = inProcess();
    const by = { id: "a", name: "A" };
    for (const days of [800, 770, 700, 1])
      await world.calm.audit.write(`x${days}`, {
        at: world.clock.now() - days * DAY_MS,
        by,
        action: "publish",
        subject: `journey:${days}-days-ago`,
      });
    await purge(world.runner, world.calm);
    expect((await world.calm.audit.page(10)).entries.map(({ subject }) => subject)).toEqual([
      "journey:1-days-ago",
      "journey:700-days-ago",
    ]);
    world.close();
  });
});
