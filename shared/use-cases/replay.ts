import { isRetryable } from "../errors.ts";
import type { BusMessage } from "../ports/bus.ts";
import { hash } from "../stores/hash.ts";
import type { ParkedItem } from "../stores/outboxes.ts";
import { mailReport } from "../wire/mail-report.ts";
import type { Deps } from "./deps.ts";
import { messageAgain } from "./message-again.ts";
import { receiveReport } from "./receive-report.ts";

type Needs = Pick<Deps, "bus" | "clock" | "deliveries" | "parked" | "settings">;

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

/** Gives parked messages whose fault was of the moment to the bus again: a new message, the same event. */
export async function replayTransient(deps: Needs): Promise<number> {
  let replayed = 0;
  const page = await deps.parked.page("transient", BATCH);
  for (const { value } of page.rows) if ((await replayParked(value, deps)) === "replayed") replayed += 1;
  return replayed;
}

/** Replays one parked item. What never was a message of the topic stays where it is. */
async function replayParked(item: ParkedItem, deps: Needs): Promise<"replayed" | "no-message"> {
  const body = bodyOf(item);
  if (item.source === "webhook" || body === undefined) return "no-message";
  if (item.source === "mail-reports") {
    const report = mailReport.safeParse(body);
    if (!report.success) return "no-message";
    // Its queue is not ours to write to: worked on here.
    await receiveReport(report.data, deps);
  } else {
    const id = hash("replay", item.id, String(deps.clock.now()));
    await deps.bus.publish([messageAgain(item.source, id, body)]);
  }
  await deps.parked.remove(item);
  return "replayed";
}

/** Undefined for what is no JSON, such as a body that was cut. */
function bodyOf(item: ParkedItem): unknown {
  try {
    return JSON.parse(item.body);
  } catch {
    return undefined;
  }
}

/** As an operator asks for it. */
export async function replayParkedById(
  kind: ParkedItem["kind"],
  id: string,
  deps: Needs,
): Promise<"replayed" | "no-message" | "missing"> {
  let continuation: string | undefined;
  do {
    const page = await deps.parked.page(kind, BATCH, continuation);
    const found = page.rows.find((row) => row.value.id === id);
    if (found !== undefined) return replayParked(found.value, deps);
    continuation = page.continuation;
  } while (continuation !== undefined);
  return "missing";
}
