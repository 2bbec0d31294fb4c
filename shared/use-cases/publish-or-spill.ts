import type { BusMessage } from "../ports/bus.ts";
import type { Deps } from "./deps.ts";

/** Publishes; while the bus is down the messages are kept in the store, and a timer publishes them (rule 8). */
export async function publishOrSpill(
  messages: readonly BusMessage[],
  now: number,
  deps: Pick<Deps, "bus" | "spill">,
): Promise<"published" | "spilled"> {
  try {
    await deps.bus.publish(messages);
    return "published";
  } catch {
    for (const message of messages) await deps.spill.put(message, now);
    return "spilled";
  }
}
