import { codeOf, isRetryable } from "../errors.ts";
import { hash } from "../stores/hash.ts";
import type { ParkedItem } from "../stores/outboxes.ts";
import type { Deps } from "./deps.ts";
import { messageAgain } from "./message-again.ts";

/** The subscription dead-letters at its limit of 20: one before, the message is parked for good. */
const LAST_DELIVERY = 19;
const LONGEST_WAIT_MS = 60_000;
const HOUR_MS = 3_600_000;

export interface Consumed {
  readonly source: Exclude<ParkedItem["source"], "webhook">;
  readonly messageId: string;
  readonly body: unknown;
  /** 1 at the first delivery. */
  readonly deliveryCount: number;
  /** The trace that the message carries. */
  readonly trace?: string;
}

/**
 * Works on one message of the bus so that nothing is lost and nothing turns in circles (rule 8): a fault of the moment
 * is waited out and thrown, so that the bus delivers again; a lasting one is parked with its reason.
 */
export async function consume(
  message: Consumed,
  work: () => Promise<unknown>,
  deps: Pick<Deps, "bus" | "clock" | "measure" | "parked">,
): Promise<"done" | "parked" | "postponed"> {
  const { source, trace } = message;
  try {
    await deps.measure.span("message handled", { kind: "consumer", parent: trace, labels: { source } }, work);
    return "done";
  } catch (fault) {
    const transient = isRetryable(fault);
    if (transient && message.deliveryCount < LAST_DELIVERY) {
      deps.measure.count("parcours.retried", { source, code: codeOf(fault) });
      await deps.clock.sleep(Math.min(LONGEST_WAIT_MS, 1000 * 2 ** message.deliveryCount));
      throw fault;
    }
    return giveUp(message, fault, transient, deps);
  }
}

async function giveUp(
  message: Consumed,
  fault: unknown,
  transient: boolean,
  deps: Pick<Deps, "bus" | "clock" | "parked">,
): Promise<"parked" | "postponed"> {
  const at = deps.clock.now();
  const reason = fault instanceof Error ? fault.message : String(fault);
  const body = JSON.stringify(message.body);
  const id = hash(message.source, body);
  try {
    await deps.parked.put({
      id,
      at,
      source: message.source,
      kind: transient ? "transient" : "permanent",
      reason,
      body,
      journey: null,
    });
    return "parked";
  } catch {
    // The store is down too: the same event, in a new message, in an hour.
    const again = messageAgain(message.source, hash(message.messageId, String(at)), message.body);
    await deps.bus.publish([{ ...again, deliverAt: at + HOUR_MS }]);
    return "postponed";
  }
}
