import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ServiceBusClient, type ServiceBusReceiver } from "@azure/service-bus";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { type BusFixture, entitiesOf, queueOf, startBus, until } from "./bus-fixture.ts";

const MAIN = new URL("../../../local/service-bus/main.ts", import.meta.url).pathname;

describe("what the bus keeps", () => {
  let folder: string;
  let file: string;
  let fixture: BusFixture | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "service-bus-"));
    file = join(folder, "bus.journal");
  });
  afterEach(async () => {
    await fixture?.close();
    fixture = undefined;
    await rm(folder, { recursive: true });
  });

  async function restart(...parameters: Parameters<typeof queueOf>) {
    await fixture?.close();
    fixture = await startBus(queueOf(...parameters), { file });
    const client = fixture.connect();
    return {
      bus: fixture.bus,
      clock: fixture.clock,
      client,
      sender: client.createSender("work"),
      receiver: client.createReceiver("work"),
    };
  }

  it("is there after a restart: messages, counts, what is deferred, scheduled or dead", async () => {
    const properties = { MaxDeliveryCount: 5 };
    const first = await restart(properties);
    await first.sender.sendMessages(["plain", "tried", "deferred", "dead", "done"].map((body) => ({ body })));
    await first.sender.scheduleMessages({ body: "scheduled" }, new Date(first.clock.now() + 3_600_000));
    const [plain, tried, deferred, dead, done] = await first.receiver.receiveMessages(5);
    if (!plain || !tried || !deferred || !dead || !done) throw new Error("messages are missing");
    await first.receiver.abandonMessage(tried, { note: "tried" });
    await first.receiver.deferMessage(deferred);
    await first.receiver.deadLetterMessage(dead, { deadLetterReason: "bad", deadLetterErrorDescription: "" });
    await first.receiver.completeMessage(done);

    const { bus, client, receiver, clock } = await restart(properties);
    expect(bus.counts("work")).toEqual({ active: 2, scheduled: 1, deadLettered: 1, locked: 0 });
    const messages = await receiver.receiveMessages(2);
    expect(messages).toMatchObject([
      { body: "plain", deliveryCount: 0, messageId: plain.messageId },
      { body: "tried", deliveryCount: 1, applicationProperties: { note: "tried" } },
    ]);
    for (const message of messages) await receiver.completeMessage(message);
    const [aside] = await receiver.receiveDeferredMessages(deferred.sequenceNumber ?? []);
    expect(aside?.body).toBe("deferred");
    if (aside) await receiver.completeMessage(aside);
    const [letter] = await client.createReceiver("work", { subQueueType: "deadLetter" }).peekMessages(1);
    expect(letter).toMatchObject({ body: "dead", deadLetterReason: "bad" });
    await clock.advance(3_700_000);
    expect((await receiver.receiveMessages(1))[0]?.body).toBe("scheduled");
  });

  it("never gives a number twice, even of a message long gone", async () => {
    const first = await restart();
    await first.sender.sendMessages([{ body: 1 }, { body: 2 }]);
    for (const message of await first.receiver.receiveMessages(2)) await first.receiver.completeMessage(message);
    const { sender, receiver } = await restart();
    await sender.sendMessages({ body: 3 });
    expect((await receiver.peekMessages(1))[0]?.sequenceNumber?.toNumber()).toBe(3);
  });

  it("remembers which ids it has seen", async () => {
    const properties = { RequiresDuplicateDetection: true };
    const first = await restart(properties);
    await first.sender.sendMessages({ body: 1, messageId: "same" });
    const { sender, bus } = await restart(properties);
    await sender.sendMessages({ body: 2, messageId: "same" });
    expect(bus.counts("work").active).toBe(1);
  });

  it("loses only the half-written end of its file", async () => {
    const first = await restart();
    await first.sender.sendMessages({ body: "whole" });
    await fixture?.close();
    const { size } = await stat(file);
    fixture = undefined;
    await (await restart()).sender.sendMessages({ body: "cut" });
    await (fixture as BusFixture | undefined)?.close();
    fixture = undefined;
    await truncate(file, size + 20);
    const { receiver, sender, bus } = await restart();
    await sender.sendMessages({ body: "new" });
    expect(bus.counts("work").active).toBe(2);
    expect((await receiver.peekMessages(3)).map(({ body }) => body)).toEqual(["whole", "new"]);
  });

  it("survives kill -9: nothing acknowledged is lost and nothing settled comes again", async () => {
    const config = join(folder, "Config.json");
    await writeFile(config, JSON.stringify(entitiesOf(queueOf({ LockDuration: "PT5S" }))));
    const acknowledged = new Set<number>();
    const settled: Settled = { times: new Map(), tried: new Set() };
    const sentOf = { next: 0 };
    let port = 0;
    for (let round = 0; round < 2; round++) {
      const broker = await startBroker(config, file, port);
      port = broker.port;
      const client = new ServiceBusClient(broker.connectionString, {
        retryOptions: { maxRetries: 0, timeoutInMs: 1500 },
      });
      const work = [
        ...Array.from({ length: 4 }, () => sendUntilItBreaks(client, sentOf, acknowledged)),
        receiveUntilItBreaks(client, settled),
      ];
      await until(() => acknowledged.size > (round + 1) * 300 && settled.times.size > (round + 1) * 60, "some traffic");
      broker.process.kill("SIGKILL");
      await once(broker.process, "exit");
      await Promise.all(work);
      await client.close();
    }
    const broker = await startBroker(config, file, port);
    const client = new ServiceBusClient(broker.connectionString);
    await drain(client, settled);
    await client.close();
    broker.process.kill("SIGTERM");
    await once(broker.process, "exit");

    // What was about to be settled when the broker died is either gone or comes again: nobody can know.
    expect([...acknowledged].filter((n) => !settled.tried.has(n))).toEqual([]);
    expect([...settled.times].filter(([, times]) => times > 1)).toEqual([]);
  });
});

async function startBroker(config: string, file: string, port: number) {
  const broker: ChildProcess = spawn(
    process.execPath,
    [MAIN, "--config", config, "--port", String(port), "--file", file],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  let output = "";
  broker.stdout?.on("data", (text) => {
    output += text;
  });
  await until(() => /Endpoint=\S+/.test(output), "the broker's start");
  const [connectionString = ""] = /Endpoint=\S+/.exec(output) ?? [];
  return { process: broker, connectionString, port: Number(/localhost:(\d+)/.exec(output)?.[1]) };
}

async function sendUntilItBreaks(client: ServiceBusClient, of: { next: number }, acknowledged: Set<number>) {
  const sender = client.createSender("work");
  try {
    for (;;) {
      const body = of.next++;
      await sender.sendMessages({ body });
      acknowledged.add(body);
    }
  } catch {
    // the broker was killed
  }
}

interface Settled {
  /** How often a settlement was confirmed. */
  readonly times: Map<number, number>;
  readonly tried: Set<number>;
}

async function receiveUntilItBreaks(client: ServiceBusClient, settled: Settled) {
  const receiver = client.createReceiver("work");
  try {
    for (;;) await settleSome(receiver, 20, settled);
  } catch {
    // the broker was killed
  }
}

async function drain(client: ServiceBusClient, settled: Settled) {
  const receiver = client.createReceiver("work");
  while ((await settleSome(receiver, 200, settled)) > 0);
}

async function settleSome(receiver: ServiceBusReceiver, max: number, { times, tried }: Settled) {
  const messages = await receiver.receiveMessages(max, { maxWaitTimeInMs: 1000 });
  for (const message of messages) {
    tried.add(message.body);
    await receiver.completeMessage(message);
    times.set(message.body, (times.get(message.body) ?? 0) + 1);
  }
  return messages.length;
}
