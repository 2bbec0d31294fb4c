import type { ServiceBusClient, ServiceBusReceiver, ServiceBusSender } from "@azure/service-bus";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { type BusFixture, queueOf, startBus, until } from "./bus-fixture.ts";

describe("a queue, through the unmodified SDK", () => {
  let fixture: BusFixture;
  let client: ServiceBusClient;
  let sender: ServiceBusSender;
  let receiver: ServiceBusReceiver;
  const take = async (from = receiver) => {
    const [message] = await from.receiveMessages(1, { maxWaitTimeInMs: 5000 });
    if (message === undefined) throw new Error("no message came");
    return message;
  };

  beforeEach(async () => {
    fixture = await startBus(queueOf({ MaxDeliveryCount: 3 }));
    client = fixture.connect();
    sender = client.createSender("work");
    receiver = client.createReceiver("work");
  });
  afterEach(() => fixture.close());

  it("hands out what was sent, with all its properties", async () => {
    await sender.sendMessages({
      body: { case: 7 },
      messageId: "m-1",
      subject: "case",
      correlationId: "c-1",
      contentType: "application/json",
      to: "somewhere",
      replyTo: "back",
      timeToLive: 60_000,
      applicationProperties: { text: "é", whole: 5, big: 2 ** 40, part: 1.5, yes: true, none: null },
    });
    const message = await take();
    expect(message).toMatchObject({
      body: { case: 7 },
      messageId: "m-1",
      subject: "case",
      correlationId: "c-1",
      contentType: "application/json",
      to: "somewhere",
      replyTo: "back",
      timeToLive: 60_000,
      deliveryCount: 0,
      state: "active",
      applicationProperties: { text: "é", whole: 5, big: 2 ** 40, part: 1.5, yes: true, none: null },
    });
    expect(message.sequenceNumber?.toNumber()).toBe(1);
    expect(message.enqueuedTimeUtc?.getTime()).toBeGreaterThan(Date.now() - 5000);
    expect(message.expiresAtUtc?.getTime()).toBe((message.enqueuedTimeUtc?.getTime() ?? 0) + 60_000);
    expect(message.lockedUntilUtc?.getTime()).toBeGreaterThan(Date.now() + 50_000);
    await receiver.completeMessage(message);
    expect(fixture.bus.counts("work")).toEqual({ active: 0, scheduled: 0, deadLettered: 0, locked: 0 });
  });

  it("keeps every kind of body as it was", async () => {
    const bodies = ["text", 5, true, null, [1, "two"], { deep: { er: [] } }, Buffer.from([0, 255, 7])];
    await sender.sendMessages(bodies.map((body) => ({ body })));
    const messages = await receiver.receiveMessages(bodies.length);
    expect(messages.map(({ body }) => body)).toEqual(bodies);
  });

  it("hands out messages in the order in which they were sent", async () => {
    for (const body of [1, 2, 3]) await sender.sendMessages({ body });
    const messages = [await take(), await take(), await take()];
    expect(messages.map(({ body }) => body)).toEqual([1, 2, 3]);
  });

  it("takes a batch as so many messages", async () => {
    const batch = await sender.createMessageBatch();
    for (let n = 0; n < 250; n++) expect(batch.tryAddMessage({ body: n })).toBe(true);
    await sender.sendMessages(batch);
    expect(fixture.bus.counts("work").active).toBe(250);
  });

  it("hands out an abandoned message again, in its place and with its count raised", async () => {
    await sender.sendMessages([{ body: "first" }, { body: "second" }]);
    await receiver.abandonMessage(await take(), { tried: "once" });
    const again = await take();
    expect(again).toMatchObject({ body: "first", deliveryCount: 1, applicationProperties: { tried: "once" } });
  });

  it("makes a dead letter of a message that was handed out in vain as often as allowed", async () => {
    await sender.sendMessages({ body: "poison" });
    for (let count = 0; count < 3; count++) {
      const message = await take();
      expect(message.deliveryCount).toBe(count);
      await receiver.abandonMessage(message);
    }
    const dead = await take(client.createReceiver("work", { subQueueType: "deadLetter" }));
    expect(dead).toMatchObject({ body: "poison", deadLetterReason: "MaxDeliveryCountExceeded", deliveryCount: 3 });
  });

  it("makes a dead letter on demand, with the reason and the properties that the receiver gave", async () => {
    await sender.sendMessages({ body: "bad", applicationProperties: { kept: 1 } });
    await receiver.deadLetterMessage(await take(), {
      deadLetterReason: "malformed",
      deadLetterErrorDescription: "no such table",
      added: 2,
    });
    expect(fixture.bus.counts("work")).toMatchObject({ active: 0, deadLettered: 1 });
    const letters = client.createReceiver("work", { subQueueType: "deadLetter" });
    const dead = await take(letters);
    expect(dead).toMatchObject({
      deadLetterReason: "malformed",
      deadLetterErrorDescription: "no such table",
      applicationProperties: { kept: 1, added: 2 },
    });
    await letters.completeMessage(dead);
    expect(fixture.bus.counts("work").deadLettered).toBe(0);
  });

  it("sets a deferred message aside until it is asked for by its number", async () => {
    await sender.sendMessages({ body: "later" });
    const message = await take();
    await receiver.deferMessage(message, { why: "too early" });
    expect(await receiver.receiveMessages(1, { maxWaitTimeInMs: 200 })).toEqual([]);
    const [deferred] = await receiver.receiveDeferredMessages(message.sequenceNumber ?? []);
    expect(deferred).toMatchObject({ body: "later", state: "deferred", applicationProperties: { why: "too early" } });
    if (deferred !== undefined) await receiver.completeMessage(deferred);
    await expect(receiver.receiveDeferredMessages(message.sequenceNumber ?? [])).rejects.toMatchObject({
      code: "MessageNotFound",
    });
  });

  it("hands out deferred messages all or none", async () => {
    await sender.sendMessages([{ body: "first" }, { body: "second" }]);
    const messages = await receiver.receiveMessages(2);
    for (const message of messages) await receiver.deferMessage(message);
    const numbers = messages.flatMap(({ sequenceNumber }) => sequenceNumber ?? []);
    const missing = numbers.map((number) => number.add(1));
    await expect(receiver.receiveDeferredMessages(missing)).rejects.toMatchObject({ code: "MessageNotFound" });
    const found = await receiver.receiveDeferredMessages(numbers);
    expect(found.map(({ body, deliveryCount }) => [body, deliveryCount])).toEqual([
      ["first", 0],
      ["second", 0],
    ]);
  });

  it("looks at messages without taking them", async () => {
    await sender.sendMessages([{ body: 1 }, { body: 2 }, { body: 3 }]);
    const first = await receiver.peekMessages(2);
    const rest = await receiver.peekMessages(2);
    expect([...first, ...rest].map(({ body }) => body)).toEqual([1, 2, 3]);
    expect(fixture.bus.counts("work")).toMatchObject({ active: 3, locked: 0 });
  });

  it("lets go of a message as it hands it out in the mode receive-and-delete", async () => {
    await sender.sendMessages([{ body: 1 }, { body: 2 }]);
    const deleting = client.createReceiver("work", { receiveMode: "receiveAndDelete" });
    const messages = await deleting.receiveMessages(2);
    expect(messages.map(({ body }) => body)).toEqual([1, 2]);
    expect(fixture.bus.counts("work")).toMatchObject({ active: 0, locked: 0 });
  });

  it("answers a receiver that drains its credit, so that none is left behind to swallow a message", async () => {
    expect(await receiver.receiveMessages(10, { maxWaitTimeInMs: 100 })).toEqual([]);
    await sender.sendMessages({ body: "after the drain" });
    expect(fixture.bus.counts("work")).toMatchObject({ active: 1, locked: 0 });
    expect((await take()).body).toBe("after the drain");
  });

  it("gives each message to one of two receivers", async () => {
    const got: unknown[] = [];
    const others = [receiver, fixture.connect().createReceiver("work")];
    for (const each of others)
      each.subscribe({
        processMessage: async ({ body }) => void got.push(body),
        processError: async () => undefined,
      });
    const sent = Array.from({ length: 100 }, (_, n) => n);
    await sender.sendMessages(sent.map((body) => ({ body })));
    await until(() => got.length >= sent.length && fixture.bus.counts("work").locked === 0);
    expect(got.sort((a, b) => Number(a) - Number(b))).toEqual(sent);
  });

  it("refuses a message beyond the size limit with the SDK's own error", async () => {
    await expect(sender.sendMessages({ body: "x".repeat(300_000) })).rejects.toMatchObject({
      code: "MessageSizeExceeded",
    });
    const later = new Date(Date.now() + 60_000);
    await expect(sender.scheduleMessages({ body: "x".repeat(300_000) }, later)).rejects.toMatchObject({
      code: "MessageSizeExceeded",
    });
  });

  it("has dead letters of transfers, always empty", async () => {
    const transfers = client.createReceiver("work", { subQueueType: "transferDeadLetter" });
    expect(await transfers.peekMessages(1)).toEqual([]);
  });

  it("takes a message of 250 KB whole", async () => {
    await sender.sendMessages({ body: "x".repeat(250 * 1024) });
    expect((await take()).body).toHaveLength(250 * 1024);
  });

  it("refuses to send to or receive from what is not there", async () => {
    const missing = { code: "MessagingEntityNotFound" };
    await expect(client.createSender("nowhere").sendMessages({ body: 1 })).rejects.toMatchObject(missing);
    await expect(client.createReceiver("nowhere").receiveMessages(1)).rejects.toMatchObject(missing);
    await expect(client.createReceiver("work", "nobody").peekMessages(1)).rejects.toMatchObject(missing);
  });

  it("takes a message from inside the process as the SDK would have sent it", async () => {
    await fixture.bus.send("work", {
      body: { event: 1 },
      messageId: "inside",
      contentType: "application/json",
      applicationProperties: { kind: "report" },
    });
    expect(await take()).toMatchObject({
      body: { event: 1 },
      messageId: "inside",
      contentType: "application/json",
      applicationProperties: { kind: "report" },
    });
  });
});
