import { hash } from "../stores/hash.ts";
import type { ParkedItem } from "../stores/outboxes.ts";
import type { Deps } from "./deps.ts";

const BATCH = 100;

/** Publishes what was spilled while the bus was down, oldest first; stops where it is still down. */
export async function publishSpilled(deps: Pick<Deps, "bus" | "spill">): Promise<number> {
  let published = 0;
  for (;;) {
    const waiting = await deps.spill.oldest(BATCH);
    if (waiting.length === 0) return published;
    await deps.bus.publish(waiting.map((stored) => stored.value));
    for (const { row } of waiting) await deps.spill.remove(row);
    published += waiting.length;
  }
}

/** Gives parked messages whose fault was of the moment to the bus again: a new message, the same event. */
export async function replayTransient(deps: Pick<Deps, "bus" | "clock" | "parked">): Promise<number> {
  const page = await deps.parked.page("transient", BATCH);
  for (const { value } of page.rows) await replayParked(value, deps);
  return page.rows.length;
}

/** Replays one parked item. What never was a message of the topic stays where it is. */
async function replayParked(
  item: ParkedItem,
  deps: Pick<Deps, "bus" | "clock" | "parked">,
): Promise<"replayed" | "no-message"> {
  if (item.source === "webhook" || item.source === "mail-reports") return "no-message";
  const body: unknown = JSON.parse(item.body);
  const id = hash("replay", item.id, String(deps.clock.now()));
  const subject = item.source === "decisions" ? "change" : "event";
  await deps.bus.publish([{ id, subject, body, properties: {} }]);
  await deps.parked.remove(item);
  return "replayed";
}

/** As an operator asks for it. */
export async function replayParkedById(
  kind: ParkedItem["kind"],
  id: string,
  deps: Pick<Deps, "bus" | "clock" | "parked">,
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
