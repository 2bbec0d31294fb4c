import { isRetryable } from "../errors.ts";
import type { BusMessage } from "../ports/bus.ts";
import { hash } from "../stores/hash.ts";
import type { Deps } from "./deps.ts";
import { type ReplayDeps, replayParked } from "./replay-parked.ts";

const BATCH = 100;

/** Publishes what was spilled while the bus was down, oldest first; stops where it is still down. */
export async function publishSpilled(deps: Pick<Deps, "bus" | "clock" | "parked" | "spill">): Promise<number> {
  let published = 0;
  for (;;) {
    const waiting = await deps.spill.oldest(BATCH);
    if (waiting.length === 0) return published;
    published += await publishAll(
      waiting.map((stored) => stored.value),
      deps,
    );
    for (const { row } of waiting) await deps.spill.remove(row);
  }
}

/** One that the bus will never take is parked with the reason: it must not keep those behind it. */
async function publishAll(
  messages: readonly BusMessage[],
  deps: Pick<Deps, "bus" | "clock" | "parked">,
): Promise<number> {
  try {
    await deps.bus.publish(messages);
    return messages.length;
  } catch (fault) {
    if (isRetryable(fault)) throw fault;
    const [message] = messages;
    if (message !== undefined && messages.length === 1) {
      await park(message, fault, deps);
      return 0;
    }
    let published = 0;
    for (const one of messages) published += await publishAll([one], deps);
    return published;
  }
}

async function park(message: BusMessage, fault: unknown, deps: Pick<Deps, "clock" | "parked">): Promise<void> {
  const source = message.subject === "event" ? "trigger-events" : "decisions";
  const reason = fault instanceof Error ? fault.message : String(fault);
  const body = JSON.stringify(message.body);
  await deps.parked.put({
    ...{ id: hash(message.id), at: deps.clock.now(), source, kind: "permanent" },
    ...{ reason, body, journey: null },
  });
}

/** Most that one run replays; the next run goes on. */
const MOST_TRANSIENT = 5_000;

/**
 * Gives parked messages whose fault was of the moment to the bus again, the newest first: a new message, the same
 * event. One that is parked once more meanwhile waits for the next run.
 */
export async function replayTransient(deps: ReplayDeps): Promise<number> {
  const before = deps.clock.now();
  let replayed = 0;
  let next: string | undefined;
  do {
    const page = await deps.parked.page("transient", BATCH, next, before);
    for (const { value } of page.rows) if ((await replayParked(value, deps)) === "replayed") replayed += 1;
    next = page.continuation;
  } while (next !== undefined && replayed < MOST_TRANSIENT);
  return replayed;
}
