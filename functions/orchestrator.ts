import type { OrchestrationContext, Task } from "durable-functions";
import { RetryOptions } from "durable-functions";
import type { Next, RunHandle } from "../shared/wire/run-call.ts";

const MINUTE_MS = 60_000;
const TEN_MINUTES_MS = 10 * MINUTE_MS;
/** A race with a longer timer broke later sequence numbers when it was cancelled: the engine's own limit. */
const SIX_DAYS_MS = 6 * 24 * 60 * MINUTE_MS;

/** 2, 4, 8 … 60 s: a store or a provider that is away for some minutes is waited out here. */
function patiently(): RetryOptions {
  const options = new RetryOptions(2_000, 8);
  options.backoffCoefficient = 2;
  options.maxRetryIntervalInMilliseconds = MINUTE_MS;
  return options;
}

/** Carries out what activities decide. Replayed from the top: no clock, no randomness, no I/O, no definition. */
export function* journey({ df }: OrchestrationContext): Generator<Task, void, Next> {
  const { member, run } = df.getInput<RunHandle>();
  for (let raced = false; ; raced = true) {
    let until: string;
    try {
      const at = df.currentUtcDateTime.toISOString();
      let next = yield df.callActivityWithRetry("resume-run", patiently(), { member, run, at });
      while (next.kind === "act") {
        df.setCustomStatus(next.status);
        next = yield df.callActivityWithRetry("take-step", patiently(), {
          member,
          run,
          seq: next.seq,
          step: next.status.step,
        });
      }
      df.setCustomStatus(next.status);
      if (next.kind === "end") return;
      until = next.until;
    } catch {
      // Retries spent: a hold, never a Failed instance.
      until = new Date(df.currentUtcDateTime.getTime() + TEN_MINUTES_MS).toISOString();
    }
    // One race in each execution, and an activity after it: else events are swallowed or replayed for ever.
    if (raced) {
      df.continueAsNew({ member, run });
      return;
    }
    const timer = df.createTimer(atMostSixDays(until, df.currentUtcDateTime));
    yield df.Task.any([timer, df.waitForExternalEvent("wake")]);
    if (!timer.isCompleted) timer.cancel();
  }
}

function atMostSixDays(until: string, now: Date): Date {
  return new Date(Math.min(Date.parse(until), now.getTime() + SIX_DAYS_MS));
}
