import type { Clock } from "../../shared/ports/clock.ts";

/** A clock that stands until a test moves it. Nobody waits in real time: a sleep is over at once, and kept. */
export class TestClock implements Clock {
  readonly slept: number[] = [];
  #now: number;
  #seed = 1;
  readonly #timers = new Set<{ readonly due: number; readonly run: () => void }>();

  constructor(now: number) {
    this.#now = now;
  }

  now = (): number => this.#now;

  sleep = async (ms: number): Promise<void> => {
    this.slept.push(ms);
  };

  /** The same numbers in each run of a test (a linear congruential generator). */
  random = (): number => {
    this.#seed = (Math.imul(this.#seed, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#seed / 2 ** 32;
  };

  /** Calls once it is `due`; the answer takes the call back. */
  at(due: number, run: () => void): () => void {
    const timer = { due, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  get nextDue(): number | undefined {
    return this.#timers.size === 0 ? undefined : Math.min(...[...this.#timers].map((timer) => timer.due));
  }

  /** Moves on, never back, and calls what is due by then. */
  moveTo(to: number): void {
    this.#now = Math.max(this.#now, to);
    for (const timer of [...this.#timers].filter((one) => one.due <= this.#now)) {
      this.#timers.delete(timer);
      timer.run();
    }
  }
}
