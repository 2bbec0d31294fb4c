import { afterEach, describe, expect, it } from "@jest/globals";
import { type BusFixture, queueOf, startBus, until } from "./bus-fixture.ts";

describe("a bus that fails", () => {
  let fixture: BusFixture;
  afterEach(() => fixture.close());

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
    await client.createSender("round").sendMessages({ body: 2 });
    expect(fixture.bus.counts("round").deadLettered + fixture.bus.counts("about").deadLettered).toBe(1);
  });
});
