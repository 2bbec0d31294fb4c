import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { ParcoursError } from "../../../shared/errors.ts";
import type { Rows } from "../../../shared/ports/rows.ts";
import { Parked, type ParkedItem } from "../../../shared/stores/outboxes.ts";
import { consume } from "../../../shared/use-cases/consume.ts";
import { listDeadLetters, workOnDeadLetter } from "../../../shared/use-cases/dead-letters.ts";
import { receiveChange } from "../../../shared/use-cases/receive-change.ts";
import { replayParkedById } from "../../../shared/use-cases/replay-parked.ts";
import { listBatches, startBatch, workOffBatches } from "../../../shared/use-cases/work-off-batch.ts";
import { ChangeReports } from "../../support/change-reports.ts";
import { ANNA, event, openCompany } from "../../support/company-in-process.ts";
import { runsOf } from "../../support/consistency.ts";
import { inProcess, type World } from "../../support/in-process.ts";
import { CASE, caseBody, lookup } from "../wire/payload.ts";

const away = async (): Promise<never> => {
  throw new ParcoursError("STORE_UNAVAILABLE", "down");
};
const DOWN: Rows = { get: away, list: away, commit: away, drop: away };

let world: World;
beforeEach(() => {
  world = inProcess({ pageSize: 40 });
});
afterEach(() => world.close());

async function park(n: number, more: Partial<ParkedItem> = {}): Promise<void> {
  const body = JSON.stringify({ id: `e-${n}`, trigger: n % 2 === 0 ? "even" : "odd" });
  const item = { id: `p-${n}`, at: world.clock.now() - n, source: "trigger-events", kind: "permanent" } as const;
  await world.calm.parked.put({ ...item, reason: "the template failed", body, journey: null, ...more });
}

async function parked(kind: ParkedItem["kind"] = "permanent"): Promise<ParkedItem[]> {
  const found: ParkedItem[] = [];
  let next: string | undefined;
  do {
    const page = await world.calm.parked.page(kind, 100, next);
    found.push(...page.rows.map(({ value }) => value));
    next = page.continuation;
  } while (next !== undefined);
  return found;
}

describe("many parked messages", () => {
  it("are replayed by one request: some at once, the rest by the timer, each once", async () => {
    for (let n = 0; n < 450; n += 1) await park(n);
    const begun = await startBatch("replay", { list: "parked", kind: "permanent" }, "olivia", world.calm);
    expect(begun).toMatchObject({ over: false });
    expect(begun.done).toBeLessThan(450);
    await workOffBatches(world.calm);
    expect(await listBatches(world.calm)).toEqual([expect.objectContaining({ done: 450, left: 0, over: true })]);
    const events = new Set(world.bus.messages.map(({ body }) => (body as { id: string }).id));
    expect([world.bus.messages.length, events.size]).toEqual([450, 450]);
    await world.quiet();
    expect((await parked()).filter(({ id }) => id.startsWith("p-"))).toEqual([]);
  });

  it("are chosen by trigger, journey, source or a part of the reason", async () => {
    for (let n = 0; n < 6; n += 1) await park(n, n === 5 ? { reason: "another", journey: "j" } : {});
    const of = { list: "parked", kind: "permanent" } as const;
    expect((await startBatch("discard", { ...of, trigger: "even" }, "o", world.calm)).done).toBe(3);
    expect((await startBatch("discard", { ...of, reason: "ANOTHER", journey: "j" }, "o", world.calm)).done).toBe(1);
    expect((await parked()).map(({ id }) => id).sort()).toEqual(["p-1", "p-3"]);
  });

  it("that are parked again while they are replayed do not turn in circles", async () => {
    for (let n = 0; n < 3; n += 1) await park(n);
    const again = { ...world.calm, bus: { publish: async () => park(100, { at: world.clock.now() + 1 }) } };
    world.clock.moveTo(world.clock.now() + 1_000);
    const begun = await startBatch("replay", { list: "parked", kind: "permanent" }, "o", again);
    expect(begun).toMatchObject({ done: 3, over: true });
  });

  it("stay where the bus is down, and the batch goes on when it is back", async () => {
    for (let n = 0; n < 3; n += 1) await park(n);
    world.bus.down = true;
    const asked = startBatch("replay", { list: "parked", kind: "permanent" }, "o", world.calm);
    await expect(asked).rejects.toMatchObject({ code: "BUS_UNAVAILABLE" });
    expect(await parked()).toHaveLength(3);
    world.bus.down = false;
    expect(await workOffBatches(world.calm)).toBe(3);
    await world.quiet();
  });
});

describe("a delivery of the webhook that was parked", () => {
  const post = (organization: string) =>
    receiveChange(
      {
        key: "webhook-key",
        oversize: false,
        body: caseBody({
          target: { statecode: 1 },
          post: { customerid: lookup("contact", ANNA.slice("contact:".length)) },
          over: { OrganizationId: organization },
        }),
      },
      world.deps,
    );

  it("as another organisation's is received once the setting is right, and says how it came", async () => {
    await openCompany(world);
    const other = "99999999-0000-4000-8000-0000000000a0";
    expect(await post(other)).toMatchObject({ kind: "foreign" });
    const [item] = await parked("foreign");
    expect(await replayParkedById("foreign", item?.id ?? "", world.calm)).toBe("foreign");
    const mended = { ...world.calm, settings: { ...world.calm.settings, organization: other } };
    expect(await replayParkedById("foreign", item?.id ?? "", mended)).toBe("replayed");
    await new ChangeReports(world).workAll();
    expect(await runsOf(world, ANNA)).toHaveLength(1);
    const decisions = await world.calm.decisions.about(`incident:${CASE}`, Date.parse("2026-03-01"), 1);
    expect(decisions).toContainEqual(expect.objectContaining({ kind: "change", via: "replay" }));
  });

  it("as unreadable stays, and is replayed by a build that can read it", async () => {
    const body = "{";
    await receiveChange({ key: "webhook-key", body, oversize: false }, world.deps);
    const [item] = await parked("malformed");
    expect(await replayParkedById("malformed", item?.id ?? "", world.calm)).toBe("malformed");
    expect(await parked("malformed")).toHaveLength(1);
  });

  it("of Dataverse's largest size is parked whole", async () => {
    const body = JSON.stringify({ text: "a/b".repeat(80_000) }).replaceAll("/", "\\/");
    expect(body.length).toBeGreaterThan(256 * 1024);
    await receiveChange({ key: "webhook-key", body, oversize: false }, world.deps);
    expect((await parked("malformed"))[0]?.body).toBe(body);
  });
});

describe("an event of which nobody could tell whether it fires", () => {
  it("is not let in any more once the change came by itself and said that it does not", async () => {
    const asked = event(world, "case-resolved");
    const body = JSON.stringify(asked);
    await world.calm.parked.put({
      ...{ id: asked.id, at: world.clock.now(), source: "trigger-events", kind: "unknown" },
      ...{ reason: "?", body, journey: null },
    });
    await world.calm.decisions.write(`incident:${asked.record?.id}`, {
      ...{ kind: "change", at: Date.parse(asked.at), change: asked.change ?? "", fired: [], considered: [] },
      ...{ generation: 1, changeRef: null },
    });
    expect(await replayParkedById("unknown", asked.id, world.calm)).toBe("told");
    expect([world.bus.messages, await parked("unknown")]).toEqual([[], []]);
  });
});

describe("a mail's report that fails while the store is down too", () => {
  const report = {
    eventType: "Microsoft.Communication.EmailDeliveryReportReceived",
    data: { messageId: "m", status: "Delivered", deliveryAttemptTimeStamp: "2026-03-01T09:00:00Z" },
  };

  it("comes again in an hour, over the topic, and is worked on then", async () => {
    const deps = { ...world.calm, parked: new Parked(DOWN) };
    const message = { source: "mail-reports", messageId: "m-1", body: report, deliveryCount: 19 } as const;
    expect(await consume(message, away, deps)).toBe("postponed");
    const [again] = world.bus.messages;
    expect(again).toMatchObject({ subject: "change", body: { mailReport: report } });
    expect(again?.deliverAt).toBe(world.clock.now() + 3_600_000);
    const reports = new ChangeReports(world);
    await reports.workAll();
    expect(reports.waiting).toEqual([]);
  });
});

describe("a dead letter", () => {
  beforeEach(() => {
    const letter = {
      messageId: "m",
      at: "2026-03-01T09:00:00.000Z",
      deliveryCount: 20,
      reason: "r",
      description: null,
    };
    const letters = Array.from({ length: 3 }, (_, n) => ({ ...letter, sequence: String(n), body: { id: `e-${n}` } }));
    world.deadLetters.letters.set("trigger-events", letters);
  });

  it("is listed, replayed under another message id, and gone", async () => {
    expect(await workOnDeadLetter("replay", "trigger-events", "1", world.calm)).toBe("replayed");
    expect(world.bus.messages).toMatchObject([{ subject: "event", body: { id: "e-1" } }]);
    expect(world.bus.messages[0]?.id).not.toBe("m");
    const { deadLetters, next } = await listDeadLetters("trigger-events", 0, 2, world.calm);
    expect([deadLetters.map(({ sequence }) => sequence), next]).toEqual([["0", "2"], 2]);
    expect(await workOnDeadLetter("discard", "trigger-events", "1", world.calm)).toBe("missing");
    await world.quiet();
  });

  it("stays while the bus is down", async () => {
    world.bus.down = true;
    const asked = workOnDeadLetter("replay", "trigger-events", "1", world.calm);
    await expect(asked).rejects.toMatchObject({ code: "BUS_UNAVAILABLE" });
    expect(world.deadLetters.letters.get("trigger-events")).toHaveLength(3);
  });

  it("goes with all of its queue by one request", async () => {
    world.clock.moveTo(Date.parse("2026-03-02T09:00:00.000Z"));
    const batch = await startBatch("replay", { list: "dead-letters", queue: "trigger-events" }, "o", world.calm);
    expect(batch).toMatchObject({ done: 3, left: 0, over: true });
    await world.quiet();
  });
});
