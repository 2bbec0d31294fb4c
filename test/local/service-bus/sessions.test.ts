import type { ServiceBusClient, ServiceBusSender } from "@azure/service-bus";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { type BusFixture, queueOf, startBus, until } from "./bus-fixture.ts";

describe("sessions, through the unmodified SDK", () => {
  let fixture: BusFixture;
  let client: ServiceBusClient;
  let sender: ServiceBusSender;
  beforeEach(async () => {
    fixture = await startBus(queueOf({ RequiresSession: true, LockDuration: "PT6S" })); // long enough on a busy machine
    client = fixture.connect();
    sender = client.createSender("work");
  });
  afterEach(() => fixture.close());

  it("hands a session's messages to its one receiver, in order", async () => {
    await sender.sendMessages([
      { body: 1, sessionId: "a" },
      { body: 2, sessionId: "b" },
      { body: 3, sessionId: "a" },
    ]);
    const receiver = await client.acceptSession("work", "a");
    expect(receiver.sessionId).toBe("a");
    expect(receiver.sessionLockedUntilUtc.getTime()).toBeGreaterThan(Date.now());
    const messages = await receiver.receiveMessages(5, { maxWaitTimeInMs: 300 });
    expect(messages.map(({ body, sessionId }) => [body, sessionId])).toEqual([
      [1, "a"],
      [3, "a"],
    ]);
    for (const message of messages) await receiver.completeMessage(message);
    expect(fixture.bus.counts("work")).toMatchObject({ active: 1, locked: 0 });
  });

  it("refuses a session that another has", async () => {
    await client.acceptSession("work", "a");
    await expect(client.acceptSession("work", "a")).rejects.toMatchObject({ code: "SessionCannotBeLocked" });
  });

  it("gives the next session that is free and has messages, also if they come later", async () => {
    await sender.sendMessages({ body: 1, sessionId: "a" });
    const first = await client.acceptNextSession("work");
    expect(first.sessionId).toBe("a");
    const waiting = client.acceptNextSession("work");
    await sender.sendMessages({ body: 2, sessionId: "b" });
    expect((await waiting).sessionId).toBe("b");
  });

  it("tells a client that no session has messages before the client loses patience", async () => {
    const hasty = fixture.connect();
    await expect(hasty.acceptNextSession("work", { maxAutoLockRenewalDurationInMs: 0 })).rejects.toMatchObject({
      code: "ServiceTimeout",
    });
  }, 90_000);

  it("keeps a session's state", async () => {
    const receiver = await client.acceptSession("work", "a");
    expect(await receiver.getSessionState()).toBeNull();
    await receiver.setSessionState({ step: 3 });
    await receiver.close();
    const next = await client.acceptSession("work", "a");
    expect(await next.getSessionState()).toEqual({ step: 3 });
  });

  it("gives a session back as its receiver closes, without counting that against its messages", async () => {
    await sender.sendMessages({ body: 1, sessionId: "a" });
    const receiver = await client.acceptSession("work", "a");
    await receiver.receiveMessages(1);
    await receiver.close();
    const next = await client.acceptSession("work", "a");
    expect((await next.receiveMessages(1))[0]).toMatchObject({ body: 1, deliveryCount: 0 });
  });

  it("frees a session whose lock is over, and counts that against its messages", async () => {
    await sender.sendMessages({ body: 1, sessionId: "a" });
    const receiver = await client.acceptSession("work", "a", { maxAutoLockRenewalDurationInMs: 0 });
    const [message] = await receiver.receiveMessages(1, { maxWaitTimeInMs: 1000 });
    await until(() => fixture.bus.counts("work").active === 1, "the end of the session's lock");
    if (message) await expect(receiver.completeMessage(message)).rejects.toMatchObject({ code: "SessionLockLost" });
    const next = await client.acceptSession("work", "a");
    expect((await next.receiveMessages(1))[0]).toMatchObject({ body: 1, deliveryCount: 1 });
  });

  it("prolongs a session's lock, and with it that of its messages", async () => {
    await sender.sendMessages({ body: 1, sessionId: "a" });
    const receiver = await client.acceptSession("work", "a", { maxAutoLockRenewalDurationInMs: 0 });
    const [message] = await receiver.receiveMessages(1);
    for (let renewed = 0; renewed < 3; renewed++) {
      await new Promise((wake) => setTimeout(wake, 2500));
      await receiver.renewSessionLock();
    }
    if (message) await receiver.completeMessage(message);
    expect(fixture.bus.counts("work")).toMatchObject({ active: 0, locked: 0 });
  });

  it("refuses a message without a session, and a receiver without one", async () => {
    await expect(sender.sendMessages({ body: 1 })).rejects.toThrow(/SessionId was not set/);
    await expect(client.createReceiver("work").receiveMessages(1)).rejects.toThrow(/requires sessions/);
  });
});
