import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { TriggerEvent } from "../../../shared/domain/event.ts";
import { decideBrake, listBrakes, listHeld, tendBrakes } from "../../../shared/use-cases/decide-brake.ts";
import { SurgeBrake } from "../../../shared/use-cases/surge-brake.ts";
import { ANNA, about, BEN, event, mail, openCompany } from "../../support/company-in-process.ts";
import { runsOf } from "../../support/consistency.ts";
import { inProcess, type World } from "../../support/in-process.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const LIMIT = 60;
const USER = "11111111-aaaa-4aaa-8aaa-000000000001";

const ENTERS = {
  ...{ slug: "enters", name: "Enters", entry: { trigger: "case-resolved", reentry: { kind: "always" } } },
  exits: [{ name: "reopened", trigger: "case-reopened" }],
  start: "rest",
  steps: { rest: { kind: "wait", duration: "P20D", next: null } },
};
/** Waits for the very trigger that surges. */
const AWAITS = {
  ...{ slug: "awaits", name: "Awaits", entry: { trigger: "order-created" }, start: "wait" },
  steps: {
    wait: { kind: "wait-for", trigger: "case-resolved", within: "P9D", happened: "tell", elapsed: null },
    tell: { kind: "email", mail: "told", next: null },
  },
};

describe("a trigger that fires far more often than usual", () => {
  let world: World;
  let sent = 0;
  beforeEach(async () => {
    world = inProcess({ brake: { factor: 10, floor: LIMIT } });
    await world.publish("mails", mail("told", "<p>.</p>"));
    await openCompany(world, [ENTERS, AWAITS]);
    sent = 0;
  });
  afterEach(() => world.close());

  function record(n: number): TriggerEvent["record"] {
    return { table: "incident", id: `5c0e1f1a-0000-4000-8000-${String(n).padStart(12, "0")}` };
  }
  async function fire(count: number, more: Partial<TriggerEvent> = {}): Promise<void> {
    for (let n = 0; n < count; n += 1) {
      sent += 1;
      await world.bring(event(world, "case-resolved", { id: `e-${sent}`, record: record(sent), by: USER, ...more }));
    }
    await world.quiet();
  }
  const entered = async (journey = "enters") =>
    (await runsOf(world, ANNA)).filter(({ state }) => state.journey === journey).length;
  const question = async () => (await listBrakes(world.calm))[0];
  /** So many runs of the timer, a minute apart. */
  async function tend(minutes: number): Promise<void> {
    for (let minute = 0; minute < minutes; minute += 1) {
      await world.pass(MINUTE_MS);
      await tendBrakes(world.calm);
      await world.quiet();
    }
  }

  it("enters nobody any more; one question says how many wait, since when, by whom and for what", async () => {
    await fire(250);
    const inside = await entered();
    // As many as fit, and a few more until it is noticed.
    expect(inside).toBeGreaterThanOrEqual(LIMIT);
    expect(inside).toBeLessThan(LIMIT + 60);
    await world.pass(MINUTE_MS);
    await fire(1);
    expect(await question()).toEqual({
      ...{ trigger: "case-resolved", usualInHour: 0, limitInHour: LIMIT, journeys: ["enters"], calm: false },
      ...{ since: expect.stringMatching(/^2026-03-01T/), decided: null, held: 250 - inside },
      by: [{ user: USER, events: 250 - inside }],
    });
    const [decision] = await world.calm.decisions.about(`incident:${record(200)?.id}`, world.clock.now(), 1);
    expect(decision).toMatchObject({ kind: "entry", outcome: "turned-away", code: "held" });
  });

  it("is seen all the same by the runs that wait for it, and by their exits", async () => {
    await fire(200);
    await world.bring(event(world, "order-created", about(BEN)));
    await world.pass(MINUTE_MS);
    await fire(1, about(BEN));
    expect(world.mailer.mails).toHaveLength(1);
    expect((await question())?.held).toBeGreaterThan(0);
  });

  it("is released gradually: so many a minute, each once, the oldest first", async () => {
    await fire(160);
    const inside = await entered();
    await decideBrake("case-resolved", { do: "release", perMinute: 20 }, "olivia", world.calm);
    await tend(2);
    expect(await entered()).toBe(inside + 40);
    // Who still waits, not who ever did.
    const left = 160 - inside - 40;
    expect(await question()).toMatchObject({ held: left, by: [{ user: USER, events: left }] });
    await tend(10);
    expect(await entered()).toBe(160);
    await tend(2);
    expect(await question()).toBeUndefined();
    const [decision] = await world.calm.decisions.about(`incident:${record(150)?.id}`, world.clock.now(), 1);
    expect(decision).toMatchObject({ kind: "entry", outcome: "entered" });
  });

  it("is given up, with the reason and who decided it, and the next one enters as ever", async () => {
    await fire(160);
    const inside = await entered();
    await decideBrake("case-resolved", { do: "discard" }, "olivia", world.calm);
    await tend(3);
    expect([await entered(), await question()]).toEqual([inside, undefined]);
    const [decision] = await world.calm.decisions.about(`incident:${record(150)?.id}`, world.clock.now(), 1);
    expect(decision).toMatchObject({ code: "given-up", reason: expect.stringContaining("olivia") });
    await world.pass(2 * HOUR_MS);
    await fire(1);
    expect(await entered()).toBe(inside + 1);
  });

  it("lets chosen ones in at once, and gives up the rest", async () => {
    await fire(160);
    const inside = await entered();
    const { held } = await listHeld("case-resolved", undefined, world.calm);
    expect(held[0]).toMatchObject({ by: USER, people: [ANNA], record: expect.stringMatching(/^incident:/) });
    const ids = held.slice(0, 3).map(({ id }) => id);
    const answer = { do: "choose", ids, rest: "discard" } as const;
    expect(await decideBrake("case-resolved", answer, "olivia", world.calm)).toEqual({ kind: "decided", entered: 3 });
    await tend(3);
    expect([await entered(), await question()]).toEqual([inside + 3, undefined]);
  });

  it("is as usual again two hours later: what comes enters, what waits goes on waiting", async () => {
    await fire(160);
    const inside = await entered();
    await world.pass(2 * HOUR_MS + MINUTE_MS);
    await fire(3);
    expect(await entered()).toBe(inside + 3);
    expect(await question()).toMatchObject({ calm: true, held: 160 - inside });
  });

  it("may fire ten times as often as in the busiest hour of the last days", async () => {
    for (let day = 0; day < 3; day += 1) {
      await fire(20);
      await world.pass(24 * HOUR_MS);
    }
    await fire(190);
    expect(await question()).toBeUndefined();
    await fire(150);
    expect(await question()).toMatchObject({ usualInHour: 20, limitInHour: 200 });
    // The surge itself is no measure of what is usual.
    await world.pass(24 * HOUR_MS);
    expect(await world.calm.brakes.busiest("case-resolved", world.clock.now())).toBe(20);
  });

  it("is noticed though the events come to several processes", async () => {
    const processes = [1, 2, 3, 4].map(
      () => new SurgeBrake(world.calm.brakes, { ...world.clock, random: Math.random }, { factor: 10, floor: LIMIT }),
    );
    let admitted = 0;
    for (let n = 0; n < 800; n += 1) {
      const it = event(world, "case-resolved", { id: `p-${n}` });
      if ((await processes[n % 4]?.admits(it)) === true) admitted += 1;
    }
    expect(admitted).toBeLessThan(LIMIT + 4 * 60);
    expect((await question())?.held).toBeGreaterThan(0);
  });

  it("does not hold back what an operator asked for, nor the same event twice", async () => {
    await fire(160);
    const inside = await entered();
    await fire(3, { entryOnly: { journey: null } });
    expect(await entered()).toBe(inside + 3);
    const before = (await listHeld("case-resolved", undefined, world.calm)).held.length;
    sent -= 1;
    await fire(1);
    sent -= 1;
    await fire(1);
    expect((await listHeld("case-resolved", undefined, world.calm)).held.length).toBeLessThanOrEqual(before + 1);
  });

  it("leaves the decision of an event that entered before, and comes again, as it is", async () => {
    await fire(160);
    sent = 0;
    await fire(1);
    await decideBrake("case-resolved", { do: "discard" }, "olivia", world.calm);
    await tend(2);
    const [decision] = await world.calm.decisions.about(`incident:${record(1)?.id}`, world.clock.now(), 1);
    expect(decision).toMatchObject({ kind: "entry", outcome: "entered" });
  });

  it("can be left to itself by a factor of 0", async () => {
    const off = inProcess({ brake: { factor: 0, floor: 1 } });
    await openCompany(off, [ENTERS]);
    for (let n = 0; n < 120; n += 1) await off.bring(event(off, "case-resolved", { id: `o-${n}`, record: record(n) }));
    await off.quiet();
    expect(await runsOf(off, ANNA)).toHaveLength(120);
    off.close();
  });
});
