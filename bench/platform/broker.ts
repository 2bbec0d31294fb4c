import { ServiceBusClient } from "@azure/service-bus";
import { type Line, median } from "../bench.ts";
import type { Limits } from "./limits.ts";
import { type Part, percent, startPart, watchShares } from "./processes.ts";

const BODY = "x".repeat(1024);
const SINGLES = 1500;
const BATCH = 100;
const BATCHES = 150;
const ROUNDS = 5;
const WARM_UPS = 3;

/** The unmodified SDK in this process, the bus with its journal on disk in another. */
export async function broker(limits: Limits): Promise<Line[]> {
  const part = await startPart<{ connectionString: string }>("bus");
  const client = new ServiceBusClient(part.ready.connectionString);
  try {
    const sender = client.createSender("bench");
    const receiver = client.createReceiver("bench");
    await sender.sendMessages(Array.from({ length: BATCH }, () => ({ body: BODY })));
    const drain = async (count: number): Promise<void> => {
      for (let left = count; left > 0; ) {
        const messages = await receiver.receiveMessages(Math.min(BATCH, left));
        // All with one outcome, so they may be settled together: see the client's fault with mixed outcomes.
        await Promise.all(messages.map((message) => receiver.completeMessage(message)));
        left -= messages.length;
      }
    };
    await drain(BATCH);
    const sendOnes = async (count: number): Promise<void> => {
      for (let n = 0; n < count; n++) await sender.sendMessages({ body: BODY });
    };
    const sendBatches = async (count: number): Promise<void> => {
      for (let n = 0; n < count; n++) {
        const batch = await sender.createMessageBatch();
        while (batch.count < BATCH) if (!batch.tryAddMessage({ body: BODY })) throw new Error("the batch is full");
        await sender.sendMessages(batch);
      }
    };
    // Both processes compile what they do often, and go on doing so for some thousands of messages.
    for (let round = 0; round < WARM_UPS; round++) {
      await sendOnes(SINGLES);
      await sendBatches(BATCHES);
      await drain(SINGLES + BATCHES * BATCH);
    }

    // The disk is the limit of these, and others use it too: so its own speed is measured before and after.
    const before = limits.flushes(2048);
    const one = await rate(part, "single sends", SINGLES, () => sendOnes(SINGLES));
    const after = limits.flushes(2048);
    const flushes = (before + after) / 2;
    const many = await rate(part, "batches", BATCH * BATCHES, () => sendBatches(BATCHES));
    const taken = SINGLES + BATCH * BATCHES;
    const received = await rate(part, "receive and complete", taken, () => drain(taken));
    const both = `fdatasync ${Math.round(before)}/s before and ${Math.round(after)}/s after, node:http ${Math.round(limits.httpOne)}/s one at a time`;
    const http = `node:http ${Math.round(limits.httpMany)}/s with 16 connections`;
    return [
      line("single sends, each awaited", one, 1500, both, 1 / (1 / flushes + 1 / limits.httpOne)),
      line(`sends in batches of ${BATCH}`, many, 20_000, http, limits.httpMany),
      line(`receive and complete, ${BATCH} at a time`, received, 8000, http, limits.httpMany),
    ];
  } finally {
    await client.close();
    await part.stop();
  }
}

/** How many a second, the median of some rounds, and where the time went. */
async function rate(part: Part<unknown>, what: string, count: number, run: () => Promise<void>): Promise<number> {
  const shares = await watchShares(part);
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    await run();
    rates.push(count / ((performance.now() - began) / 1000));
  }
  const { part: bus, load, others, idle, writing, writes } = await shares();
  console.log(
    `  ${what}: bus ${percent(bus)}, the SDK ${percent(load)}, others on this machine ${percent(others)}, idle ` +
      `${percent(idle)} of all cores; the bus waits for fdatasync ${percent(writing)} of the time (${writes} times)`,
  );
  return median(rates);
}

function line(what: string, measured: number, goal: number, peer: string, limit: number): Line {
  const text = `≥ ${goal.toLocaleString("en")}/s`;
  return {
    what,
    measured: `${Math.round(measured).toLocaleString("en")}/s`,
    peer,
    ratio: measured / limit,
    goal: { text, met: measured >= goal },
  };
}
