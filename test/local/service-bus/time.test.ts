import type { ServiceBusClient, ServiceBusReceiver } from "@azure/service-bus";
import { afterEach, describe, expect, it } from "@jest/globals";
import { type BusFixture, queueOf, startBus, until } from "./bus-fixture.ts";

const HOUR_MS = 3_600_000;
/** The SDK renews locks by itself otherwise. */
const noRenewal = { maxAutoLockRenewalDurationInMs: 0 };

describe("time on the bus", () => {
  let fixture: BusFixture;
  let client: ServiceBusClient;
  afterEach(() => fixture.close());

  async function start(...parameters: Parameters<typeof queueOf>) {
    fixture = await startBus(queueOf(...parameters));
    client = fixture.connect();
    return { sender: client.createSender("work"), receiver: client.createReceiver("work", noRenewal) };
  }
  const take = async (receiver: ServiceBusReceiver) => {
    const [message] = await receiver.receiveMessages(1, { maxWaitTimeInMs: 5000 });
    if (message === undefined) throw new Error("no message came");
    return message;
  };
  const laterBy = (ms: number) => new Date(fixture.clock.now() + ms);

  it("delivers a scheduled message when its virtual time has come, under a new number", async () => {
    const { sender, receiver } = await start();
    const [number] = await sender.scheduleMessages({ body: "later" }, laterBy(2 * HOUR_MS));
    await fixture.clock.advance(HOUR_MS);
    expect(fixture.bus.counts("work")).toMatchObject({ active: 0, scheduled: 1 });
    await fixture.clock.advance(HOUR_MS);
    expect(fixture.bus.counts("work")).toMatchObject({ active: 1, scheduled: 0 });
    const message = await take(receiver);
    expect(message.body).toBe("later");
    expect(message.sequenceNumber?.gt(number ?? 0)).toBe(true);
    expect(message.enqueuedTimeUtc?.getTime()).toBeGreaterThan(Date.now() + HOUR_MS);
  });

  it("delivers what was sent with a scheduled time in its own properties", async () => {
    const { sender } = await start();
    await sender.sendMessages({ body: 1, scheduledEnqueueTimeUtc: laterBy(HOUR_MS) });
    expect(fixture.bus.counts("work")).toMatchObject({ active: 0, scheduled: 1 });
    await fixture.clock.advance(HOUR_MS);
    expect(fixture.bus.counts("work")).toMatchObject({ active: 1, scheduled: 0 });
  });

  it("takes a scheduled message back, once", async () => {
    const { sender, receiver } = await start();
    const numbers = await sender.scheduleMessages([{ body: 1 }, { body: 2 }], laterBy(HOUR_MS));
    expect((await receiver.peekMessages(5)).map(({ state }) => state)).toEqual(["scheduled", "scheduled"]);
    await sender.cancelScheduledMessages(numbers[0] ?? []);
    await expect(sender.cancelScheduledMessages(numbers[0] ?? [])).rejects.toMatchObject({ code: "MessageNotFound" });
    await fixture.clock.advance(2 * HOUR_MS);
    expect((await take(receiver)).body).toBe(2);
  });

  it("drops a message whose time to live is over", async () => {
    const { sender } = await start({ DefaultMessageTimeToLive: "PT2H" });
    await sender.sendMessages([{ body: "short", timeToLive: HOUR_MS }, { body: "as the queue says" }]);
    await fixture.clock.advance(HOUR_MS + 60_000);
    expect(fixture.bus.counts("work").active).toBe(1);
    await fixture.clock.advance(HOUR_MS + 60_000);
    expect(fixture.bus.counts("work")).toMatchObject({ active: 0, deadLettered: 0 });
  });

  it("keeps expired messages as dead letters where the queue wants that, and these for ever", async () => {
    const { sender } = await start({ DefaultMessageTimeToLive: "PT1H", DeadLetteringOnMessageExpiration: true });
    await sender.sendMessages({ body: "old" });
    await fixture.clock.advance(100 * HOUR_MS);
    const dead = await take(client.createReceiver("work", { subQueueType: "deadLetter" }));
    expect(dead).toMatchObject({ body: "old", deadLetterReason: "TTLExpiredException" });
  });

  it("keeps a deferred message beyond its time, until somebody asks for it", async () => {
    const { sender, receiver } = await start({ DeadLetteringOnMessageExpiration: true });
    await sender.sendMessages({ body: "aside", timeToLive: HOUR_MS });
    const message = await take(receiver);
    const number = message.sequenceNumber;
    if (number === undefined) throw new Error("it has no number");
    await receiver.deferMessage(message);
    await fixture.clock.advance(2 * HOUR_MS);
    expect((await receiver.peekMessages(5)).map(({ body, state }) => [body, state])).toEqual([["aside", "deferred"]]);
    expect(fixture.bus.counts("work").deadLettered).toBe(0);
    await expect(receiver.receiveDeferredMessages(number)).rejects.toMatchObject({ code: "MessageNotFound" });
    expect(fixture.bus.counts("work").deadLettered).toBe(1);
  });

  it("drops what comes again with the same id within the window, and takes it after", async () => {
    const { sender } = await start({
      RequiresDuplicateDetection: true,
      DuplicateDetectionHistoryTimeWindow: "PT10M",
    });
    await sender.sendMessages([
      { body: 1, messageId: "a" },
      { body: 2, messageId: "a" },
    ]);
    await sender.sendMessages({ body: 3, messageId: "a" });
    expect(fixture.bus.counts("work").active).toBe(1);
    await fixture.clock.advance(11 * 60_000);
    await sender.sendMessages({ body: 4, messageId: "a" });
    expect(fixture.bus.counts("work").active).toBe(2);
  });

  it("frees a message when its lock's real time is over, and tells a late receiver so", async () => {
    const { sender, receiver } = await start({ LockDuration: "PT1S" });
    await sender.sendMessages({ body: "slow" });
    const message = await take(receiver);
    await until(() => fixture.bus.counts("work").active === 1, "the lock's end");
    await expect(receiver.completeMessage(message)).rejects.toMatchObject({ code: "MessageLockLost" });
    await expect(receiver.renewMessageLock(message)).rejects.toMatchObject({ code: "MessageLockLost" });
    expect(await take(receiver)).toMatchObject({ body: "slow", deliveryCount: 1 });
  });

  it("keeps a message locked as long as the lock is renewed", async () => {
    const { sender, receiver } = await start({ LockDuration: "PT1S" });
    await sender.sendMessages({ body: "long work" });
    const message = await take(receiver);
    const first = message.lockedUntilUtc?.getTime() ?? 0;
    for (let renewed = 0; renewed < 4; renewed++) {
      await new Promise((wake) => setTimeout(wake, 400));
      expect((await receiver.renewMessageLock(message)).getTime()).toBeGreaterThan(first);
    }
    await receiver.completeMessage(message);
    expect(fixture.bus.counts("work")).toMatchObject({ active: 0, locked: 0 });
  });

  it("keeps a message locked over the end of its receiver, until the lock expires", async () => {
    const { sender } = await start({ LockDuration: "PT1S" });
    await sender.sendMessages({ body: "orphan" });
    const other = fixture.connect();
    await take(other.createReceiver("work"));
    await other.close();
    expect(fixture.bus.counts("work")).toMatchObject({ active: 0, locked: 1 });
    await until(() => fixture.bus.counts("work").active === 1, "the lock's end");
  });

  it("makes an advance wait for a message that somebody has locked", async () => {
    const { sender, receiver } = await start();
    await sender.sendMessages({ body: "in work" });
    const message = await take(receiver);
    let advanced = false;
    const advance = fixture.clock.advance(HOUR_MS).then(() => {
      advanced = true;
    });
    await new Promise((wake) => setTimeout(wake, 150));
    expect(advanced).toBe(false);
    await receiver.completeMessage(message);
    await advance;
  });

  it("makes an advance wait until what it set free was handled by an attached receiver", async () => {
    const { sender, receiver } = await start();
    await sender.sendMessages({ body: "shows that the receiver is attached" });
    await sender.scheduleMessages({ body: "tick" }, laterBy(HOUR_MS));
    let attached = false;
    const handledAt: number[] = [];
    receiver.subscribe({
      processMessage: async ({ body }) => {
        attached = true;
        if (body !== "tick") return;
        await new Promise((wake) => setTimeout(wake, 100));
        handledAt.push(fixture.clock.now());
      },
      processError: async () => undefined,
    });
    await until(() => attached, "the receiver");
    const before = fixture.clock.now();
    await fixture.clock.advance(3 * HOUR_MS);
    expect(handledAt).toHaveLength(1);
    expect((handledAt[0] ?? 0) - before).toBeLessThan(HOUR_MS + 60_000);
  });

  it("lets an advance pass over messages that nobody receives", async () => {
    const { sender } = await start();
    await sender.sendMessages({ body: "for nobody" });
    const begun = performance.now();
    await fixture.clock.advance(HOUR_MS);
    expect(performance.now() - begun).toBeLessThan(1000);
  });
});
