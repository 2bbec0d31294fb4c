import type { BusMessage } from "../ports/bus.ts";
import type { Clock } from "../ports/clock.ts";

const MINUTE_MS = 60_000;
/** What comes within so long after each other goes at once, up to what the lane carries in that time. */
const AT_ONCE_MS = 3_000;

/**
 * One lane for each trigger's events: those of a bulk update that are more than a lane carries are delivered later, one
 * after the other, so that other triggers' events stand behind none of them. In this instance's memory: with n
 * instances a lane is n times as wide.
 */
export class Lanes {
  readonly #clock: Pick<Clock, "now">;
  readonly #every: number;
  /** When the next event of a trigger may be delivered. */
  readonly #free = new Map<string, number>();

  /** @param perMinute events of one trigger; 0: no limit */
  constructor(clock: Pick<Clock, "now">, perMinute: number) {
    this.#clock = clock;
    this.#every = perMinute === 0 ? 0 : MINUTE_MS / perMinute;
  }

  /** The messages, those of full lanes with a time of delivery. Reports and what has a time of its own stay as they are. */
  paced(messages: readonly BusMessage[]): readonly BusMessage[] {
    if (this.#every === 0) return messages;
    const now = this.#clock.now();
    return messages.map((message) => {
      const { trigger } = message.properties;
      if (message.subject !== "event" || typeof trigger !== "string" || message.deliverAt !== undefined) return message;
      const turn = Math.max(this.#free.get(trigger) ?? 0, now - AT_ONCE_MS);
      this.#free.set(trigger, turn + this.#every);
      return turn <= now ? message : { ...message, deliverAt: Math.ceil(turn) };
    });
  }
}
