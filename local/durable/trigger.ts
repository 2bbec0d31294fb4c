import { HTTP_POLL_MS } from "./calls.ts";
import { eventsText, type HistoryEvent } from "./history.ts";
import type { InstanceRow } from "./store.ts";
import type { TriggerParts } from "./worker.ts";

/** `TIMER_SETTINGS` in .NET's notation, and the schema that today's extension speaks (`Millseconds` is its spelling). */
const SETTINGS =
  '"upperSchemaVersion":1,"upperSchemaVersionNew":3,"longRunningTimerIntervalDuration":"3.00:00:00",' +
  `"maximumShortTimerDuration":"6.00:00:00","defaultHttpAsyncRequestSleepTimeMillseconds":${HTTP_POLL_MS}`;

/** The orchestration trigger. What was told before is kept text, only the new events are made. */
export function triggerParts(
  history: number,
  row: InstanceRow,
  { past, pieces }: Pick<TriggerParts, "past" | "pieces">,
  fresh: readonly HistoryEvent[],
): TriggerParts {
  const parent = row.parent?.OrchestrationInstance.InstanceId ?? null;
  const rest =
    `{"input":${row.input ?? "null"},"instanceId":${JSON.stringify(row.id)},` +
    `"isReplaying":${past !== ""},"parentInstanceId":${JSON.stringify(parent)},${SETTINGS}}`;
  return { history, past, pieces, fresh: eventsText(fresh), rest };
}

/** The trigger's JSON. */
export function triggerText({ past, fresh, rest }: TriggerParts): string {
  return `{"history":[${past}${past === "" ? "" : ","}${fresh}],${rest.slice(1)}`;
}

/** An activity's input as the host hands it over: text as it is, a boolean in .NET's spelling, all else JSON. */
export function activityText(input: string | null): string | undefined {
  if (input === null) return undefined;
  const value: unknown = JSON.parse(input);
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "True" : "False";
  return input;
}
