import type { Stamp } from "./stamp.ts";

/** The classic protocol's numbers for history events. */
export const EventType = {
  ExecutionStarted: 0,
  ExecutionCompleted: 1,
  ExecutionFailed: 2,
  ExecutionTerminated: 3,
  TaskScheduled: 4,
  TaskCompleted: 5,
  TaskFailed: 6,
  SubOrchestrationInstanceCreated: 7,
  SubOrchestrationInstanceCompleted: 8,
  SubOrchestrationInstanceFailed: 9,
  TimerCreated: 10,
  TimerFired: 11,
  OrchestratorStarted: 12,
  OrchestratorCompleted: 13,
  EventSent: 14,
  EventRaised: 15,
  ContinueAsNew: 16,
  GenericEvent: 17,
  HistoryState: 18,
  ExecutionSuspended: 19,
  ExecutionResumed: 20,
} as const;

interface Common {
  /** The sequence number of what was scheduled; -1 for all else. */
  readonly EventId: number;
  /** False while the event is new; what was merely scheduled, and the marks 12 and 13, stay false. */
  IsPlayed: boolean;
  readonly Timestamp: Stamp;
}

/** A failure that is the engine's own, not an exception of the app. */
export interface FailureDetails {
  readonly ErrorType: string;
  readonly ErrorMessage: string;
  readonly StackTrace: null;
  readonly InnerFailure: null;
  readonly IsNonRetriable: boolean;
}

export interface OrchestrationInstance {
  readonly InstanceId: string;
  readonly ExecutionId: string;
}

export interface ParentInstance {
  readonly Name: string;
  readonly OrchestrationInstance: OrchestrationInstance;
  readonly TaskScheduleId: number;
  readonly Version: string | null;
}

/** All texts named Input, Result and Details are JSON or plain text as the host keeps them, never values. */
export type ExecutionStarted = Common & {
  readonly OrchestrationInstance: OrchestrationInstance;
  readonly EventType: 0;
  readonly ParentInstance: ParentInstance | null;
  readonly Name: string;
  readonly Version: string | null;
  readonly Input: string | null;
  readonly Tags: null;
  readonly Correlation: null;
  readonly ParentTraceContext: null;
  readonly ScheduledStartTime: null;
  readonly Generation: number | null;
  readonly GenerateNewTrace: boolean;
};
export type ExecutionCompleted = Common & {
  readonly EventType: 1;
  readonly OrchestrationStatus: number;
  readonly Result: string | null;
  readonly FailureDetails: FailureDetails | null;
};
export type ExecutionTerminated = Common & { readonly EventType: 3; readonly Input: string | null };
export type TaskScheduled = Common & {
  readonly EventType: 4;
  readonly Name: string;
  readonly Version: string;
  readonly Input: null;
  readonly ParentTraceContext: null;
  readonly Tags: null;
};
export type TaskCompleted = Common & {
  readonly EventType: 5;
  readonly TaskScheduledId: number;
  readonly Result: string | null;
};
export type TaskFailed = Common & {
  readonly EventType: 6;
  readonly TaskScheduledId: number;
  readonly Reason: string;
  readonly Details: string;
  readonly FailureDetails: null;
};
export type SubCreated = Common & {
  readonly EventType: 7;
  readonly Name: string;
  readonly Version: string | null;
  readonly InstanceId: string;
  readonly Input: null;
  readonly ClientSpanId: null;
  readonly Tags: null;
};
export type SubCompleted = Common & {
  readonly EventType: 8;
  readonly TaskScheduledId: number;
  readonly Result: string | null;
};
export type SubFailed = Common & {
  readonly EventType: 9;
  readonly TaskScheduledId: number;
  readonly Reason: string;
  readonly Details: string;
  readonly FailureDetails: FailureDetails | null;
};
export type TimerCreated = Common & { readonly EventType: 10; readonly FireAt: Stamp };
export type TimerFired = Common & { readonly EventType: 11; readonly TimerId: number; readonly FireAt: Stamp };
export type OrchestratorStarted = Common & { readonly EventType: 12 };
export type OrchestratorCompleted = Common & { readonly EventType: 13 };
export type EventSent = Common & {
  readonly EventType: 14;
  readonly InstanceId: string;
  readonly Name: string;
  readonly Input: string;
};
export type EventRaised = Common & {
  readonly EventType: 15;
  readonly Name: string;
  readonly Input: string;
  readonly ParentTraceContext: null;
};
/** What rewind leaves of a failed event, and the rewind itself (`Data` is its reason). */
export type GenericEvent = Common & { readonly Data: string | null; readonly EventType: 17 };
export type ExecutionSuspended = Common & { readonly EventType: 19; readonly Reason: string | null };
export type ExecutionResumed = Common & { readonly EventType: 20; readonly Reason: string | null };

export type HistoryEvent =
  | ExecutionStarted
  | ExecutionCompleted
  | ExecutionTerminated
  | TaskScheduled
  | TaskCompleted
  | TaskFailed
  | SubCreated
  | SubCompleted
  | SubFailed
  | TimerCreated
  | TimerFired
  | OrchestratorStarted
  | OrchestratorCompleted
  | EventSent
  | EventRaised
  | GenericEvent
  | ExecutionSuspended
  | ExecutionResumed;

/** Events as the members of a JSON array, without its brackets: so kept texts can be joined and never made anew. */
export function eventsText(events: readonly HistoryEvent[]): string {
  return events.map((event) => JSON.stringify(event)).join(",");
}

export function parseEvents(text: string): HistoryEvent[] {
  return JSON.parse(`[${text}]`) as HistoryEvent[];
}
