import { ServiceBusClient } from "@azure/service-bus";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Platform } from "../../../local/platform/platform.ts";
import { getJson, startTiny, until } from "./tiny-app.ts";

describe("an app on the platform", () => {
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

  it("takes a message from the bus and sends what it returns to the output's queue", async () => {
    await bus.createSender("work").sendMessages({ body: { n: 1 }, messageId: "first" });
    const results = bus.createReceiver("results", { receiveMode: "receiveAndDelete" });
    const [result] = await results.receiveMessages(1, { maxWaitTimeInMs: 10_000 });
    await results.close();
    expect(result?.body).toEqual({ n: 1, deliveryCount: 1 });
  });

  it("runs an orchestration with activities and a virtual day of waiting", async () => {
    const body = JSON.stringify({ names: ["Ada", "Zoé"], waitMs: 86_400_000 });
    const { statusQueryGetUri } = await getJson<{ statusQueryGetUri: string }>(platform, "/api/start", {
      method: "POST",
      body,
    });
    const status = async () =>
      (await fetch(statusQueryGetUri)).json() as Promise<{ runtimeStatus: string; output: unknown }>;
    await until(status, ({ runtimeStatus }) => runtimeStatus === "Running");
    await platform.clock.advance(86_400_000);
    expect(await status()).toMatchObject({ runtimeStatus: "Completed", output: ["hello Ada", "hello Zoé"] });
    expect((await fetch(statusQueryGetUri.replace(/code=[^&]*/, "code=wrong"))).status).toBe(401);
  });

  it("reads the platform's clock after an advance", async () => {
    const before = platform.clock.now();
    await platform.clock.advance(3 * 86_400_000);
    const { now, offsetMs } = await getJson<{ now: number; offsetMs: number }>(platform, "/api/clock");
    expect(offsetMs).toBe(platform.clock.offset);
    expect(now - before).toBeGreaterThanOrEqual(3 * 86_400_000);
  });

  it("is started again after a SIGKILL, and a request in between waits for it", async () => {
    const { pid } = await getJson<{ pid: number }>(platform, "/api/clock");
    const killed = platform.kill();
    const after = await getJson<{ pid: number; loadedAt: number }>(platform, "/api/clock");
    await killed;
    expect(after.pid).not.toBe(pid);
    expect(after.loadedAt).toBe(platform.clock.offset);
  });
});
