import { readFileSync, writeFileSync } from "node:fs";
import type { TimerFunction } from "../host/messages.ts";
import { parseSchedule, type Schedule } from "../host/schedule.ts";
import type { TimerInfo } from "../host/timer-info.ts";
import { runTimer, type TimerRunOptions } from "./timer-run.ts";

interface Timer {
  fn: TimerFunction;
  readonly schedule: Schedule;
  /** Whether its status is kept and told. */
  readonly monitored: boolean;
  /** While it runs: the tick that set it off. */
  next: number;
  last: number | undefined;
  running: boolean;
}

type Stored = Record<string, { schedule: string; last?: number | undefined; next: number }>;

export interface CronTimersOptions extends Omit<TimerRunOptions, "closed"> {
  /** Where the schedule's status is kept, as the timer extension keeps it in storage; undefined is memory. */
  readonly file: string | undefined;
}

const LATE_MS = 1000;
const MINUTE_MS = 60_000;
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
    for (const fn of functions) {
      const known = this.#timers.get(fn.name);
      const timer = known?.fn.schedule === fn.schedule ? known : this.#timer(fn, now);
      timer.fn = fn;
      this.#timers.set(fn.name, timer);
      // One that is late already runs for that reason, and once.
      if (fn.runOnStartup && alone && timer.next > now) this.#start(timer, false);
    }
    this.#runDue();
  }

  close(): void {
    this.#closed = true;
    this.#stopListening();
    clearTimeout(this.#alarm);
  }

  #timer(fn: TimerFunction, now: number): Timer {
    const schedule = parseSchedule(fn.schedule);
    const next = schedule.next(now);
    const monitored = fn.useMonitor && !oftenerThanEachMinute(schedule, now);
    const stored = this.#stored[fn.name];
    const known = monitored && stored?.schedule === fn.schedule ? stored : undefined;
    const timer = { fn, schedule, monitored, next: known?.next ?? next, last: known?.last, running: false };
    // Even one that never ran is late when its first tick falls into a stop.
    if (monitored && known === undefined) this.#store(timer);
    return timer;
  }

  #runDue(): void {
    if (this.#closed) return;
    const now = this.#options.clock.now();
    for (const timer of this.#timers.values()) if (timer.next <= now) this.#start(timer, now - timer.next > LATE_MS);
    this.#arm();
  }

  /**
   * A run that is still under way is not doubled: a tick that falls into it comes when it has ended, and however many
   * they were, once, for the next is reckoned from the run's beginning; it does not count as late. So the extension.
   */
  #start(timer: Timer, late: boolean): void {
    if (timer.running || this.#closed) return;
    timer.running = true;
    const startedAt = this.#options.clock.now();
    const closed = () => this.#closed;
    void runTimer(timer.fn, info(timer, late), { ...this.#options, closed }).then((served) => {
      timer.running = false;
      const { name } = timer.fn;
      if (this.#closed || this.#timers.get(name) !== timer) return;
      if (!served) {
        // Of a build that is gone, or of an app that does not come up: the next instance brings its timers itself.
        this.#timers.delete(name);
        this.#options.log(`timer ${name} was due, but no instance that serves it is up`);
        return;
      }
      timer.last = startedAt;
      timer.next = timer.schedule.next(startedAt);
      if (timer.monitored) this.#store(timer);
      if (timer.next <= this.#options.clock.now()) this.#start(timer, false);
      this.#arm();
    });
  }

  #store({ fn: { name, schedule }, last, next }: Timer): void {
    this.#stored[name] = { schedule, last, next };
    if (this.#options.file !== undefined) writeFileSync(this.#options.file, JSON.stringify(this.#stored));
  }

  #arm(): void {
    clearTimeout(this.#alarm);
    const waiting = [...this.#timers.values()].filter((timer) => !timer.running);
    const next = Math.min(...waiting.map((timer) => timer.next));
    if (!Number.isFinite(next)) return;
    const wait = Math.min(Math.max(next - this.#options.clock.now(), 0), LONGEST_TIMEOUT_MS);
    this.#alarm = setTimeout(() => this.#runDue(), wait);
  }
}

/** Of these the extension keeps no status. */
function oftenerThanEachMinute({ interval = MINUTE_MS, next }: Schedule, now: number): boolean {
  return interval < MINUTE_MS || next(next(now)) - now <= MINUTE_MS;
}

function info({ monitored, last, next }: Timer, late: boolean): TimerInfo {
  const lastRun = last === undefined ? NEVER : instant(last);
  return {
    Schedule: { AdjustForDST: true },
    ScheduleStatus: monitored ? { Last: lastRun, Next: instant(next), LastUpdated: lastRun } : null,
    IsPastDue: late,
  };
}

/** As .NET writes it: no zeros at the end of a fraction. */
function instant(ms: number): string {
  return Number.isFinite(ms) ? new Date(ms).toISOString().replace(/\.?0*Z$/, "+00:00") : NEVER;
}

function read(file: string | undefined): Stored {
  if (file === undefined) return {};
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Stored;
  } catch {
    return {};
  }
}
