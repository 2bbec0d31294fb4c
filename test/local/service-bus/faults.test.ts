import { setTimeout as pause } from "node:timers/promises";
import { afterEach, describe, expect, it } from "@jest/globals";
import { type BusFixture, queueOf, startBus, until } from "./bus-fixture.ts";

describe("a bus that fails", () => {
  let fixture: BusFixture;
  afterEach(() => fixture.close());

  /** Receives all the time, and notes what; answers once it has received. */
  async function listen() {
    const got = new Set<unknown>();
    fixture
      .connect()
      .createReceiver("work")
      .subscribe({
        processMessage: async ({ body }) => void got.add(body),
        processError: async () => undefined,
      });
    await fixture.bus.send("work", { body: "first" });
    await until(() => got.has("first"), "the first message");
    return got;
  }

  it("refuses all while it is down, and serves the same clients when it is back", async () => {
    fixture = await startBus(queueOf());
    const client = fixture.connect();
    const sender = client.createSender("work");
    const got: unknown[] = [];
    client.createReceiver("work").subscribe({
      processMessage: async ({ body }) => void got.push(body),
      processError: async () => undefined,
    });
    await sender.sendMessages({ body: "before" });
    await until(() => got.length === 1, "the first message");

    fixture.bus.setFault("down");
    await expect(sender.sendMessages({ body: "during" }, { abortSignal: AbortSignal.timeout(1500) })).rejects.toThrow();

    fixture.bus.setFault(undefined);
    await sender.sendMessages({ body: "after" });
    await until(() => got.includes("after"), "the message after the fault");
  });

  it("counts its receivers' way back as under way, so that an advance does not pass over what waits for them", async () => {
    fixture = await startBus(queueOf({ LockDuration: "PT2S" }));
    const got: unknown[] = [];
    fixture
      .connect()
      .createReceiver("work")
      .subscribe({
        processMessage: async ({ body }) => void got.push(body),
        processError: async () => undefined,
      });
    await fixture.bus.send("work", { body: "before" });
    await until(() => got.length === 1 && fixture.bus.counts("work").locked === 0, "the first message's end");
    fixture.bus.setFault("down");
    await fixture.bus.send("work", { body: "during" });
    await fixture.clock.advance(1000);
    expect(got).toEqual(["before"]);
    fixture.bus.setFault(undefined);
    await fixture.clock.advance(1000);
    expect(got).toEqual(["before", "during"]);
  });

  it("hands nothing to those that it cuts off: what comes in just then waits for them, not for the end of a lock", async () => {
    fixture = await startBus(queueOf({ LockDuration: "PT30S" }));
    const got = await listen();
    for (let round = 0; round < 10; round++) {
      await until(() => fixture.bus.counts("work").locked === 0, "the last round's end");
      fixture.bus.setFault("down");
      await fixture.bus.send("work", { body: round });
      await pause(10 * round);
      fixture.bus.setFault(undefined);
      await until(() => got.has(round), `the message of round ${round}`);
    }
  }, 60_000);

  it("may go down again in the middle of its clients' way back: they don't lose a minute over it", async () => {
    fixture = await startBus(queueOf({ LockDuration: "PT30S" }));
    const got = await listen();
    for (let round = 0; round < 15; round++) {
      await until(() => fixture.bus.counts("work").locked === 0, "the last round's end");
      for (let again = 0; again < 3; again++) {
        fixture.bus.setFault("down");
        await pause(30);
        fixture.bus.setFault(undefined);
        // A client is back after some 50 ms: each round finds it at another point of its way.
        await pause(again === 2 ? 0 : 40 + 3 * round);
      }
      await fixture.bus.send("work", { body: round });
      await fixture.clock.quiet();
      expect(got).toContain(round);
    }
  }, 60_000);

  it("loses nothing that is under way when it goes down again and again, and is quiet once the locks are over", async () => {
    fixture = await startBus(queueOf({ LockDuration: "PT2S", MaxDeliveryCount: 50 }));
    const got = new Set<unknown>();
    // Of messages that it had when it was cut off the client would renew the locks for five minutes.
    const receiver = fixture.connect().createReceiver("work", { maxAutoLockRenewalDurationInMs: 0 });
    const handlers = {
      processMessage: async ({ body }: { body: unknown }) => pause(10).then(() => void got.add(body)),
      processError: async () => undefined,
    };
    receiver.subscribe(handlers, { maxConcurrentCalls: 8 });
    const wanted = new Set<unknown>();
    const send = async (body: unknown) => {
      wanted.add(body);
      await fixture.bus.send("work", { body });
    };
    await send("first");
    await until(() => got.has("first"), "the first message");
    for (let round = 0; round < 3; round++) {
      for (let again = 0; again < 3; again++) {
        for (let n = 0; n < 20; n++) await send(`${round} ${again} ${n}`);
        await pause(20 * again);
        fixture.bus.setFault("down");
        await send(`${round} ${again} down`);
        await pause(30 * again);
        fixture.bus.setFault(undefined);
        await pause(40);
      }
      await fixture.clock.quiet();
      expect(got).toEqual(wanted);
    }
  }, 60_000);

  it("sends dead letters on to where the queue says, and tells where they come from", async () => {
    fixture = await startBus({
      Queues: [{ Name: "work", Properties: { ForwardDeadLetteredMessagesTo: "morgue" } }, { Name: "morgue" }],
    });
    const client = fixture.connect();
    await client.createSender("work").sendMessages({ body: "bad" });
    const receiver = client.createReceiver("work");
    const [message] = await receiver.receiveMessages(1);
    if (message) await receiver.deadLetterMessage(message, { deadLetterReason: "why", deadLetterErrorDescription: "" });
    expect(fixture.bus.counts("work").deadLettered).toBe(0);
    const [dead] = await client.createReceiver("morgue").receiveMessages(1);
    expect(dead).toMatchObject({ body: "bad", deadLetterReason: "why", deadLetterSource: "work" });
  });

  it("turns away a duplicate that is forwarded, too", async () => {
    fixture = await startBus({
      Queues: [
        { Name: "in", Properties: { ForwardTo: "once" } },
        { Name: "once", Properties: { RequiresDuplicateDetection: true } },
      ],
    });
    const client = fixture.connect();
    await client.createSender("once").sendMessages({ body: 1, messageId: "a" });
    await client.createSender("in").sendMessages([
      { body: 2, messageId: "a" },
      { body: 3, messageId: "b" },
    ]);
    expect(fixture.bus.counts("once").active).toBe(2);
  });

  it("forwards from entity to entity, and stops at a circle", async () => {
    fixture = await startBus({
      Queues: [
        { Name: "in", Properties: { ForwardTo: "out" } },
        { Name: "out" },
        { Name: "round", Properties: { ForwardTo: "about" } },
        { Name: "about", Properties: { ForwardTo: "round" } },
      ],
    });
    const client = fixture.connect();
    await client.createSender("in").sendMessages({ body: 1 });
    expect(fixture.bus.counts("out").active).toBe(1);
    await expect(client.createReceiver("in").receiveMessages(1)).rejects.toMatchObject({
      message: expect.stringContaining("an entity with auto-forwarding enabled"),
    });
    await client.createSender("round").sendMessages({ body: 2 });
    expect(fixture.bus.counts("round").deadLettered + fixture.bus.counts("about").deadLettered).toBe(1);
  });
});
