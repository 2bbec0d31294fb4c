import type { VirtualClock } from "../clock/virtual-clock.ts";
import { InstanceGone, type Outcome } from "../durable/worker.ts";
import type { TimerFunction } from "../host/messages.ts";
import { type RetryContext, retryDelays } from "../host/retry-policy.ts";
import type { TimerInfo } from "../host/timer-info.ts";
import type { AppInstance } from "./app-instance.ts";

export interface TimerRunOptions {
  readonly clock: VirtualClock;
  /** An instance that serves this function, waiting for one if need be; undefined where none comes. */
  readonly instance: (name: string) => Promise<AppInstance | undefined>;
  readonly log: (line: string) => void;
  readonly closed: () => boolean;
}

/**
 * Runs a timer function once, and again as long as it fails and its retry policy says so. Answers false where no
 * instance came to run it. The delays are virtual time; while one lasts, nothing is under way.
 */
export async function runTimer(fn: TimerFunction, first: TimerInfo, options: TimerRunOptions): Promise<boolean> {
  const { clock, log, closed } = options;
  const busy = () => clock.open(`timer ${fn.name}`);
  let done = busy();
  let info = first;
  let attempts = new Attempts(fn);
  try {
    while (!closed()) {
      const worker = await options.instance(fn.name);
      if (worker === undefined) return false;
      const outcome = await runIn(worker, fn.name, info, attempts.context);
      if (outcome === "lost") {
        // How often it was tried lived in the memory of the machine that is gone, on the real host too.
        info = { ...info, IsPastDue: true };
        attempts = new Attempts(fn);
        continue;
      }
      if (outcome.kind === "threw" && outcome.stack === undefined) log(`timer ${fn.name} failed: ${outcome.message}`);
      const delay = outcome.kind === "threw" ? attempts.after(outcome) : undefined;
      if (delay === undefined) break;
      const { retryCount, maxRetryCount } = attempts.context ?? {};
      log(`timer ${fn.name} failed: retry ${retryCount} of ${maxRetryCount} in ${Math.round(delay / 100) / 10} s`);
      done();
      await new Promise<void>((wake) => {
        clock.at(clock.now() + delay, () => {
          // At once: an advance that found nothing under way here would go on past the next retry.
          done = busy();
          wake();
        });
      });
    }
    return true;
  } finally {
    done();
  }
}

/** Counts the attempts of one run. */
class Attempts {
  context: RetryContext | undefined;
  readonly #delays: Generator<number, void>;

  constructor({ retry }: TimerFunction) {
    this.context = retry && { retryCount: 0, maxRetryCount: retry.maxRetryCount };
    this.#delays = retryDelays(retry ?? { strategy: "fixedDelay", maxRetryCount: 0, delayMs: 0 });
  }

  /** How long to wait before the next attempt; undefined where this was the last. */
  after({ message, stack }: { readonly message: string; readonly stack?: string }): number | undefined {
    const { value } = this.#delays.next();
    if (value === undefined || this.context === undefined) return undefined;
    const exception = { message, source: "", stackTrace: stack ?? "" };
    this.context = { ...this.context, retryCount: this.context.retryCount + 1, exception };
    return value;
  }
}

async function runIn(
  worker: AppInstance,
  name: string,
  info: TimerInfo,
  retry: RetryContext | undefined,
): Promise<Outcome | "lost"> {
  try {
    return await worker.runTimer(name, info, retry);
  } catch (error) {
    if (!(error instanceof InstanceGone)) throw error;
    // A machine that was lost leaves its run to another one; a process that its own code ended has failed.
    const end = await worker.whenGone;
    return end.lost
      ? "lost"
      : { kind: "threw", message: `The process ended: ${end.signal ?? `exit code ${end.code}`}.` };
  }
}
