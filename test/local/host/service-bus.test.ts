import { ServiceBusClient, type ServiceBusReceiver, type ServiceBusSender } from "@azure/service-bus";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Platform } from "../../../local/platform/platform.ts";
import { getJson, startTiny, until } from "../platform/tiny-app.ts";

interface Seen {
  seen: {
    messages?: unknown[];
    ids?: string[];
    counts?: number[];
    messageId?: string;
    deliveryCount?: number;
    enqueuedTimeUtc?: string;
    applicationProperties?: Record<string, unknown>;
  }[];
  most: number;
}

describe("a Service Bus function", () => {
  let platform: Platform;
  let bus: ServiceBusClient;
  let work: ServiceBusSender;
  let results: ServiceBusReceiver;
  beforeAll(async () => {
    platform = await startTiny();
    bus = new ServiceBusClient(platform.addresses.serviceBus ?? "", { retryOptions: { retryDelayInMs: 100 } });
    work = bus.createSender("work");
    results = bus.createReceiver("results", { receiveMode: "receiveAndDelete" });
  });
  afterAll(async () => {
    await bus.close();
    await platform.close();
  });

  const seen = () => getJson<Seen>(platform, "/api/seen");
  const nothingLeft = (queue: string) => platform.bus?.counts(queue);
  /** Takes so many messages of the output's queue, in whatever order. */
  const take = async <T>(count: number): Promise<T[]> => {
    const bodies: T[] = [];
    await until(
      async () => {
        for (const { body } of await results.receiveMessages(count - bodies.length, { maxWaitTimeInMs: 1000 }))
          bodies.push(body as T);
        return bodies.length;
      },
      (got) => got >= count,
      40_000,
    );
    return bodies;
  };

  it("sees the message with its metadata in the names of the extension", async () => {
    await work.sendMessages({ body: { n: 1 }, messageId: "meta", applicationProperties: { who: "Zoé", n: 3 } });
    await take(1);
    const one = (await seen()).seen.find(({ messageId }) => messageId === "meta");
    expect(one).toMatchObject({ deliveryCount: 1, applicationProperties: { who: "Zoé", n: 3 } });
    expect(one?.enqueuedTimeUtc).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?$/);
  });

  it("runs as often at once as host.json allows, and not more", async () => {
    const messages = Array.from({ length: 12 }, (_, n) => ({ body: { n, waitMs: 100 } }));
    await work.sendMessages(messages);
    expect((await take<{ n: number }>(12)).map(({ n }) => n).sort((a, b) => a - b)).toEqual(messages.map((_, n) => n));
    expect((await seen()).most).toBe(4);
  });

  it("completes and abandons neighbours that end in the same turn, each for itself", async () => {
    const bodies = Array.from({ length: 16 }, (_, n) => ({ n, failUntil: n % 2 }));
    await work.sendMessages(bodies.map((body) => ({ body })));
    const ended = await take<{ n: number; deliveryCount: number }>(16);
    for (const { n, deliveryCount } of ended) expect(deliveryCount).toBe(1 + (n % 2));
    await until(
      async () => nothingLeft("work"),
      (left) => left?.active === 0 && left.locked === 0,
    );
  });

  it("sends a message to the dead letters that fails at each delivery", async () => {
    await work.sendMessages({ body: { failUntil: 99 }, messageId: "hopeless" });
    const dead = bus.createReceiver("work", { subQueueType: "deadLetter", receiveMode: "receiveAndDelete" });
    const [letter] = await dead.receiveMessages(1, { maxWaitTimeInMs: 10_000 });
    await dead.close();
    expect(letter).toMatchObject({ messageId: "hopeless", deadLetterReason: "MaxDeliveryCountExceeded" });
  });

  it("gets all of a batch again when it throws", async () => {
    const batch = ["x", "y"].map((messageId) => ({ body: { failUntil: 1 }, messageId }));
    await bus.createSender("batches").sendMessages(batch);
    const tries = await until(seen, ({ seen }) => seen.some(({ counts }) => counts?.[0] === 2));
    expect(tries.seen.filter(({ ids }) => ids !== undefined).at(-1)).toMatchObject({ ids: ["x", "y"], counts: [2, 2] });
  });

  it("sends one message for each element of an output that is an array, none for an empty one", async () => {
    const send = (value: unknown) => getOk("/api/send", { method: "POST", body: JSON.stringify(value) });
    await send([]);
    await send(["a", { b: 2 }]);
    await send({ c: 3 });
    const texts = (await take<unknown>(3)).map((body) => JSON.stringify(body)).sort();
    // Plain text is no JSON: the client hands its bytes over.
    expect(texts).toEqual([JSON.stringify(Buffer.from("a")), '{"b":2}', '{"c":3}'].sort());
  });

  async function getOk(path: string, init: RequestInit): Promise<void> {
    const { status } = await fetch(`${platform.addresses.app}${path}`, init);
    expect(status).toBe(202);
  }

  it("whose process exits under a message leaves it to be delivered again", async () => {
    await work.sendMessages({ body: { exitAt: 1, n: "exits" } });
    expect(await take(1)).toEqual([{ exitAt: 1, n: "exits", deliveryCount: 2 }]);
  });

  it("that never returns is ended by its time limit, and the message delivered again", async () => {
    await work.sendMessages({ body: { hangAt: 1, n: "hangs" } });
    expect(await take(1)).toEqual([{ hangAt: 1, n: "hangs", deliveryCount: 2 }]);
  });

  it("goes on by itself after the bus was down, and an instance starts meanwhile", async () => {
    await platform.faults.set({ serviceBus: "down" });
    await platform.kill();
    expect((await fetch(`${platform.addresses.app}/api/hello`)).status).toBe(200);
    await platform.faults.set({ serviceBus: null });
    await work.sendMessages({ body: { n: "after" } });
    expect(await take(1)).toEqual([{ n: "after", deliveryCount: 1 }]);
    await platform.clock.quiet();
  });
});
