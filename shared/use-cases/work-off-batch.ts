import { triggerEvent } from "../domain/event.ts";
import type { Batch } from "../stores/batches.ts";
import { hash } from "../stores/hash.ts";
import type { ParkedItem } from "../stores/outboxes.ts";
import type { ManyAsked, Queue } from "../wire/parked.ts";
import type { Deps } from "./deps.ts";
import { type ReplayDeps, replayBody, replayParked } from "./replay-parked.ts";

type Needs = ReplayDeps & Pick<Deps, "batches" | "deadLetters">;

const PAGE = 100;
/** Done before the request is answered; the timer does the rest. */
const AT_ONCE = 200;
/** Done in one run of the timer. */
const A_RUN = 5_000;

/** Begins what somebody asks for many messages: a part of it at once, the rest by the timer. @throws BUS_UNAVAILABLE */
export async function startBatch(does: Batch["does"], of: ManyAsked, by: string, deps: Needs): Promise<Batch> {
  const at = deps.clock.now();
  const id = hash(does, JSON.stringify(of), by, String(at));
  const batch: Batch = { id, does, of, by, at, next: null, done: 0, left: 0, over: false };
  await deps.batches.save(batch);
  return workOff(batch, AT_ONCE, deps);
}

/** For the timer: goes on with what is not over. */
export async function workOffBatches(deps: Needs): Promise<number> {
  let done = 0;
  for (const batch of await deps.batches.open()) done += (await workOff(batch, A_RUN, deps)).done - batch.done;
  return done;
}

async function workOff(batch: Batch, most: number, deps: Needs): Promise<Batch> {
  return batch.of.list === "parked"
    ? parkedOnes(batch, batch.of, most, deps)
    : deadOnes(batch, batch.of.queue, most, deps);
}

async function parkedOnes(
  begun: Batch,
  of: Extract<ManyAsked, { list: "parked" }>,
  most: number,
  deps: Needs,
): Promise<Batch> {
  let batch = begun;
  for (let looked = 0; looked < most && !batch.over; looked += PAGE) {
    // What is parked again meanwhile is younger than the batch: it does not turn in circles.
    const page = await deps.parked.page(of.kind, PAGE, batch.next ?? undefined, batch.at);
    let { done, left } = batch;
    for (const { value } of page.rows)
      if (isMeant(value, of)) {
        if (await doneWith(batch.does, value, deps)) done += 1;
        else left += 1;
      }
    const next = page.continuation ?? null;
    batch = { ...batch, done, left, next, over: next === null };
    await deps.batches.save(batch);
  }
  return batch;
}

async function doneWith(does: Batch["does"], item: ParkedItem, deps: Needs): Promise<boolean> {
  if (does === "discard") {
    await deps.parked.remove(item);
    return true;
  }
  const outcome = await replayParked(item, deps);
  return outcome === "replayed" || outcome === "told";
}

function isMeant(item: ParkedItem, of: Extract<ManyAsked, { list: "parked" }>): boolean {
  if (of.source !== undefined && of.source !== item.source) return false;
  if (of.journey !== undefined && of.journey !== item.journey) return false;
  if (of.reason !== undefined && !item.reason.toLowerCase().includes(of.reason.toLowerCase())) return false;
  return of.trigger === undefined || of.trigger === triggerOf(item);
}

function triggerOf(item: ParkedItem): string | undefined {
  if (item.source !== "trigger-events") return undefined;
  try {
    return triggerEvent.pick({ trigger: true }).loose().safeParse(JSON.parse(item.body)).data?.trigger;
  } catch {
    return undefined;
  }
}

async function deadOnes(begun: Batch, queue: Queue, most: number, deps: Needs): Promise<Batch> {
  const until = new Date(begun.at).toISOString();
  const { taken, looked } = await deps.deadLetters.take(
    queue,
    ({ at }) => at <= until,
    most,
    async ({ sequence, body }) => {
      if (begun.does === "replay" && (await replayBody(queue, `${queue}:${sequence}`, body, deps)) === "no-message")
        throw new Error("no message");
    },
  );
  const batch = { ...begun, done: begun.done + taken, left: looked - taken, over: looked < most };
  await deps.batches.save(batch);
  return batch;
}

/** A batch as it is shown, and the last that are over: the newest first. */
export async function listBatches({ batches }: Pick<Deps, "batches">): Promise<readonly BatchShown[]> {
  const [open, over] = await Promise.all([batches.open(), batches.over(PAGE)]);
  return [...open, ...over].map(shownBatch);
}

export type BatchShown = Omit<Batch, "at" | "next"> & { readonly at: string };

export function shownBatch({ next: _next, at, ...batch }: Batch): BatchShown {
  return { ...batch, at: new Date(at).toISOString() };
}
