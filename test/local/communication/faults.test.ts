import { createHash, randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { type Bench, mailTo, startBench } from "./start.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.stop());

const send = (operationId: string = randomUUID()) =>
  bench.client.beginSend(mailTo("camille@example.com"), { operationId });

describe("faults on demand", () => {
  it("429 tells when to come back, stores nothing, and strikes as often as asked", async () => {
    bench.communication.setFault({ rules: [{ fault: "throttled", count: 2, retryAfterSeconds: 7 }] });
    for (const _ of [1, 2]) {
      const refused = await send().catch((error) => error);
      expect(refused).toMatchObject({ statusCode: 429, code: "TooManyRequests" });
      expect(refused.response.headers.get("retry-after")).toBe("7");
    }
    await send();
    expect(await bench.mails()).toHaveLength(1);
  });

  it("500 stores nothing", async () => {
    bench.communication.setFault({ rules: [{ fault: "server-error", count: 1 }] });
    await expect(send()).rejects.toMatchObject({ statusCode: 500 });
    expect(await bench.mails()).toEqual([]);
  });

  it("an answer that is lost leaves the mail sent and its operation found", async () => {
    bench.communication.setFault({ rules: [{ fault: "answer-lost", count: 1 }] });
    const operationId = randomUUID();
    await expect(send(operationId)).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(await bench.mails()).toHaveLength(1);
    await send(operationId);
    expect(await bench.mails()).toHaveLength(1);
  });

  it("a request that is lost leaves nothing", async () => {
    bench.communication.setFault({ rules: [{ fault: "request-lost", count: 1 }] });
    await expect(send()).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(await bench.mails()).toEqual([]);
  });

  it("429 on the operation comes after a 202: the mail is sent", async () => {
    bench.communication.setFault({ rules: [{ fault: "throttled", at: "operation", count: 1 }] });
    await expect(send()).rejects.toMatchObject({ statusCode: 429 });
    expect(await bench.mails()).toHaveLength(1);
  });

  it("limits a minute and an hour let through as many as they say, by the virtual clock", async () => {
    bench.communication.setFault({ limits: { perMinute: 2, perHour: 3 } });
    await send();
    await send();
    const refused = await send().catch((error) => error);
    expect(refused).toMatchObject({ statusCode: 429 });
    expect(Number(refused.response.headers.get("retry-after"))).toBeGreaterThan(50);
    await bench.clock.advance(60_000);
    await send();
    const full = await send().catch((error) => error);
    expect(Number(full.response.headers.get("retry-after"))).toBeGreaterThan(3_500);
    await bench.clock.advance(3_600_000);
    await send();
  });

  it("can be set, read and cleared over HTTP", async () => {
    const faults = `${bench.url}/faults`;
    const rules = [{ fault: "server-error", probability: 1 }];
    expect((await fetch(faults, { method: "POST", body: JSON.stringify({ rules }) })).status).toBe(200);
    await expect(send()).rejects.toMatchObject({ statusCode: 500 });
    expect(await (await fetch(faults)).json()).toMatchObject({ deduplicate: true, struck: [1] });
    await fetch(faults, { method: "DELETE" });
    await send();
  });

  it("that make no sense are refused with the place", async () => {
    const body = JSON.stringify({ rules: [{ fault: "server-error", probability: 7 }] });
    const answer = await fetch(`${bench.url}/faults`, { method: "POST", body });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { message: expect.stringContaining("rules.0.probability") } });
  });

  it("strike the same operations for the same seed, in whatever order these come", async () => {
    const ids = Array.from({ length: 60 }, (_, n) => guid(`send ${n}`));
    const stricken = async (order: readonly string[], seed: number): Promise<string[]> => {
      bench.communication.setFault({ seed, deduplicate: false, rules: [{ fault: "server-error", probability: 0.4 }] });
      const outcomes = order.map((id) =>
        send(id).then(
          () => [],
          () => [id],
        ),
      );
      return (await Promise.all(outcomes)).flat().sort();
    };
    const once = await stricken(ids, 1);
    expect(once.length).toBeGreaterThan(10);
    expect(once.length).toBeLessThan(40);
    expect(await stricken(ids.toReversed(), 1)).toEqual(once);
    expect(await stricken(ids, 2)).not.toEqual(once);
  });
});

/** A GUID that is the same in every run of the test. */
function guid(text: string): string {
  return createHash("sha256")
    .update(text)
    .digest("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, "$1-$2-$3-$4-$5");
}
