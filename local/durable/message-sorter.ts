import { addMs, compareStamps, type Stamp, tickAfter } from "./stamp.ts";

/**
 * What the host keeps to hand an entity its messages in order and once: when somebody last sent something to whom, and
 * what was last received from whom. Here messages come in order anyway; it is kept because an entity's status shows it.
 */
export interface Sorter {
  readonly LastSentToInstance?: Readonly<Record<string, Stamp>>;
  readonly ReceivedFromInstance?: Readonly<Record<string, Received>>;
  /** Before this, nothing is remembered. Either horizon is moved on only now and then. */
  readonly ReceiveHorizon?: Stamp;
  readonly SendHorizon?: Stamp;
}

interface Received {
  readonly Last: Stamp;
  readonly ExecutionId?: string;
}

/** Before any message: .NET's smallest date. */
export const NO_PREDECESSOR = "0001-01-01T00:00:00";

const WINDOW_MS = 30 * 60_000;
const BETWEEN_COLLECTIONS_MS = 10_000;

/** Labels a message that is sent now: with its time, later than the last one's, and with that of its predecessor. */
export function sent(
  sorter: Sorter,
  to: string,
  now: Stamp,
): { sorter: Sorter; Timestamp: Stamp; Predecessor: string } {
  const horizon = moved(sorter.SendHorizon, now);
  const before = Object.entries(sorter.LastSentToInstance ?? {});
  const kept = horizon === sorter.SendHorizon ? before : before.filter(([, at]) => compareStamps(at, horizon) >= 0);
  const last = kept.find(([one]) => one === to)?.[1];
  const Timestamp = last !== undefined && compareStamps(now, last) <= 0 ? tickAfter(last) : now;
  const LastSentToInstance = { ...Object.fromEntries(kept), [to]: Timestamp };
  const next = ordered({ ...sorter, LastSentToInstance, SendHorizon: horizon });
  return { sorter: next, Timestamp, Predecessor: last ?? NO_PREDECESSOR };
}

/** Notes a message of an orchestration or entity; those of clients, and locks passed on, are not in any order. */
export function received(sorter: Sorter, message: Labelled): Sorter {
  const { parent, parentExecution, Timestamp, pos = 0 } = message;
  if (parent === undefined || Timestamp === undefined || pos > 0) return sorter;
  const horizon = moved(sorter.ReceiveHorizon, Timestamp);
  const before = Object.entries(sorter.ReceivedFromInstance ?? {});
  const kept =
    horizon === sorter.ReceiveHorizon ? before : before.filter(([, one]) => compareStamps(one.Last, horizon) >= 0);
  const one = { Last: Timestamp, ...(parentExecution !== undefined && { ExecutionId: parentExecution }) };
  const ReceivedFromInstance = { ...Object.fromEntries(kept), [parent]: one };
  return ordered({ ...sorter, ReceivedFromInstance, ReceiveHorizon: horizon });
}

interface Labelled {
  readonly parent?: string;
  readonly parentExecution?: string;
  readonly Timestamp?: Stamp;
  readonly pos?: number;
}

function moved(horizon: Stamp | undefined, now: Stamp): Stamp {
  if (horizon !== undefined && compareStamps(addMs(horizon, WINDOW_MS + BETWEEN_COLLECTIONS_MS), now) >= 0)
    return horizon;
  return addMs(now, -WINDOW_MS);
}

function ordered({ LastSentToInstance, ReceivedFromInstance, ReceiveHorizon, SendHorizon }: Sorter): Sorter {
  return {
    ...(LastSentToInstance && { LastSentToInstance }),
    ...(ReceivedFromInstance && { ReceivedFromInstance }),
    ...(ReceiveHorizon !== undefined && { ReceiveHorizon }),
    ...(SendHorizon !== undefined && { SendHorizon }),
  };
}
