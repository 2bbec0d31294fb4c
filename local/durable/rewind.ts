import type { HistoryEvent } from "./history.ts";

/** A failed execution's history without its failures: each becomes a GenericEvent in its place, numbers kept. */
export function rewound(events: readonly HistoryEvent[]): { events: HistoryEvent[]; children: string[] } {
  const failedTasks = new Set<number>();
  const failedChildren = new Set<number>();
  for (const event of events) {
    if (event.EventType === 6) failedTasks.add(event.TaskScheduledId);
    if (event.EventType === 9) failedChildren.add(event.TaskScheduledId);
  }
  const children: string[] = [];
  const kept = events.map((event): HistoryEvent => {
    switch (event.EventType) {
      case 1:
      case 6:
      case 9:
        return cleared(event);
      case 4:
        return failedTasks.has(event.EventId) ? cleared(event) : event;
      case 7:
        // The child goes on under its own id and answers to the same number, so its creation stays.
        if (failedChildren.has(event.EventId)) children.push(event.InstanceId);
        return event;
      default:
        return event;
    }
  });
  return { events: kept, children };
}

function cleared({ EventId, IsPlayed, Timestamp }: HistoryEvent): HistoryEvent {
  return { Data: null, EventType: 17, EventId, IsPlayed, Timestamp };
}
