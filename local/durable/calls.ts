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
  readonly headers?: Readonly<Record<string, string | string[]>>;
}

/** Whether the provider's timers reach from one attempt to the next: it refuses options of more than six days. */
export function canWait(options: RetryOptions): boolean {
  const { firstRetryIntervalInMilliseconds: first, maxRetryIntervalInMilliseconds: longest = 0 } = options;
  return Math.max(first, longest) <= LONGEST_RETRY_MS;
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
      if (answer.statusCode !== 202 || request.asynchronousPatternEnabled !== true) return whole.settle(settled);
      const after = Number(header(answer, "retry-after") ?? HTTP_POLL_MS / 1000);
      if (!Number.isInteger(after)) return whole.settle({ ok: false, reason: "Retry-After is not a number." });
      const pause = context.timer(addMs(context.now, after * 1000));
      pause.task.whenSettled(() => {
        const uri = header(answer, "location");
        // The host waits before it finds that there is nothing to poll; the library has long gone on without.
        if (uri === undefined) return whole.settle({ ok: false, reason: "There is no Location." });
        call(pollOf(request, uri));
      });
    });
  };
  call(request);
  return whole;
}

/** The key of the function that was called is not that of the address to poll. */
function pollOf({ content: _, ...request }: HttpRequestAction, uri: string): HttpRequestAction {
  const kept = Object.entries(request.headers ?? {}).filter(([name]) => name.toLowerCase() !== "x-functions-key");
  return { ...request, ...(request.headers && { headers: Object.fromEntries(kept) }), method: "GET", uri };
}

function header(answer: Response, name: string): string | undefined {
  const found = Object.entries(answer.headers ?? {}).find(([key]) => key.toLowerCase() === name);
  return found?.[1].toString();
}
