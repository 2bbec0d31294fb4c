import { eventTime, type TriggerEvent } from "../domain/event.ts";
import type { Clock } from "../ports/clock.ts";
import type { Brakes } from "../stores/brakes.ts";
import { hash } from "../stores/hash.ts";

/** How far above its usual rate a trigger may fire. */
export interface BrakeSettings {
  /** Times the busiest hour of the last days; 0 switches the brake off. */
  readonly factor: number;
  /** Never below so many in an hour: a trigger that fired twice a day may fire twenty times. */
  readonly floor: number;
}

/** What a process knows of one trigger; written down now and then, not at each event. */
interface Known {
  hour: number;
  events: number;
  /** Events since it was written down. */
  fresh: number;
  writtenAt: number;
  usual: number;
  closed: boolean;
  braked: boolean;
  held: number;
  readonly by: Map<string, number>;
}

const HOUR_MS = 3_600_000;
const WRITTEN_EVERY_MS = 15_000;
const WRITTEN_EVERY = 50;
/** Users that are told apart. */
const MOST_USERS = 100;

/**
 * Counts each trigger's events in memory, and writes the count every few seconds or events: of all processes' counts it
 * sees when one fires far more often than usual, and closes. What was counted last is lost where a process ends: the
 * rates are a little low then, and no event is.
 */
export class SurgeBrake {
  readonly #brakes: Brakes;
  readonly #clock: Clock;
  readonly #settings: BrakeSettings;
  readonly #process: string;
  readonly #known = new Map<string, Known>();

  constructor(brakes: Brakes, clock: Clock, settings: BrakeSettings) {
    this.#brakes = brakes;
    this.#clock = clock;
    this.#settings = settings;
    this.#process = hash(String(clock.now()), String(clock.random()));
  }

  /** Whether an event's entries may go on; else they wait, and the row of the event is written. */
  async admits(event: TriggerEvent): Promise<boolean> {
    if (this.#settings.factor === 0) return true;
    const known = await this.#current(event.trigger);
    known.events += 1;
    known.fresh += 1;
    const now = this.#clock.now();
    if (known.fresh >= WRITTEN_EVERY || now - known.writtenAt >= WRITTEN_EVERY_MS)
      await this.#write(event.trigger, known);
    if (!known.closed) return true;
    if (await this.#brakes.hold(event, eventTime(event), now)) {
      known.held += 1;
      const by = event.by !== null && (known.by.has(event.by) || known.by.size < MOST_USERS) ? event.by : "";
      known.by.set(by, (known.by.get(by) ?? 0) + 1);
    }
    return false;
  }

  async #current(trigger: string): Promise<Known> {
    const hour = Math.floor(this.#clock.now() / HOUR_MS);
    const known = this.#known.get(trigger);
    if (known === undefined) {
      const empty = { events: 0, fresh: 0, usual: -1, closed: false, braked: false, held: 0 };
      // The first event of a process asks whether the brake is closed.
      const made: Known = { ...empty, hour, writtenAt: 0, by: new Map() };
      this.#known.set(trigger, made);
      return made;
    }
    if (known.hour !== hour) {
      const { events, braked } = known;
      const at = known.hour * HOUR_MS;
      Object.assign(known, { hour, events: 0, usual: -1, braked: false });
      await this.#brakes.count(trigger, at, this.#process, { events, braked });
    }
    return known;
  }

  async #write(trigger: string, known: Known): Promise<void> {
    const now = this.#clock.now();
    // Ahead of the waiting: others that come meanwhile count on and don't write too.
    known.fresh = 0;
    known.writtenAt = now;
    if (known.held > 0)
      await this.#brakes.countHeld(trigger, this.#process, { held: known.held, by: Object.fromEntries(known.by) });
    await this.#brakes.count(trigger, now, this.#process, { events: known.events, braked: known.braked });
    if (known.usual < 0) known.usual = await this.#brakes.busiest(trigger, now);
    const limit = Math.max(this.#settings.floor, this.#settings.factor * known.usual);
    const seen = await this.#brakes.inHour(trigger, now);
    const surging = seen > limit;
    const there = await this.#brakes.brake(trigger);
    const calm = !surging && (there === undefined || there.value.calm || (await this.#wasCalm(trigger, limit)));
    if (surging && there === undefined) {
      const brake = { trigger, since: now, usual: known.usual, seen, limit, calm, decided: null };
      await this.#brakes.set(brake, undefined);
    } else if (there !== undefined && there.value.calm !== calm)
      await this.#brakes.set({ ...there.value, calm }, there.etag);
    known.closed = !calm;
    if (there === undefined && !surging) this.#forget(known);
    known.braked ||= surging;
  }

  /** The hour before was as usual too: a surge goes on over the full hour. */
  async #wasCalm(trigger: string, limit: number): Promise<boolean> {
    return (await this.#brakes.inHour(trigger, this.#clock.now() - HOUR_MS)) <= limit;
  }

  /** Nothing waits any more. */
  #forget(known: Known): void {
    known.held = 0;
    known.by.clear();
  }
}
