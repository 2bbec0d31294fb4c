import { z } from "zod";

/** What `context.retryContext` is made of: the library hands it on as it comes. */
export interface RetryContext {
  readonly retryCount: number;
  /** -1: without end. */
  readonly maxRetryCount: number;
  /** Why the attempt before this one failed. */
  readonly exception?: { readonly message: string; readonly source: string; readonly stackTrace: string };
}

/** How often, and after which delays, a failed run is tried again. */
export type RetryPolicy =
  | { readonly strategy: "fixedDelay"; readonly maxRetryCount: number; readonly delayMs: number }
  | {
      readonly strategy: "exponentialBackoff";
      readonly maxRetryCount: number;
      readonly minimumMs: number;
      readonly maximumMs: number;
    };

/** As the library registers it: durations in whole seconds. */
const duration = z.object({ seconds: z.number().min(0) }).transform(({ seconds }) => seconds * 1000);
const maxRetryCount = z.int().min(-1);
const registered = z.discriminatedUnion("strategy", [
  z
    .object({ strategy: z.literal("fixedDelay"), maxRetryCount, delayInterval: duration })
    .transform(({ delayInterval: delayMs, ...rest }) => ({ ...rest, delayMs })),
  z
    .object({
      strategy: z.literal("exponentialBackoff"),
      maxRetryCount,
      minimumInterval: duration,
      maximumInterval: duration,
    })
    .refine((given) => given.minimumInterval <= given.maximumInterval, {
      error: "minimumInterval must not be greater than maximumInterval",
    })
    .transform(({ minimumInterval: minimumMs, maximumInterval: maximumMs, ...rest }) => ({
      ...rest,
      minimumMs,
      maximumMs,
    })),
]);

/** The policy that a function was registered with, if any. Throws with what is wrong about it. */
export function retryPolicy(options: unknown): RetryPolicy | undefined {
  if (options === undefined || options === null) return undefined;
  const parsed = registered.safeParse(options);
  if (!parsed.success) throw new Error(`its "retry" can't be understood: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

const RANDOM_SHARE = 0.2;

/**
 * The delay before each retry, in ms; ends where the policy gives up. Backing off, as the SDK of the real host does it:
 * the first delay is the shortest allowed; to each later one twice the increment is added, give or take a fifth, until
 * the longest allowed is reached, which then stays.
 */
export function* retryDelays(policy: RetryPolicy, random: () => number = Math.random): Generator<number, void> {
  for (let retry = 0; policy.maxRetryCount < 0 || retry < policy.maxRetryCount; retry++) {
    if (policy.strategy === "fixedDelay") yield policy.delayMs;
    else {
      const { minimumMs, maximumMs } = policy;
      const spread = 1 + RANDOM_SHARE * (2 * random() - 1);
      const increment = retry === 0 ? 0 : spread * 2 ** (retry - 1) * minimumMs;
      yield Math.min(minimumMs + increment, maximumMs);
    }
  }
}
