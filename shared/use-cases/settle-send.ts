import type { HoldReason, Outcome, RunState } from "../domain/run.ts";
import { assertNever } from "../errors.ts";
import type { Delivery, StoredDelivery } from "../stores/deliveries.ts";
import type { Deps } from "./deps.ts";

export interface Wait {
  readonly kind: "wait";
  readonly until: number;
  readonly reason: HoldReason;
}

/** What the ledger says of a send: decided, undecided, or free to be made. */
export type Settled =
  | { readonly kind: "outcome"; readonly outcome: Outcome }
  | Wait
  | { readonly kind: "free"; readonly etag: string | undefined };

const MINUTE_MS = 60_000;
const LONGEST_PAUSE_MS = 30 * MINUTE_MS;
/** Without an answer for so long, the send counts as unknown: shown to operators, and the run goes on. */
const UNKNOWN_AFTER_MS = 24 * 60 * MINUTE_MS;

/** Finds out what became of a send that was begun (rule 6), and writes down what it finds. */
export async function settleReserved(
  operation: string,
  now: number,
  deps: Pick<Deps, "deliveries" | "mailer">,
): Promise<Settled> {
  const stored = await deps.deliveries.read(operation);
  if (stored === undefined) return { kind: "free", etag: undefined };
  const { value, etag } = stored;
  switch (value.state) {
    case "freed":
      return { kind: "free", etag };
    case "sent":
      return { kind: "outcome", outcome: sentOutcome(value) };
    case "failed":
      return { kind: "outcome", outcome: { kind: "failed", reason: value.reason ?? "refused" } };
    case "unknown":
      return { kind: "outcome", outcome: { kind: "unknown" } };
    case "reserved":
      if (value.leaseUntil > now) return { kind: "wait", until: value.leaseUntil, reason: "lease" };
      return ask(operation, stored, now, deps);
    default:
      return assertNever(value.state);
  }
}

/**
 * Before a run leaves a step whose mail it did not send: the same activity, handed out twice, may be about to send it.
 * False where that one was faster, so that the send is settled first: no run ends while a row of it is reserved.
 */
export async function shutSend(
  operation: string,
  state: RunState,
  freed: string | undefined,
  deps: Pick<Deps, "deliveries">,
): Promise<boolean> {
  if (state.at === null) return true;
  const { member, run, journey, entry } = state;
  const { step, visit } = state.at;
  const place = { member, run, journey, step, visit, record: entry.record };
  return (await deps.deliveries.shut(operation, place, freed)) === "shut";
}

/** A mail that was sent, and whether to somebody whom the run's person became. */
export function sentOutcome({ survivor }: Delivery): Outcome {
  return { kind: "sent", ...(survivor === true && { survivor }) };
}

async function ask(
  operation: string,
  { value, etag }: StoredDelivery,
  now: number,
  deps: Pick<Deps, "deliveries" | "mailer">,
): Promise<Settled> {
  const settle = async (change: Partial<Delivery>): Promise<Settled> => {
    await deps.deliveries.settle(operation, { ...value, ...change }, etag);
    // Whoever was faster wrote what counts.
    return settleReserved(operation, now, deps);
  };
  switch (await deps.mailer.ask(operation)) {
    case "found":
      return settle({ state: "sent" });
    case "not-found":
      return settle({ state: "freed" });
    case "no-answer": {
      const since = value.unansweredSince ?? now;
      if (now - since >= UNKNOWN_AFTER_MS) return settle({ state: "unknown" });
      const pause = Math.min(Math.max(now - since, MINUTE_MS), LONGEST_PAUSE_MS);
      return settle({ unansweredSince: since, leaseUntil: now + pause });
    }
  }
}
