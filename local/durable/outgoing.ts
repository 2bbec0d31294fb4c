import { jsonText } from "./answer.ts";
import type { Decision } from "./decision.ts";
import * as made from "./events.ts";
import type { ExecutionStarted, HistoryEvent, SubCompleted, SubFailed, TimerFired } from "./history.ts";
import { newExecutionId } from "./ids.ts";
import type { Stamps } from "./stamp.ts";
import { STATUS_NAMES } from "./status.ts";
import type { InstanceRow } from "./store.ts";

/** What leaves an instance at the end of an episode. */
export type Outgoing =
  | { readonly kind: "activity"; readonly call: ActivityCall }
  | { readonly kind: "timer"; readonly event: TimerFired }
  | { readonly kind: "start"; readonly event: ExecutionStarted }
  | { readonly kind: "entity"; readonly to: string; readonly name: string; readonly input: string }
  | {
      readonly kind: "parent";
      readonly to: string;
      readonly execution: string;
      readonly event: SubCompleted | SubFailed;
    };

export interface ActivityCall {
  readonly id: number;
  readonly name: string;
  /** JSON text; null for none. */
  readonly input: string | null;
}

/** The numbers that ExecutionCompleted carries. */
/** What a decision adds to the history and what it sends. Both are stamped together, in this order, as on the host. */
export function carriedOut(
  decision: Decision,
  row: InstanceRow,
  stamps: Stamps,
): { event?: HistoryEvent; send?: Outgoing } {
  const { id } = decision;
  const at = stamps.next();
  switch (decision.kind) {
    case "activity": {
      const { name } = decision;
      const call = { id, name, input: jsonText(decision.input) };
      return { event: made.taskScheduled(id, name, at), send: { kind: "activity", call } };
    }
    case "timer": {
      const fired = made.timerFired(id, decision.fireAt, stamps.next());
      return { event: made.timerCreated(id, decision.fireAt, at), send: { kind: "timer", event: fired } };
    }
    case "sub": {
      const { name, instanceId, version } = decision;
      const instance = { InstanceId: instanceId, ExecutionId: newExecutionId() };
      const parent = {
        Name: row.name,
        OrchestrationInstance: { InstanceId: row.id, ExecutionId: row.execution },
        TaskScheduleId: id,
        Version: row.version,
      };
      const start = { instance, name, version, input: jsonText(decision.input), parent, generation: null };
      return {
        event: made.subCreated(id, name, instanceId, version, at),
        send: { kind: "start", event: made.executionStarted(start, stamps.next()) },
      };
    }
    case "send": {
      const { instanceId: to, name, input } = decision;
      return { event: made.eventSent(id, to, name, input, at), send: { kind: "entity", to, name, input } };
    }
    case "complete": {
      const event = made.executionCompleted(
        id,
        STATUS_NAMES.indexOf(decision.status),
        decision.result,
        at,
        decision.failure,
      );
      if (!row.parent) return { event };
      const { OrchestrationInstance: to, TaskScheduleId: task } = row.parent;
      const { status, result, details, failure } = decision;
      const told =
        status === "Completed"
          ? made.subCompleted(task, result, stamps.next())
          : made.subFailed(task, result ?? "", details ?? "", stamps.next(), failure);
      return { event, send: { kind: "parent", to: to.InstanceId, execution: to.ExecutionId, event: told } };
    }
    case "continueAsNew":
      return {};
  }
}
