import { ServiceBusClient, type ServiceBusReceivedMessage } from "@azure/service-bus";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { VirtualClock } from "../../../../local/clock/virtual-clock.ts";
import { type ServiceBus, startServiceBus } from "../../../../local/service-bus/service-bus.ts";
import { serviceBusPublisher } from "../../../../shared/adapters/service-bus/publisher.ts";
import type { BusMessage } from "../../../../shared/ports/bus.ts";
import { startTcpRelay, type TcpRelay } from "../../../support/tcp-relay.ts";

const TOPIC = "trigger-events";
const HOUR_MS = 3_600_000;
const rule = (label: string) => ({
  Name: "$Default",
  Properties: { FilterType: "Correlation" as const, CorrelationFilter: { Label: label } },
});
const entities = {
  UserConfig: {
    Namespaces: [
      {
        Topics: [
          {
            Name: TOPIC,
            Properties: { RequiresDuplicateDetection: true },
            Subscriptions: [
              { Name: "journeys", Rules: [rule("event")] },
              { Name: "decisions", Rules: [rule("change")] },
            ],
          },
        ],
      },
    ],
  },
};

let clock: VirtualClock;
let bus: ServiceBus;
let relay: TcpRelay;
let publisher: ReturnType<typeof serviceBusPublisher>;

beforeEach(async () => {
  clock = new VirtualClock();
  bus = await startServiceBus({ port: 0, entities, clock, busy: clock });
  relay = await startTcpRelay(bus.port);
  publisher = serviceBusPublisher({ connectionString: viaRelay() }, TOPIC);
});
afterEach(async () => {
  await publisher.close();
  await relay.close();
  await bus.close();
  clock.close();
});

describe("publishing to Service Bus", () => {
  it("delivers a message as it was given", async () => {
    const body = { event: "dossier « clos »", hops: 1, after: { prioritycode: null } };
    await publisher.publish([message("e1", { body, properties: { trigger: "case-resolved", hops: 1, own: true } })]);
    const [received] = await receive("journeys", 1);
    expect(received).toMatchObject({
      messageId: "e1",
      subject: "event",
      contentType: "application/json",
      body,
      applicationProperties: { trigger: "case-resolved", hops: 1, own: true },
    });
  });

  it("reaches those who chose its subject", async () => {
    await publisher.publish([message("e1"), message("c1", { subject: "change" })]);
    expect(counts()).toEqual({ journeys: 1, decisions: 1 });
  });

  it("of the same id again is dropped", async () => {
    await publisher.publish([message("e1"), message("e2")]);
    await publisher.publish([message("e2"), message("e3")]);
    expect(counts().journeys).toBe(3);
  });

  it("of no messages asks for nothing", async () => {
    relay.set("down");
    await expect(publisher.publish([])).resolves.toBeUndefined();
  });

  it("of more than one batch holds delivers them all, in order", async () => {
    const many = Array.from({ length: 30 }, (_, n) => message(`e${n}`, { body: { n, text: "x".repeat(30_000) } }));
    await publisher.publish(many);
    const received = await receive("journeys", 30);
    expect(received.map(({ body }) => body.n)).toEqual(many.map((_, n) => n));
  });

  it("of a message that no batch holds can't be tried again", async () => {
    const large = message("e1", { body: "x".repeat(300_000) });
    await expect(publisher.publish([message("e0"), large])).rejects.toMatchObject({
      code: "MESSAGE_MALFORMED",
      retryable: false,
    });
  });

  it("delivers a message for later at its time", async () => {
    await publisher.publish([message("e1", { deliverAt: clock.now() + HOUR_MS })]);
    expect(counts().journeys).toBe(0);
    await clock.advance(HOUR_MS - 60_000);
    expect(counts().journeys).toBe(0);
    await clock.advance(60_000);
    expect(counts().journeys).toBe(1);
  });

  it("at the same time from many places delivers each once", async () => {
    await Promise.all(Array.from({ length: 50 }, (_, n) => publisher.publish([message(`e${n}`)])));
    expect(counts().journeys).toBe(50);
  });
});

describe("a bus that does not answer", () => {
  it("is said within the time limit, and is used again once it is back", async () => {
    await publisher.publish([message("e1")]);
    relay.set("down");
    await unavailable(() => publisher.publish([message("e2")]), 5_000);
    await unavailable(() => publisher.publish([message("e3")]), 5_000);
    relay.set("up");
    await untilPublished([message("e2"), message("e3")]);
    expect(counts().journeys).toBe(3);
  });

  it("for a moment only is not noticed", async () => {
    await publisher.publish([message("e1")]);
    relay.set("down");
    relay.set("up");
    await publisher.publish([message("e2")]);
    expect(counts().journeys).toBe(2);
  });

  it("is said when it was never there", async () => {
    relay.set("down");
    await unavailable(() => publisher.publish([message("e1")]), 5_000);
    relay.set("up");
    await untilPublished([message("e1")]);
    expect(counts().journeys).toBe(1);
  });

  it("is said when it takes the connection and keeps silent", async () => {
    relay.set("silent");
    const hasty = serviceBusPublisher({ connectionString: viaRelay(), timeoutMs: 500 }, TOPIC);
    await unavailable(() => hasty.publish([message("e1")]), 500);
    await unavailable(() => hasty.publish([message("e1")]), 500);
    relay.set("down");
    await hasty.close();
  });

  it("is said of a topic that does not exist", async () => {
    const astray = serviceBusPublisher({ connectionString: viaRelay() }, "no-such-topic");
    await unavailable(() => astray.publish([message("e1")]), 5_000);
    await astray.close();
  });
});

function message(id: string, more: Partial<BusMessage> = {}): BusMessage {
  return { id, subject: "event", body: { id }, properties: {}, ...more };
}

function viaRelay(): string {
  return bus.connectionString.replace(`localhost:${bus.port}`, `localhost:${relay.port}`);
}

function counts() {
  const active = (name: string) => bus.counts(`${TOPIC}/Subscriptions/${name}`).active;
  return { journeys: active("journeys"), decisions: active("decisions") };
}

/** A second more than the limit is a busy machine's. */
async function unavailable(publish: () => Promise<void>, limitMs: number): Promise<void> {
  const started = performance.now();
  await expect(publish()).rejects.toMatchObject({ code: "BUS_UNAVAILABLE", retryable: true });
  expect(performance.now() - started).toBeLessThan(limitMs + 1_500);
}

/** As a timer would that publishes what was spilled. */
async function untilPublished(messages: readonly BusMessage[]): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await publisher.publish(messages);
    } catch (fault) {
      if (attempt === 5) throw fault;
    }
  }
}

async function receive(subscription: string, most: number): Promise<ServiceBusReceivedMessage[]> {
  const client = new ServiceBusClient(bus.connectionString);
  const receiver = client.createReceiver(TOPIC, subscription, { receiveMode: "receiveAndDelete" });
  const received: ServiceBusReceivedMessage[] = [];
  while (received.length < most) received.push(...(await receiver.receiveMessages(most - received.length)));
  await client.close();
  return received;
}
