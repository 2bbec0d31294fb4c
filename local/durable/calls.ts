import type { HttpRequestAction, RetryOptions } from "./answer.ts";
import type { EngineContext } from "./engine-context.ts";
import { addMs, asStamp, compareStamps, msOf, type Stamp } from "./stamp.ts";
import { type Settled, Task } from "./task.ts";

/** The name under which the host itself makes the HTTP calls of `callHttp`. */
export const HTTP_ACTIVITY = "BuiltIn::HttpActivity";
/** What the trigger tells the library, in the notation of .NET: a timer over six days is cut into three-day ones. */
export const TIMER_SETTINGS = { longestMs: 6 * 86_400_000, segmentMs: 3 * 86_400_000 };
export const HTTP_POLL_MS = 30_000;
const LONGEST_RETRY_MS = 6 * 86_400_000;

export interface Response {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Tries, waits on a durable timer, tries again. After the last failure a timer without delay: the host's old habit. */
export function withRetry(context: EngineContext, options: RetryOptions, attempt: () => Task): Task {
  const whole = new Task();
  const first = context.now;
  const run = (n: number): void => {
    attempt().whenSettled((settled) => {
      if (settled.ok) return whole.settle(settled);
      const delay = delayAfter(options, n, first, context.now);
      if (delay === 0) return whole.settle(settled);
      const last = n + 1 >= options.maxNumberOfAttempts;
      const pause = context.timer(addMs(context.now, last ? 0 : delay));
      pause.task.whenSettled(() => (last ? whole.settle(settled) : run(n + 1)));
    });
  };
  run(0);
  return whole;
}

function delayAfter(options: RetryOptions, attempt: number, first: Stamp, now: Stamp): number {
  const expires = options.retryTimeoutInMilliseconds;
  if (expires !== undefined && compareStamps(now, addMs(first, expires)) >= 0) return 0;
  const delay = options.firstRetryIntervalInMilliseconds * (options.backoffCoefficient ?? 1) ** attempt;
  return Math.min(delay, options.maxRetryIntervalInMilliseconds ?? LONGEST_RETRY_MS);
}

/** A timer; one that is far off in segments, each with its own sequence number. */
export function timer(context: EngineContext, fireAt: string, cancelled: boolean): Task {
  const at = asStamp(fireAt);
  if (msOf(at) - msOf(context.now) <= TIMER_SETTINGS.longestMs) {
    const short = context.timer(at);
    if (cancelled) short.cancel();
    return short.task;
  }
  const whole = new Task();
  const segment = (): void => {
    const left = msOf(at) - msOf(context.now);
    if (left <= 0) {
      whole.settle({ ok: true, value: null });
      return;
    }
    const until = left > TIMER_SETTINGS.segmentMs ? addMs(context.now, TIMER_SETTINGS.segmentMs) : at;
    const part = context.timer(until);
    part.task.whenSettled((settled: Settled) => (settled.ok ? segment() : whole.settle(settled)));
    // Cancelling reaches the segment at hand, which in a replay is always the first.
    if (cancelled) part.cancel();
  };
  segment();
  return whole;
}

/** Calls a URL by the host's own activity, and polls its Location for as long as the answer is 202. */
export function http(context: EngineContext, request: HttpRequestAction): Task {
  const whole = new Task();
  const call = (asked: HttpRequestAction): void => {
    context.activity(HTTP_ACTIVITY, asked).whenSettled((settled) => {
      if (!settled.ok) return whole.settle(settled);
      const answer = JSON.parse(settled.value ?? "{}") as Response;
      const location = header(answer, "location");
      if (answer.statusCode !== 202 || request.asynchronousPatternEnabled !== true || location === undefined)
        return whole.settle(settled);
      const after = header(answer, "retry-after");
      const pause = context.timer(addMs(context.now, after === undefined ? HTTP_POLL_MS : Number(after) * 1000));
      const { content: _, ...poll } = request;
      pause.task.whenSettled(() => call({ ...poll, method: "GET", uri: location }));
    });
  };
  call(request);
  return whole;
}

function header(answer: Response, name: string): string | undefined {
  const found = Object.entries(answer.headers ?? {}).find(([key]) => key.toLowerCase() === name);
  return found?.[1];
}
