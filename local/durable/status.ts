import { EventType, type HistoryEvent } from "./history.ts";
import { inSeconds } from "./stamp.ts";
import type { InstanceRow } from "./store.ts";

export interface Shown {
  readonly input: boolean;
  readonly history: boolean;
  readonly historyOutput: boolean;
}

/** An instance as the management API answers it. */
export function statusOf(
  row: InstanceRow,
  shown: Shown,
  events: readonly HistoryEvent[] = [],
): Record<string, unknown> {
  return {
    name: row.name,
    ...(row.version !== null && { version: row.version }),
    instanceId: row.id,
    runtimeStatus: row.status,
    input: shown.input ? asJson(row.input) : null,
    customStatus: asJson(row.customStatus),
    output: asJson(row.output),
    createdTime: inSeconds(row.created),
    lastUpdatedTime: inSeconds(row.updated),
    ...(shown.history && events.length > 0 && { historyEvents: historyOf(events, shown) }),
  };
}

/** Kept text as a value: JSON where it is JSON, else the text itself, without the blanks around it. */
export function asJson(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text.trim();
  }
}

const EVENT_NAMES = Object.fromEntries(Object.entries(EventType).map(([name, number]) => [number, name]));
/** In the order of .NET's numbers, which a history keeps and a filter may use for the names. */
export const STATUS_NAMES = [
  "Running",
  "Completed",
  "ContinuedAsNew",
  "Failed",
  "Canceled",
  "Terminated",
  "Pending",
  "Suspended",
] as const;

/** The history for people: names for numbers, what was scheduled folded into its result, the episodes' marks left out. */
function historyOf(events: readonly HistoryEvent[], shown: Shown): Record<string, unknown>[] {
  const scheduled = new Map<number, HistoryEvent & { EventType: 4 | 7 }>();
  const folded = new Set<HistoryEvent>();
  const results = new Map<HistoryEvent, Record<string, unknown>>();
  for (const event of events) {
    if (event.EventType === 4 || event.EventType === 7) scheduled.set(event.EventId, event);
    if (event.EventType !== 5 && event.EventType !== 6 && event.EventType !== 8 && event.EventType !== 9) continue;
    const origin = scheduled.get(event.TaskScheduledId);
    if (!origin) continue;
    folded.add(origin);
    results.set(event, {
      ScheduledTime: origin.Timestamp.replace("Z", "+00:00"),
      FunctionName: origin.Name,
      ...(origin.EventType === 7 && { InstanceId: origin.InstanceId }),
      Input: origin.Input,
    });
  }
  return events
    .filter((event) => event.EventType !== 12 && event.EventType !== 13 && !folded.has(event))
    .map((event) => {
      const all: Record<string, unknown> = { ...shownEvent(event, shown.historyOutput), ...results.get(event) };
      if (!shown.input) delete all.Input;
      return all;
    });
}

function shownEvent(event: HistoryEvent, output: boolean): Record<string, unknown> {
  const { EventId: _, IsPlayed: __, ...rest } = { ...event };
  const shown: Record<string, unknown> = { ...rest, EventType: EVENT_NAMES[event.EventType] };
  switch (event.EventType) {
    case 0:
      for (const name of ["Name", "OrchestrationInstance", "ParentInstance", "Version", "Tags"]) delete shown[name];
      return { ...shown, FunctionName: event.Name };
    case 1:
      shown.OrchestrationStatus = STATUS_NAMES[event.OrchestrationStatus];
      return withResult(shown, event.Result, output);
    case 4:
    case 7:
      delete shown.Version;
      return shown;
    case 5:
    case 8:
      delete shown.TaskScheduledId;
      return withResult(shown, event.Result, output);
    case 6:
    case 9:
      delete shown.TaskScheduledId;
      return shown;
    case 11:
      delete shown.TimerId;
      return shown;
    default:
      return shown;
  }
}

function withResult(shown: Record<string, unknown>, result: string | null, output: boolean): Record<string, unknown> {
  if (output) shown.Result = asJson(result);
  else delete shown.Result;
  return shown;
}
