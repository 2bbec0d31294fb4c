import type { Clock } from "../ports/clock.ts";

const MINUTE_MS = 60_000;

interface Bucket {
  tokens: number;
  at: number;
}

/**
 * Rate limits in this instance's memory: enough to keep one sender from taking all there is, and no write for each
 * event. With n instances the limit is n times as wide.
 */
export class TokenBuckets {
  readonly #clock: Pick<Clock, "now">;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  /**
   * Takes `cost` tokens of a bucket that fills by `perMinute` and holds as many. Answers 0, or the milliseconds until
   * there will be enough. What costs more than a full bucket holds is given for a full one: else it could never pass.
   */
  take(name: string, cost: number, perMinute: number): number {
    const now = this.#clock.now();
    const before = this.#buckets.get(name) ?? { tokens: perMinute, at: now };
    const filled = before.tokens + (Math.max(0, now - before.at) / MINUTE_MS) * perMinute;
    const bucket = { tokens: Math.min(perMinute, filled), at: now };
    this.#buckets.set(name, bucket);
    const lacks = Math.min(cost, perMinute) - bucket.tokens;
    if (lacks > 0) return Math.ceil((lacks / perMinute) * MINUTE_MS);
    bucket.tokens -= Math.min(cost, perMinute);
    return 0;
  }
}
