import { ServiceBusClient } from "@azure/service-bus";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { VirtualClock } from "../../../../local/clock/virtual-clock.ts";
import { type ServiceBus, startServiceBus } from "../../../../local/service-bus/service-bus.ts";
import { serviceBusDeadLetters } from "../../../../shared/adapters/service-bus/dead-letters.ts";
import { serviceBusPublisher } from "../../../../shared/adapters/service-bus/publisher.ts";
import type { DeadLetters } from "../../../../shared/ports/dead-letters.ts";

const TOPIC = "trigger-events";
const Subscriptions = [{ Name: "journeys" }, { Name: "decisions" }];
const entities = { UserConfig: { Namespaces: [{ Topics: [{ Name: TOPIC, Subscriptions }] }] } };
const PLACES = {
  "trigger-events": [TOPIC, "journeys"],
  decisions: [TOPIC, "decisions"],
  "mail-reports": ["mail-reports", "deliveries"],
} as const;

describe("the dead letters of a subscription", () => {
  let clock: VirtualClock;
  let bus: ServiceBus;
  let letters: DeadLetters;
  beforeEach(async () => {
    clock = new VirtualClock();
    bus = await startServiceBus({ port: 0, entities, clock, busy: clock });
    letters = serviceBusDeadLetters(at(), PLACES);
    const publisher = serviceBusPublisher(at(), TOPIC);
    const ids = ["e1", "e2", "e3"];
    await publisher.publish(ids.map((id) => ({ id, subject: "event", body: { id }, properties: {} })));
    await publisher.close();
    await putAside(ids.length);
  });
  afterEach(async () => {
    await bus.close();
    clock.close();
  });

  const at = () => ({
    connectionString: `Endpoint=sb://localhost:${bus.port};SharedAccessKeyName=k;SharedAccessKey=k;UseDevelopmentEmulator=true;`,
  });

  async function putAside(count: number): Promise<void> {
    const client = new ServiceBusClient(at().connectionString);
    const receiver = client.createReceiver(TOPIC, "journeys");
    for (let left = count; left > 0; ) {
      const received = await receiver.receiveMessages(left, { maxWaitTimeInMs: 2_000 });
      for (const message of received)
        await receiver.deadLetterMessage(message, { deadLetterReason: "crash", deadLetterErrorDescription: "again" });
      left -= received.length;
    }
    await client.close();
  }
  const bodies = async () => (await letters.peek("trigger-events", 0, 10)).map(({ body }) => body);

  it("are listed page by page, with their reason, and stay", async () => {
    const [first, second] = [await letters.peek("trigger-events", 0, 2), await letters.peek("trigger-events", 2, 2)];
    expect(first.map(({ messageId }) => messageId)).toEqual(["e1", "e2"]);
    expect(second).toEqual([
      expect.objectContaining({ messageId: "e3", reason: "crash", description: "again", body: { id: "e3" } }),
    ]);
    expect(await bodies()).toHaveLength(3);
    expect(await letters.peek("decisions", 0, 10)).toEqual([]);
  });

  it("that are wanted go, once they are worked on; the others stay", async () => {
    const worked: unknown[] = [];
    const wanted = ({ messageId }: { messageId: string }) => messageId !== "e2";
    const outcome = await letters.take("trigger-events", wanted, 100, async ({ messageId, body }) => {
      if (messageId === "e3") throw new Error("the bus is down");
      worked.push(body);
    });
    expect(outcome).toEqual({ taken: 1, looked: 3 });
    expect(worked).toEqual([{ id: "e1" }]);
    expect(await bodies()).toEqual([{ id: "e2" }, { id: "e3" }]);
  });

  it("can't be asked for while the bus is away, and this is said", async () => {
    const nowhere = "Endpoint=sb://localhost:9;SharedAccessKeyName=k;SharedAccessKey=k;UseDevelopmentEmulator=true;";
    const away = serviceBusDeadLetters({ connectionString: nowhere }, PLACES);
    await expect(away.peek("decisions", 0, 1)).rejects.toMatchObject({ code: "BUS_UNAVAILABLE" });
  }, 60_000);
});
