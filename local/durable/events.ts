import type {
  EventRaised,
  EventSent,
  ExecutionCompleted,
  ExecutionResumed,
  ExecutionStarted,
  ExecutionSuspended,
  ExecutionTerminated,
  FailureDetails,
  GenericEvent,
  OrchestrationInstance,
  OrchestratorCompleted,
  OrchestratorStarted,
  ParentInstance,
  SubCompleted,
  SubCreated,
  SubFailed,
  TaskCompleted,
  TaskFailed,
  TaskScheduled,
  TimerCreated,
  TimerFired,
} from "./history.ts";
import type { Stamp } from "./stamp.ts";

// The order of the properties is the host's own: histories are compared, and read by people, as they are.
const NEW = { EventId: -1, IsPlayed: false } as const;

export interface Start {
  readonly instance: OrchestrationInstance;
  readonly name: string;
  readonly version: string | null;
  readonly input: string | null;
  readonly parent: ParentInstance | null;
  /** 0 where a client started it, one more each time the id is used again; null for children and continueAsNew. */
  readonly generation: number | null;
}

export function executionStarted(start: Start, at: Stamp): ExecutionStarted {
  return {
    OrchestrationInstance: start.instance,
    EventType: 0,
    ParentInstance: start.parent,
    Name: start.name,
    Version: start.version,
    Input: start.input,
    Tags: null,
    Correlation: null,
    ParentTraceContext: null,
    ScheduledStartTime: null,
    Generation: start.generation,
    GenerateNewTrace: false,
    ...NEW,
    Timestamp: at,
  };
}

export function executionCompleted(
  id: number,
  status: number,
  result: string | null,
  at: Stamp,
  failure: FailureDetails | null = null,
): ExecutionCompleted {
  return {
    EventType: 1,
    OrchestrationStatus: status,
    Result: result,
    FailureDetails: failure,
    EventId: id,
    IsPlayed: false,
    Timestamp: at,
  };
}

export function executionTerminated(reason: string | null, at: Stamp): ExecutionTerminated {
  return { EventType: 3, Input: reason, ...NEW, Timestamp: at };
}

export function taskScheduled(id: number, name: string, at: Stamp): TaskScheduled {
  return {
    EventType: 4,
    Name: name,
    Version: "",
    Input: null,
    ParentTraceContext: null,
    Tags: null,
    EventId: id,
    IsPlayed: false,
    Timestamp: at,
  };
}

export function taskCompleted(id: number, result: string | null, at: Stamp): TaskCompleted {
  return { EventType: 5, TaskScheduledId: id, Result: result, ...NEW, Timestamp: at };
}

export function taskFailed(id: number, reason: string, details: string, at: Stamp): TaskFailed {
  return {
    EventType: 6,
    TaskScheduledId: id,
    Reason: reason,
    Details: details,
    FailureDetails: null,
    ...NEW,
    Timestamp: at,
  };
}

export function subCreated(
  id: number,
  name: string,
  instanceId: string,
  version: string | null,
  at: Stamp,
): SubCreated {
  return {
    EventType: 7,
    Name: name,
    Version: version,
    InstanceId: instanceId,
    Input: null,
    ClientSpanId: null,
    Tags: null,
    EventId: id,
    IsPlayed: false,
    Timestamp: at,
  };
}

export function subCompleted(id: number, result: string | null, at: Stamp): SubCompleted {
  return { EventType: 8, TaskScheduledId: id, Result: result, ...NEW, Timestamp: at };
}

export function subFailed(
  id: number,
  reason: string,
  details: string,
  at: Stamp,
  failure: FailureDetails | null = null,
): SubFailed {
  return {
    EventType: 9,
    TaskScheduledId: id,
    Reason: reason,
    Details: details,
    FailureDetails: failure,
    ...NEW,
    Timestamp: at,
  };
}

export function timerCreated(id: number, fireAt: Stamp, at: Stamp): TimerCreated {
  return { EventType: 10, FireAt: fireAt, EventId: id, IsPlayed: false, Timestamp: at };
}

/** Its time is that of the timer's making, as on the host: the message is written then and only delivered later. */
export function timerFired(id: number, fireAt: Stamp, at: Stamp): TimerFired {
  return { EventType: 11, TimerId: id, FireAt: fireAt, ...NEW, Timestamp: at };
}

export function orchestratorStarted(at: Stamp): OrchestratorStarted {
  return { EventType: 12, ...NEW, Timestamp: at };
}

export function orchestratorCompleted(at: Stamp): OrchestratorCompleted {
  return { EventType: 13, ...NEW, Timestamp: at };
}

export function eventSent(id: number, instanceId: string, name: string, input: string, at: Stamp): EventSent {
  return {
    EventType: 14,
    InstanceId: instanceId,
    Name: name,
    Input: input,
    EventId: id,
    IsPlayed: false,
    Timestamp: at,
  };
}

export function eventRaised(name: string, input: string, at: Stamp): EventRaised {
  return { EventType: 15, Name: name, Input: input, ParentTraceContext: null, ...NEW, Timestamp: at };
}

export function genericEvent(data: string | null, at: Stamp): GenericEvent {
  return { Data: data, EventType: 17, ...NEW, Timestamp: at };
}

export function executionSuspended(reason: string | null, at: Stamp): ExecutionSuspended {
  return { EventType: 19, Reason: reason, ...NEW, Timestamp: at };
}

export function executionResumed(reason: string | null, at: Stamp): ExecutionResumed {
  return { EventType: 20, Reason: reason, ...NEW, Timestamp: at };
}
