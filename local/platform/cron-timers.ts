import { readFileSync, writeFileSync } from "node:fs";
import type { VirtualClock } from "../clock/virtual-clock.ts";
import { InstanceGone } from "../durable/worker.ts";
import type { TimerFunction } from "../host/messages.ts";
import { parseSchedule, type Schedule } from "../host/schedule.ts";
import type { TimerInfo } from "../host/timer-info.ts";
import type { AppInstance } from "./app-instance.ts";

interface Timer {
  readonly name: string;
  readonly text: string;
  readonly schedule: Schedule;
  next: number;
  last: number | undefined;
  running: boolean;
}

type Stored = Record<string, { schedule: string; last?: number | undefined; next: number }>;

export interface CronTimersOptions {
  readonly clock: VirtualClock;
  /** Where the schedule's status is kept, as the timer extension keeps it in storage; undefined is memory. */
  readonly file: string | undefined;
  /** An instance that serves this function, waiting for one if need be; undefined where none comes. */
  readonly instance: (name: string) => Promise<AppInstance | undefined>;
  readonly log: (line: string) => void;
}

const LATE_MS = 1000;
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;
const NEVER = "0001-01-01T00:00:00+00:00";

/**
 * Sets timer functions off, each in one instance at a time. Their ticks are not due instants of the clock: an advance
 * over a month must not stop at each minute. So they have an alarm of their own, and within an advance run once after
 * each instant at which something else was due, and once at its end.
 */
export class CronTimers {
  readonly #options: CronTimersOptions;
  readonly #timers = new Map<string, Timer>();
  readonly #stored: Stored;
  readonly #stopListening: () => void;
  #alarm: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: CronTimersOptions) {
    this.#options = options;
    this.#stored = read(options.file);
    this.#stopListening = options.clock.onAdvanced(() => this.#runDue());
  }

  /** Takes over the timer functions of an instance that has come up. */
  add(functions: readonly TimerFunction[], alone: boolean): void {
    const now = this.#options.clock.now();
    for (const { name, schedule: text, runOnStartup } of functions) {
      if (this.#timers.get(name)?.text !== text) this.#timers.set(name, this.#timer(name, text, now));
      const timer = this.#timers.get(name);
      if (timer !== undefined && runOnStartup && alone) this.#start(timer, false);
    }
    this.#runDue();
  }

  close(): void {
    this.#closed = true;
    this.#stopListening();
    clearTimeout(this.#alarm);
  }

  #timer(name: string, text: string, now: number): Timer {
    const schedule = parseSchedule(text);
    const stored = this.#stored[name];
    const known = stored?.schedule === text ? stored : undefined;
    return { name, text, schedule, next: known?.next ?? schedule.next(now), last: known?.last, running: false };
  }

  #runDue(): void {
    if (this.#closed) return;
    const now = this.#options.clock.now();
    for (const timer of this.#timers.values()) {
      if (timer.next > now) continue;
      const late = now - timer.next > LATE_MS;
      timer.next = timer.schedule.next(now);
      this.#start(timer, late);
    }
    this.#arm();
  }

  /** A run that is still under way is not doubled: the tick passes, as with the extension. */
  #start(timer: Timer, late: boolean): void {
    if (timer.running) return;
    timer.running = true;
    const done = this.#options.clock.open(`timer ${timer.name}`);
    this.#run(timer, late).finally(() => {
      timer.running = false;
      done();
    });
  }

  async #run(timer: Timer, late: boolean): Promise<void> {
    const { clock, instance, log } = this.#options;
    const info = { ...this.#info(timer), IsPastDue: late };
    for (let again = false; !this.#closed; again = true) {
      const worker = await instance(timer.name);
      if (worker === undefined) {
        // Of a build that is gone, or of an app that does not come up: the next instance brings its timers itself.
        this.#timers.delete(timer.name);
        return log(`timer ${timer.name} was due, but no instance that serves it is up`);
      }
      try {
        const outcome = await worker.runTimer(timer.name, again ? { ...info, IsPastDue: true } : info);
        if (outcome.kind === "threw") log(`timer ${timer.name} failed: ${outcome.stack ?? outcome.message}`);
        break;
      } catch (error) {
        if (!(error instanceof InstanceGone)) throw error;
      }
    }
    timer.last = clock.now();
    this.#store(timer);
  }

  #info({ last, next }: Timer): Omit<TimerInfo, "IsPastDue"> {
    const text = last === undefined ? NEVER : instant(last);
    return {
      Schedule: { AdjustForDST: true },
      ScheduleStatus: { Last: text, Next: instant(next), LastUpdated: text },
    };
  }

  #store({ name, text, last, next }: Timer): void {
    this.#stored[name] = { schedule: text, last, next };
    if (this.#options.file !== undefined) writeFileSync(this.#options.file, JSON.stringify(this.#stored));
  }

  #arm(): void {
    clearTimeout(this.#alarm);
    const next = Math.min(...[...this.#timers.values()].map((timer) => timer.next));
    if (!Number.isFinite(next)) return;
    const wait = Math.min(Math.max(next - this.#options.clock.now(), 0), LONGEST_TIMEOUT_MS);
    this.#alarm = setTimeout(() => this.#runDue(), wait);
  }
}

function instant(ms: number): string {
  return Number.isFinite(ms) ? new Date(ms).toISOString().replace("Z", "+00:00") : NEVER;
}

function read(file: string | undefined): Stored {
  if (file === undefined) return {};
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Stored;
  } catch {
    return {};
  }
}
