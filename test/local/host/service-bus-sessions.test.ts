import { ServiceBusClient } from "@azure/service-bus";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Platform, startPlatform } from "../../../local/platform/platform.ts";
import { fixtureApp, getJson, placeholder, until } from "../platform/tiny-app.ts";

interface Seen {
  begins?: number;
  ends?: number;
  sessionId?: string;
  deliveryCount?: number;
  together?: number[];
  sessions?: string[];
}

const RequiresSession = { RequiresSession: true, LockDuration: "PT5S" };
const entities = {
  UserConfig: {
    Namespaces: [
      {
        Queues: [
          { Name: "ordered", Properties: RequiresSession },
          { Name: "plain", Properties: { LockDuration: "PT5S" } },
        ],
        Topics: [{ Name: "news", Subscriptions: [{ Name: "all", Properties: RequiresSession }] }],
      },
    ],
  },
};

describe("a Service Bus function with sessions", () => {
  let platform: Platform;
  let bus: ServiceBusClient;
  beforeAll(async () => {
    platform = await startPlatform({
      appDir: fixtureApp("sessions"),
      ports: { app: 0, serviceBus: 0 },
      settings: { Bus: placeholder("serviceBus") },
      entities,
    });
    await platform.waitUntilReady();
    bus = new ServiceBusClient(platform.addresses.serviceBus ?? "", { retryOptions: { retryDelayInMs: 100 } });
  });
  afterAll(async () => {
    await bus.close();
    await platform.close();
  });

  const seen = () => getJson<Seen[]>(platform, "/api/seen");
  const ofSessions = async (...ids: string[]) =>
    (await seen()).filter(({ sessionId }) => sessionId !== undefined && ids.includes(sessionId));
  const send = (sessionId: string, ...bodies: object[]) =>
    bus.createSender("ordered").sendMessages(bodies.map((body) => ({ body, sessionId })));

  it("takes the messages of a session one after the other, and as many sessions at once as host.json allows", async () => {
    const bodies = [1, 2, 3, 4].map((n) => ({ n, waitMs: 100 }));
    for (const id of ["a", "b", "c"]) await send(id, ...bodies);
    const all = await until(
      () => ofSessions("a", "b", "c"),
      (done) => done.filter(({ ends }) => ends).length === 12,
    );
    for (const id of ["a", "b", "c"])
      expect(all.filter(({ sessionId }) => sessionId === id).map(({ begins, ends }) => begins ?? -(ends ?? 0))).toEqual(
        [1, -1, 2, -2, 3, -3, 4, -4],
      );
    const open = new Set<string>();
    const most = all.map(({ begins, sessionId = "" }) => {
      if (begins === undefined) open.delete(sessionId);
      else open.add(sessionId);
      return open.size;
    });
    expect(Math.max(...most)).toBe(2);
  });

  it("gets a message at which it threw again before the next of its session", async () => {
    await send("again", { n: 1, failUntil: 2 }, { n: 2 });
    const all = await until(
      () => ofSessions("again"),
      (done) => done.some(({ ends }) => ends === 2),
    );
    expect(all.map(({ begins, deliveryCount }) => begins && [begins, deliveryCount]).filter(Boolean)).toEqual([
      [1, 1],
      [1, 2],
      [1, 3],
      [2, 1],
    ]);
  });

  it("keeps a session, or a message without one, for longer than its lock lasts, while it works", async () => {
    await bus.createSender("plain").sendMessages({ body: { n: 3, waitMs: 7000 } });
    await send("long", { n: 1, waitMs: 7000 }, { n: 2 });
    const all = await until(
      () => ofSessions("long", "none"),
      (done) => done.filter(({ ends }) => ends).length === 3,
      30_000,
    );
    expect(all.map(({ deliveryCount }) => deliveryCount)).toEqual([1, 1, 1, 1, 1, 1]);
  }, 40_000);

  it("without sessions runs as often at once as host.json allows, and has as many messages at hand as it says", async () => {
    const before = (await ofSessions("none")).length;
    const bodies = Array.from({ length: 8 }, (_, n) => ({ body: { n, waitMs: 100 } }));
    await bus.createSender("plain").sendMessages(bodies);
    const locked: number[] = [];
    const all = await until(
      async () => {
        locked.push(platform.bus?.counts("plain").locked ?? 0);
        return (await ofSessions("none")).slice(before);
      },
      (done) => done.filter(({ ends }) => ends !== undefined).length === 8,
    );
    expect(all.map(({ begins }) => begins !== undefined)).toEqual(bodies.flatMap(() => [true, false]));
    expect(Math.max(...locked)).toBe(3);
  });

  it("gets the messages of one session together where it takes many", async () => {
    const messages = ["x", "y", "x", "y"].map((sessionId, n) => ({ body: { n }, sessionId }));
    await bus.createSender("news").sendMessages(messages);
    const all = await until(seen, (lines) => lines.flatMap(({ together = [] }) => together).length === 4);
    for (const { together, sessions } of all.filter((line) => line.together !== undefined)) {
      expect(new Set(sessions).size).toBe(1);
      expect(together?.every((n) => n % 2 === (sessions?.[0] === "x" ? 0 : 1))).toBe(true);
    }
  });

  it("does not keep the clock from moving on while no session has messages", async () => {
    await platform.clock.advance(86_400_000);
    expect(platform.clock.underWay()).toEqual({});
  });
});
