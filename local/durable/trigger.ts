import { HTTP_POLL_MS } from "./calls.ts";
import { eventsText, type HistoryEvent } from "./history.ts";
import type { InstanceRow } from "./store.ts";

/** `TIMER_SETTINGS` in .NET's notation, and the schema that today's extension speaks (`Millseconds` is its spelling). */
const SETTINGS =
  '"upperSchemaVersion":1,"upperSchemaVersionNew":3,"longRunningTimerIntervalDuration":"3.00:00:00",' +
  `"maximumShortTimerDuration":"6.00:00:00","defaultHttpAsyncRequestSleepTimeMillseconds":${HTTP_POLL_MS}`;

/** The orchestration trigger's JSON. What was told before is joined as kept text, only the new events are made. */
export function triggerText(row: InstanceRow, past: string, fresh: readonly HistoryEvent[]): string {
  const events = past === "" ? eventsText(fresh) : `${past},${eventsText(fresh)}`;
  const parent = row.parent?.OrchestrationInstance.InstanceId ?? null;
  return (
    `{"history":[${events}],"input":${row.input ?? "null"},"instanceId":${JSON.stringify(row.id)},` +
    `"isReplaying":${past !== ""},"parentInstanceId":${JSON.stringify(parent)},${SETTINGS}}`
  );
}

/** An activity's input as the host hands it over: text as it is, a boolean in .NET's spelling, all else JSON. */
export function activityText(input: string | null): string | undefined {
  if (input === null) return undefined;
  const value: unknown = JSON.parse(input);
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "True" : "False";
  return input;
}
