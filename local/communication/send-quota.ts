/** How many sends the service takes in a sliding minute and hour. */
export interface Limits {
  readonly perMinute?: number | undefined;
  readonly perHour?: number | undefined;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Counts the sends that were taken, in virtual time. Refused ones do not count. */
export class SendQuota {
  #taken: number[] = [];

  /** Takes a send, or answers after how many seconds there is room again. */
  take(now: number, limits: Limits): number | undefined {
    this.#taken = this.#taken.filter((at) => at > now - HOUR_MS);
    const room = Math.max(this.#roomAt(now, MINUTE_MS, limits.perMinute), this.#roomAt(now, HOUR_MS, limits.perHour));
    if (room > now) return Math.ceil((room - now) / 1000);
    if (limits.perMinute !== undefined || limits.perHour !== undefined) this.#taken.push(now);
    return undefined;
  }

  /** The instant from which the window has room for one more. */
  #roomAt(now: number, window: number, limit: number | undefined): number {
    if (limit === undefined) return now;
    const within = this.#taken.filter((at) => at > now - window);
    return within.length < limit ? now : (within[within.length - limit] ?? now) + window;
  }
}
