import { Heap } from "./heap.ts";

/** Time as the platform and all its parts see it: milliseconds since 1970, UTC. */
export interface Clock {
  now(): number;
  /** Calls `run` once, at or after the virtual instant `due`, earlier dues first. Answers how to cancel it. */
  at(due: number, run: () => void): () => void;
}

/** Counts what is under way, so that an advance can wait until all is quiet. */
export interface Busy {
  /** Marks something open; call the answer once it is done (more often is harmless). */
  open(what: string): () => void;
}

/** Told the new offset; what is due is handed out only when every listener has answered. */
export type OffsetListener = (offsetMs: number) => Promise<void>;

interface Timer {
  readonly due: number;
  readonly order: number;
  run: (() => void) | undefined;
}

const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;
/** How long all must have stayed quiet before it counts: two processes hand over through sockets in between. */
const QUIET_MS = 25;

/** Virtual now = system time + offset. It runs on by itself; `advance` jumps from due instant to due instant. */
export class VirtualClock implements Clock, Busy {
  #offset: number;
  readonly #system: () => number;
  readonly #timers = new Heap<Timer>((a, b) => a.due - b.due || a.order - b.order);
  readonly #open = new Map<string, number>();
  readonly #listeners = new Set<OffsetListener>();
  readonly #afterDue = new Set<() => void>();
  #order = 0;
  #lastBusy = 0;
  #announcing = false;
  #alarm: NodeJS.Timeout | undefined;
  #advancing: Promise<void> = Promise.resolve();

  constructor(offsetMs = 0, system: () => number = Date.now) {
    this.#offset = offsetMs;
    this.#system = system;
  }

  get offset(): number {
    return this.#offset;
  }

  now(): number {
    return this.#system() + this.#offset;
  }

  at(due: number, run: () => void): () => void {
    const timer: Timer = { due, order: this.#order++, run };
    this.#timers.push(timer);
    if (this.#timers.peek() === timer) this.#arm();
    return () => {
      timer.run = undefined;
    };
  }

  open(what: string): () => void {
    this.#open.set(what, (this.#open.get(what) ?? 0) + 1);
    let done = false;
    return () => {
      if (done) return;
      done = true;
      const left = (this.#open.get(what) ?? 1) - 1;
      if (left > 0) this.#open.set(what, left);
      else this.#open.delete(what);
      if (this.#open.size === 0) this.#lastBusy = performance.now();
    };
  }

  /** What is under way now, by name: for messages when an advance does not come to rest. */
  underWay(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#open);
  }

  /** Tells processes of the offset: now, and at each change. Answers how to stop. */
  async onOffset(listener: OffsetListener): Promise<() => void> {
    this.#listeners.add(listener);
    await listener(this.#offset);
    return () => this.#listeners.delete(listener);
  }

  /** Runs once after each due instant of something else within an advance, and once at its end: cron timers. */
  onAdvanced(run: () => void): () => void {
    this.#afterDue.add(run);
    return () => this.#afterDue.delete(run);
  }

  /** Answers when nothing has been under way for a moment. */
  async quiet(): Promise<void> {
    for (;;) {
      const still = performance.now() - this.#lastBusy;
      if (this.#open.size === 0 && still >= QUIET_MS) return;
      await new Promise((wake) => setTimeout(wake, this.#open.size > 0 ? 5 : QUIET_MS - still + 1));
    }
  }

  /** Moves time on by `ms`, due instant by due instant, and answers when all is quiet. Advances queue up. */
  advance(ms: number): Promise<void> {
    const done = this.#advancing.then(() => this.#advanceNow(ms));
    this.#advancing = done.catch(() => undefined);
    return done;
  }

  /** Stops the alarm, so that the process can end. */
  close(): void {
    clearTimeout(this.#alarm);
  }

  async #advanceNow(ms: number): Promise<void> {
    await this.quiet();
    const target = this.now() + ms;
    for (;;) {
      const next = this.#next();
      if (next === undefined || next > target) break;
      if (next > this.now()) await this.#moveTo(next);
      this.#fire();
      for (const run of this.#afterDue) run();
      await this.quiet();
    }
    if (target > this.now()) await this.#moveTo(target);
    for (const run of this.#afterDue) run();
    await this.quiet();
  }

  async #moveTo(instant: number): Promise<void> {
    this.#announcing = true;
    try {
      this.#offset += instant - this.now();
      await Promise.all([...this.#listeners].map((tell) => tell(this.#offset)));
    } finally {
      this.#announcing = false;
      this.#arm();
    }
  }

  #next(): number | undefined {
    while (this.#timers.peek()?.run === undefined && this.#timers.pop() !== undefined);
    return this.#timers.peek()?.due;
  }

  #fire(): void {
    for (let due = this.#next(); due !== undefined && due <= this.now(); due = this.#next())
      this.#timers.pop()?.run?.();
    this.#arm();
  }

  #arm(): void {
    clearTimeout(this.#alarm);
    const due = this.#next();
    if (due === undefined || this.#announcing) return;
    this.#alarm = setTimeout(() => this.#fire(), Math.min(Math.max(due - this.now(), 0), LONGEST_TIMEOUT_MS));
  }
}
