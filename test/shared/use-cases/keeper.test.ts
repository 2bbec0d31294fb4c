import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { ParcoursError } from "../../../shared/errors.ts";
import type { DueRun } from "../../../shared/stores/due.ts";
import type { RunRow } from "../../../shared/stores/members.ts";
import { type Kept, keep } from "../../../shared/use-cases/keep.ts";
import { ANNA, about, answer, BEN, event, openCompany } from "../../support/company-in-process.ts";
import { expectConsistent, runsOf } from "../../support/consistency.ts";
import { DAY_MS, inProcess, type World } from "../../support/in-process.ts";
import { fate, interleaved } from "../../support/interleaved.ts";
import { runs } from "../../support/runs.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const JOURNEY = {
  slug: "mails",
  name: "Mails",
  entry: { trigger: "case-resolved" },
  exits: [{ name: "reopened", trigger: "case-reopened" }],
  start: "rest",
  steps: {
    rest: { kind: "wait", duration: "P2D", next: "thank" },
    thank: { kind: "email", mail: "thanks", next: "after" },
    after: { kind: "wait", duration: "P30D", next: null },
  },
};

async function entered(): Promise<World> {
  const world = inProcess();
  await openCompany(world, [JOURNEY]);
  await world.bring(event(world, "case-resolved"));
  await world.quiet();
  return world;
}

async function run(world: World): Promise<RunRow> {
  const [row] = await runsOf(world, ANNA);
  if (row === undefined) throw new Error("nobody entered");
  return row;
}

/** What the timer does, now. */
async function tick(world: World): Promise<Kept> {
  const kept = await keep(world.runner, world.deps);
  await world.quiet();
  return kept;
}

/** Hours, with the timer every five minutes; what it did is added up. */
async function ticks(world: World, ms: number): Promise<Kept> {
  const sum = { ...NOTHING };
  for (let gone = 0; gone < ms; gone += 5 * MINUTE_MS) {
    await world.pass(5 * MINUTE_MS);
    const kept = await tick(world);
    for (const name of Object.keys(sum) as (keyof Kept)[]) sum[name] += kept[name];
  }
  return sum;
}

/** Every row of the table, wherever it lies. */
async function dues({ rows, clock }: World): Promise<DueRun[]> {
  const hours = Array.from({ length: 24 * 120 }, (_, n) => Math.floor(clock.now() / HOUR_MS) + n - 24 * 80);
  const pages = await Promise.all(hours.map((hour) => rows.list<DueRun>("Due", `hour:${hour}`)));
  return pages.flatMap((page) => page.rows.map(({ value }) => value));
}

const NOTHING: Kept = { woken: 0, started: 0, restarted: 0, removed: 0, overdue: 0 };

describe("the keeper's rows", () => {
  it("hold each live run once, at the time to which it waits, and none that ended", async () => {
    const world = await entered();
    const { state } = await run(world);
    expect(await dues(world)).toEqual([
      expect.objectContaining({ run: state.run, at: world.clock.now() + 2 * DAY_MS }),
    ]);
    await world.pass(2 * DAY_MS);
    expect(await dues(world)).toEqual([expect.objectContaining({ at: world.clock.now() + 30 * DAY_MS })]);
    await world.bring(event(world, "case-reopened"));
    await world.quiet();
    expect((await run(world)).state.ended).not.toBeNull();
    expect(await dues(world)).toEqual([]);
    world.close();
  });

  it("are left alone while all goes well", async () => {
    const world = await entered();
    const calls = world.runner.calls;
    expect(await tick(world)).toEqual(NOTHING);
    await world.pass(2 * DAY_MS - MINUTE_MS);
    expect(await tick(world)).toEqual(NOTHING);
    expect(world.runner.calls).toBe(calls);
    world.close();
  });

  it("are made for runs that were under way before there was a keeper", async () => {
    const world = await entered();
    const { state } = await run(world);
    const live = `live~${state.run}`;
    const stored = await world.rows.get<RunRow>("Members", ANNA, live);
    const { due, ...before } = stored?.value ?? (await run(world));
    await world.calm.due.remove({ ...(due ?? { at: 0, seq: 0 }), run: state.run });
    await world.rows.commit("Members", ANNA, [{ kind: "upsert", row: live, value: before }]);
    await world.runner.wake(state.run);
    await world.quiet();
    expect(await dues(world)).toEqual([
      expect.objectContaining({ run: state.run, at: world.clock.now() + 2 * DAY_MS }),
    ]);
    await world.pass(40 * DAY_MS);
    expect((await run(world)).state.ended?.as).toBe("completed");
    expect(await dues(world)).toEqual([]);
    world.close();
  });
});

describe("what the keeper costs", () => {
  it("is a write at entry, two for each wait, one at the end, and at a wake two that find it done", async () => {
    const writes: string[] = [];
    const step = async (label: string) => void (label.startsWith("commit Due") && writes.push(label));
    const world = inProcess({ weather: { step, trouble: () => "none" } });
    await openCompany(world);
    await world.bring(event(world, "case-resolved"));
    await world.quiet();
    const [operation = ""] = [...world.mailer.accepted.keys()];
    await answer(world, operation, 1);
    await world.quiet();
    await world.bring(event(world, "order-created"));
    await world.quiet();
    const { state } = await run(world);
    expect(state.ended?.as).toBe("goal");
    const [marks, rows] = [/keeper/, /hour|~/].map((what) => writes.filter((label) => what.test(label)).length);
    expect(marks).toBeLessThanOrEqual(1);
    expect(rows).toBeLessThanOrEqual(20);
    expect(await dues(world)).toEqual([]);
    world.close();
  });
});

describe("the keeper", () => {
  it("starts a run whose instance is missing, ten minutes after it was due, and its mail is sent once", async () => {
    const world = await entered();
    world.runner.lose((await run(world)).state.run);
    await world.pass(2 * DAY_MS + 9 * MINUTE_MS);
    expect(await tick(world)).toEqual(NOTHING);
    expect(world.mailer.mails).toEqual([]);
    await world.pass(2 * MINUTE_MS);
    expect(await tick(world)).toEqual({ ...NOTHING, started: 1 });
    expect(world.mailer.mails).toHaveLength(1);
    await world.pass(31 * DAY_MS);
    expect((await run(world)).state.ended?.as).toBe("completed");
    expect(world.mailer.mails).toHaveLength(1);
    await expectConsistent(world, await run(world));
    world.close();
  });

  it("wakes one whose timer never came", async () => {
    const world = await entered();
    const { state } = await run(world);
    // As an engine does that lost the message of its timer, and nothing else.
    world.runner.stick(state.run);
    await world.pass(2 * DAY_MS);
    world.runner.stick(state.run, false);
    await world.pass(11 * MINUTE_MS);
    expect(await tick(world)).toEqual({ ...NOTHING, woken: 1 });
    expect(world.mailer.mails).toHaveLength(1);
    world.close();
  });

  it("terminates and starts one that runs without progress, ten minutes after it woke it in vain", async () => {
    const world = await entered();
    world.runner.stick((await run(world)).state.run);
    await world.pass(2 * DAY_MS + 11 * MINUTE_MS);
    expect(await tick(world)).toEqual({ ...NOTHING, woken: 1 });
    await world.pass(9 * MINUTE_MS);
    expect(await tick(world)).toEqual({ ...NOTHING, overdue: 1 });
    expect(world.mailer.mails).toEqual([]);
    await world.pass(2 * MINUTE_MS);
    expect(await tick(world)).toEqual({ ...NOTHING, restarted: 1 });
    expect(world.mailer.mails).toHaveLength(1);
    await world.pass(31 * DAY_MS);
    await ticks(world, HOUR_MS);
    expect((await run(world)).state.ended?.as).toBe("completed");
    expect(await dues(world)).toEqual([]);
    world.close();
  });

  it("finds what was due while nobody looked for days", async () => {
    const world = await entered();
    world.runner.lose((await run(world)).state.run);
    await world.pass(20 * DAY_MS);
    expect(await tick(world)).toEqual({ ...NOTHING, started: 1 });
    expect(world.mailer.mails).toHaveLength(1);
    world.close();
  });

  it("leaves a run alone that is tried in vain because something else is down, and ends nothing", async () => {
    const world = await entered();
    world.dataverse.onRead = () => {
      throw new ParcoursError("DATAVERSE_UNAVAILABLE", "away, as asked for");
    };
    await world.pass(2 * DAY_MS);
    const { restarted } = await ticks(world, 6 * HOUR_MS);
    expect(restarted).toBe(0);
    expect(await dues(world)).toEqual([
      expect.objectContaining({ tried: { at: expect.any(Number), why: "DATAVERSE_UNAVAILABLE" } }),
    ]);
    world.dataverse.onRead = () => {};
    await world.pass(HOUR_MS);
    expect(world.mailer.mails).toHaveLength(1);
    world.close();
  });

  it("clears the rows that somebody late wrote again", async () => {
    const world = await entered();
    const { state } = await run(world);
    const late = { run: state.run, member: ANNA, journey: JOURNEY.slug, at: world.clock.now() + HOUR_MS, seq: 1 };
    await world.calm.due.put(late, world.clock.now());
    await world.calm.due.put({ ...late, run: `${ANNA}~ffff` }, world.clock.now());
    expect(await dues(world)).toHaveLength(3);
    await world.pass(2 * HOUR_MS);
    expect(await tick(world)).toEqual({ ...NOTHING, removed: 2 });
    expect(await dues(world)).toHaveLength(1);
    world.close();
  });

  it("reads two hours and this one where nothing is due, however long the runs wait", async () => {
    const lists: string[] = [];
    const step = async (label: string) => void (label.startsWith("list Due") && lists.push(label));
    const world = inProcess({ weather: { step, trouble: () => "none" } });
    await openCompany(world, [JOURNEY]);
    await world.bring(event(world, "case-resolved"));
    await world.pass(20 * DAY_MS);
    await tick(world);
    lists.length = 0;
    await tick(world);
    expect(lists.length).toBeLessThanOrEqual(3);
    world.close();
  });

  it("brings every run to its end, however many instances the engine loses or stops, and sends each mail once", async () => {
    const when = fc.nat({ max: 20 });
    const blow = fc.record({ when, who: fc.constantFrom(ANNA, BEN), how: fc.constantFrom("lost", "stuck") });
    await fc.assert(
      fc.asyncProperty(fc.array(blow, { maxLength: 6 }), fate, fc.scheduler(), async (blows, it, scheduler) => {
        const { world, begin, later } = interleaved(scheduler, it);
        await openCompany(world, [JOURNEY]);
        begin();
        const entries = [event(world, "case-resolved"), event(world, "case-resolved", { id: "ben", ...about(BEN) })];
        for (const entry of entries) later(0, () => world.bring(entry));
        // The timer's own fault is the next tick's business.
        const look = () => later(0, () => keep(world.runner, world.deps).catch(() => undefined));
        for (let round = 0; round < 22; round += 1) {
          await world.pass(3 * HOUR_MS);
          look();
          for (const { who, how } of blows.filter(({ when }) => when === round)) {
            const [row] = await runsOf(world, who);
            if (row === undefined) continue;
            if (how === "lost") world.runner.lose(row.state.run);
            else if ((await world.runner.status(row.state.run))?.state === "Running") world.runner.stick(row.state.run);
          }
        }
        await world.pass(30 * DAY_MS);
        for (let round = 0; round < 6; round += 1) {
          look();
          await world.pass(11 * MINUTE_MS);
        }
        for (const member of [ANNA, BEN]) {
          const [row] = await runsOf(world, member);
          if (row === undefined) throw new Error("nobody entered");
          expect(row.state.ended?.as).toBe("completed");
          await expectConsistent(world, row);
        }
        expect(world.mailer.mails).toHaveLength(2);
        expect(await dues(world)).toEqual([]);
        world.close();
      }),
      runs(10),
    );
  });
});
