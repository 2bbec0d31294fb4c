import { describe, expect, it } from "@jest/globals";
import { type FaultCode, ParcoursError } from "../../../shared/errors.ts";
import type { Rows } from "../../../shared/ports/rows.ts";
import { Parked, type ParkedItem, Spill } from "../../../shared/stores/outboxes.ts";
import { type Consumed, consume } from "../../../shared/use-cases/consume.ts";
import { publishSpilled, replayTransient } from "../../../shared/use-cases/replay.ts";
import { replayParkedById } from "../../../shared/use-cases/replay-parked.ts";
import { ANNA, event, JOURNEY, openCompany } from "../../support/company-in-process.ts";
import { runsOf } from "../../support/consistency.ts";
import { inProcess, type World } from "../../support/in-process.ts";

const HOUR_MS = 3_600_000;

/** A store that answers nothing. */
const down = async (): Promise<never> => {
  throw new ParcoursError("STORE_UNAVAILABLE", "down");
};
const DOWN: Rows = { get: down, list: down, commit: down, drop: down };

function failing(code: FaultCode): () => Promise<never> {
  return async () => {
    throw new ParcoursError(code, "as asked for");
  };
}

function message(deliveryCount: number, more: Partial<Consumed> = {}): Consumed {
  return { source: "trigger-events", messageId: "m-1", body: { id: "e-1", trigger: "t" }, deliveryCount, ...more };
}

async function parked(world: World, kind: ParkedItem["kind"]): Promise<ParkedItem[]> {
  return (await world.calm.parked.page(kind, 100)).rows.map((row) => row.value);
}

describe("a message that can't be worked on", () => {
  it("is waited for, longer each time and a minute at most, and thrown, as long as the fault is of the moment", async () => {
    const world = inProcess();
    for (let count = 1; count <= 18; count += 1)
      await expect(consume(message(count), failing("DATAVERSE_UNAVAILABLE"), world.calm)).rejects.toMatchObject({
        code: "DATAVERSE_UNAVAILABLE",
      });
    expect(world.clock.slept.slice(0, 7)).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
    expect(await parked(world, "transient")).toEqual([]);
    world.close();
  });

  it("is parked at the nineteenth delivery, with its reason, and replayed under another id", async () => {
    const world = inProcess();
    expect(await consume(message(19), failing("DATAVERSE_UNAVAILABLE"), world.calm)).toBe("parked");
    const [item] = await parked(world, "transient");
    expect(item).toMatchObject({ source: "trigger-events", reason: "as asked for" });
    expect(await replayTransient(world.calm)).toBe(1);
    const [replayed] = world.bus.messages;
    expect(replayed).toMatchObject({ subject: "event", body: { id: "e-1", trigger: "t" } });
    expect(replayed?.id).not.toBe("m-1");
    expect(await parked(world, "transient")).toEqual([]);
    await world.quiet();
    world.close();
  });

  it("is parked at once where no repeat can help", async () => {
    const world = inProcess();
    expect(await consume(message(1), failing("MESSAGE_MALFORMED"), world.calm)).toBe("parked");
    expect(world.clock.slept).toEqual([]);
    expect(await parked(world, "permanent")).toHaveLength(1);
    world.close();
  });

  it.each([
    ["trigger-events", "event"],
    ["decisions", "change"],
  ] as const)("of %s is sent again, in an hour, where the store is down as well", async (source, subject) => {
    const world = inProcess();
    const deps = { ...world.calm, parked: new Parked(DOWN) };
    expect(await consume(message(19, { source }), failing("STORE_UNAVAILABLE"), deps)).toBe("postponed");
    const [again] = world.bus.messages;
    expect(again).toMatchObject({ subject, body: { id: "e-1" }, deliverAt: world.clock.now() + HOUR_MS });
    expect(again?.id).not.toBe("m-1");
    world.close();
  });

  it("keeps the properties that a customer's own subscription chooses by, whichever way it comes back", async () => {
    const world = inProcess();
    const body = event(world, "case-resolved", { hops: 2 });
    const deps = { ...world.calm, parked: new Parked(DOWN) };
    await consume(message(19, { body }), failing("STORE_UNAVAILABLE"), deps);
    await consume(message(19, { body }), failing("STORE_UNAVAILABLE"), world.calm);
    await replayTransient(world.calm);
    const properties = world.bus.messages.map((one) => one.properties);
    expect(properties).toEqual([
      { trigger: "case-resolved", hops: 2 },
      { trigger: "case-resolved", hops: 2 },
    ]);
    await world.quiet();
    world.close();
  });
});

describe("parked messages", () => {
  it("are replayed from pages of which the first is empty, also by their id", async () => {
    const world = inProcess({ pageSize: 1 });
    for (const id of ["e-1", "e-2", "e-3"])
      await consume(message(19, { body: { id } }), failing("BUS_UNAVAILABLE"), world.calm);
    const [first] = await parked(world, "transient");
    expect(await replayParkedById("transient", first?.id ?? "", world.calm)).toBe("replayed");
    let replayed = 1;
    for (let count = 1; count > 0; replayed += count) count = await replayTransient(world.calm);
    expect(replayed).toBe(3);
    await world.quiet();
    world.close();
  });

  it("that nobody can read do not keep the others", async () => {
    const world = inProcess();
    await consume(message(19, { body: { id: "e-1" } }), failing("BUS_UNAVAILABLE"), world.calm);
    world.clock.moveTo(world.clock.now() + 1_000);
    const broken = { id: "broken", at: world.clock.now(), body: '{"id": "cut off', journey: null, reason: "?" };
    await world.calm.parked.put({ ...broken, source: "trigger-events", kind: "transient" });
    await replayTransient(world.calm);
    expect(world.bus.messages.map((one) => one.body)).toEqual([{ id: "e-1" }]);
    await world.quiet();
    world.close();
  });

  it("of a run's event let it go on where it was, once what failed answers again", async () => {
    const world = inProcess();
    await openCompany(world);
    let away = true;
    world.dataverse.onRead = () => {
      if (away) throw new ParcoursError("DATAVERSE_UNAVAILABLE", "away");
    };
    await world.bring(event(world, "case-resolved"));
    await world.quiet();
    expect(await runsOf(world, ANNA)).toEqual([]);
    away = false;
    await replayTransient(world.calm);
    await world.quiet();
    expect((await runsOf(world, ANNA)).map((row) => row.state.journey)).toEqual([JOURNEY.slug]);
    world.close();
  });
});

describe("what was spilled while the bus was down", () => {
  const spilled = (world: World, n: number) =>
    world.calm.spill.put({ id: `m-${n}`, subject: "change", body: { n }, properties: {} }, world.clock.now() + n);

  it.each([undefined, 2])("is published, oldest first, once the bus is back (pages of %p)", async (size) => {
    const world = inProcess(size === undefined ? {} : { pageSize: size });
    for (const n of [3, 1, 2]) await spilled(world, n);
    world.bus.down = true;
    await expect(publishSpilled(world.calm)).rejects.toMatchObject({ code: "BUS_UNAVAILABLE" });
    world.bus.down = false;
    expect(await publishSpilled(world.calm)).toBe(3);
    expect(world.bus.messages.map((one) => one.id)).toEqual(["m-1", "m-2", "m-3"]);
    expect(await publishSpilled(world.calm)).toBe(0);
    world.close();
  });

  it("does not wait behind a message that the bus will never take: that one is parked", async () => {
    const world = inProcess();
    for (const n of [1, 2, 3]) await spilled(world, n);
    const { bus } = world;
    const picky = {
      async publish(messages: Parameters<typeof bus.publish>[0]): Promise<void> {
        if (messages.some((one) => one.id === "m-2")) throw new ParcoursError("MESSAGE_MALFORMED", "too large");
        await bus.publish(messages);
      },
    };
    expect(await publishSpilled({ ...world.calm, bus: picky })).toBe(2);
    expect(bus.messages.map((one) => one.id)).toEqual(["m-1", "m-3"]);
    expect(await parked(world, "permanent")).toMatchObject([{ source: "decisions", reason: "too large" }]);
    expect(await world.calm.spill.oldest(10)).toEqual([]);
    world.close();
  });

  it("is not lost where the store fails between publishing and forgetting", async () => {
    const world = inProcess();
    await spilled(world, 1);
    const half: Rows = { ...world.rows, commit: down };
    await expect(publishSpilled({ ...world.calm, spill: new Spill(half) })).rejects.toThrow();
    expect(await publishSpilled(world.calm)).toBe(1);
    // The same message id again: the topic drops it.
    expect(world.bus.messages).toHaveLength(1);
    world.close();
  });
});
