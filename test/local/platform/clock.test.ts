import { ServiceBusClient } from "@azure/service-bus";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Platform } from "../../../local/platform/platform.ts";
import { getJson, startTiny, until } from "./tiny-app.ts";

const DAY_MS = 86_400_000;

interface Seen {
  readonly message: { readonly n: number };
  readonly deliveryCount: number;
}

describe("one advance over several days", () => {
  let platform: Platform;
  let bus: ServiceBusClient;
  beforeAll(async () => {
    platform = await startTiny();
    bus = new ServiceBusClient(platform.addresses.serviceBus ?? "");
  });
  afterAll(async () => {
    await bus.close();
    await platform.close();
  });

  const start = async (dayWaits: number): Promise<string> => {
    const init = { method: "POST", body: JSON.stringify({ dayWaits }) };
    const { statusQueryGetUri } = await getJson<{ statusQueryGetUri: string }>(platform, "/api/startDays", init);
    return statusQueryGetUri;
  };
  const advance = async (duration: string): Promise<void> => {
    const body = JSON.stringify({ advance: duration });
    const answer = await fetch(`${platform.addresses.control}/clock`, { method: "POST", body });
    if (!answer.ok) throw new Error(await answer.text());
  };
  const output = async (status: string): Promise<string[]> =>
    ((await (await fetch(status)).json()) as { output: string[] }).output;
  const seen = async (): Promise<Seen[]> =>
    (await getJson<{ seen: Seen[] }>(platform, "/api/seen")).seen.filter(({ message }) => message !== undefined);

  it("ends two waits of a day at day one and at day two, not both at day three", async () => {
    const began = platform.clock.now();
    const status = await start(2);
    await advance("P3D");
    const days = (await output(status)).map((at) => (Date.parse(at) - began) / DAY_MS);
    expect(days).toHaveLength(2);
    expect(days[0]).toBeCloseTo(1, 3);
    expect(days[1]).toBeCloseTo(2, 3);
    expect((platform.clock.now() - began) / DAY_MS).toBeCloseTo(3, 3);
  });

  it("keeps the order of what is due in different parts: a run's timers and a message that comes later", async () => {
    const began = platform.clock.now();
    const status = await start(2);
    await bus
      .createSender("work")
      .scheduleMessages({ body: { n: 100 }, messageId: "later" }, new Date(began + 1.5 * DAY_MS));
    await advance("P3D");
    const at = (await getJson<{ seen: (Seen & { enqueuedTimeUtc: string })[] }>(platform, "/api/seen")).seen.find(
      ({ message }) => message?.n === 100,
    );
    // A message that comes later is enqueued when it comes, half a day after the first wait and before the second's end.
    const enqueued = (Date.parse(`${at?.enqueuedTimeUtc}Z`) - began) / DAY_MS;
    expect(enqueued).toBeCloseTo(1.5, 3);
    const [first = "", second = ""] = await output(status);
    expect(Date.parse(first)).toBeLessThan(began + 1.5 * DAY_MS);
    expect(Date.parse(second)).toBeGreaterThan(began + 1.5 * DAY_MS);
  });

  it("delivers nothing again that was in flight when it came", async () => {
    const before = (await seen()).length;
    const work = bus.createSender("work");
    // Longer than the tiny app's other messages, well within the lock of five seconds, which is real time.
    await work.sendMessages([1, 2, 3].map((n) => ({ body: { n, waitMs: 1500 }, messageId: `flight ${n}` })));
    await until(seen, (all) => all.length === before + 3);
    await advance("P3D");
    const during = (await seen()).slice(before);
    expect(during.map(({ deliveryCount }) => deliveryCount)).toEqual([1, 1, 1]);
    expect(platform.bus?.counts("work")).toEqual({ active: 0, scheduled: 0, deadLettered: 0, locked: 0 });
    const results = bus.createReceiver("results", { receiveMode: "receiveAndDelete" });
    const answers: number[] = [];
    for (let some = await results.receiveMessages(10, { maxWaitTimeInMs: 1000 }); some.length > 0; ) {
      answers.push(...some.map(({ body }) => (body as { n: number }).n));
      some = await results.receiveMessages(10, { maxWaitTimeInMs: 300 });
    }
    expect(answers.sort((a, b) => a - b)).toEqual([1, 2, 3, 100]);
  });

  it("runs no activity twice that was under way when it came", async () => {
    const began = platform.clock.now();
    const all = await Promise.all(Array.from({ length: 20 }, () => start(3)));
    await advance("P4D");
    for (const status of all) {
      const history = `${status}&showHistory=true&showHistoryOutput=true`;
      const { historyEvents } = (await (await fetch(history)).json()) as { historyEvents: { EventType: string }[] };
      expect(historyEvents.filter(({ EventType }) => EventType === "TaskCompleted")).toHaveLength(3);
      const days = (await output(status)).map((at) => Math.round((Date.parse(at) - began) / DAY_MS));
      expect(days).toEqual([1, 2, 3]);
    }
  });
});
