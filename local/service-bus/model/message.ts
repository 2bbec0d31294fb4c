import type { Content } from "../message/content.ts";
import { delivered } from "../message/delivered.ts";

/** A message in a queue, subscription or dead letter queue. Times are virtual but for those of its lock. */
export interface StoredMessage {
  readonly seq: number;
  /** The number it had where it was first accepted: its topic, or while it was scheduled. */
  readonly enqueuedSeq: number;
  readonly enqueuedAt: number;
  readonly expiresAt: number | undefined;
  /** The entity whose dead letter it is, if it was forwarded from there. */
  readonly source: string | undefined;
  content: Content;
  /** How often it was handed out in vain. */
  deliveryCount: number;
  state: "ready" | "locked" | "deferred" | "scheduled" | "gone";
  lock: Lock | undefined;
}

/** One receiver's hold on a message, for a span of real time. */
export interface Lock {
  /** A uuid's bytes in network order. */
  readonly token: Buffer;
  /** What it goes back to when it is given up. */
  readonly from: "ready" | "deferred";
  until: number;
  /** Called when the lock ends in any way. */
  onEnd: (() => void) | undefined;
}

/** The bytes of a message as a receiver gets them. */
export function encodeStored(message: StoredMessage): Buffer {
  const { seq, enqueuedSeq, enqueuedAt, expiresAt, deliveryCount, state, source, lock, content } = message;
  return delivered(content, {
    sequence: seq,
    enqueuedSequence: enqueuedSeq,
    enqueuedAt,
    deliveryCount,
    lockedUntil: lock?.until,
    deadLetterSource: source,
    state:
      state === "scheduled" ? "scheduled" : state === "deferred" || lock?.from === "deferred" ? "deferred" : "active",
    ttl: expiresAt === undefined ? content.ttl : expiresAt - enqueuedAt,
  });
}
