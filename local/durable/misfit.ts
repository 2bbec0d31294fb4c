import { type Decision, NonDeterministic } from "./decision.ts";
import type { EventSent, SubCreated, TaskScheduled, TimerCreated } from "./history.ts";

/** The events that a decision of the code leaves in the history. */
export type Scheduled = TaskScheduled | SubCreated | TimerCreated | EventSent;

/** The names that the engine's messages call the actions by. */
const ACTION_TYPE = {
  activity: "ScheduleTaskOrchestratorAction",
  timer: "CreateTimerOrchestratorAction",
  sub: "CreateSubOrchestrationAction",
  send: "SendEventOrchestratorAction",
  complete: "OrchestrationCompleteOrchestratorAction",
  continueAsNew: "OrchestrationCompleteOrchestratorAction",
} as const;

const BEFORE = "A previous execution of this orchestration scheduled";
const NOT_YET = "but the current replay execution hasn't (yet?) scheduled this task.";
const INSTEAD = "but the current orchestration replay instead";

/** The code does something else than its history says, or nothing: in DurableTask's words, slips of the pen too. */
export function misfit(event: Scheduled, kind: Decision["kind"], decision: Decision | undefined): NonDeterministic {
  const other = decision && decision.kind !== kind ? ACTION_TYPE[decision.kind] : undefined;
  const name = decision && "name" in decision ? decision.name : "";
  return new NonDeterministic(`${BEFORE} ${difference(event, decision === undefined, other, name)}`);
}

/** `missing`: nothing has that number now. `other`: the action that has it is of this type. Else its name differs. */
function difference(event: Scheduled, missing: boolean, other: string | undefined, name: string): string {
  const id = event.EventId;
  switch (event.EventType) {
    case 4: {
      const task = `an activity task with sequence number ${id} named '${event.Name}',`;
      if (missing)
        return `an activity task with sequence ID ${id} and name '${event.Name}' (version '${event.Version}'), ${NOT_YET}`;
      if (other) return `${task} ${INSTEAD} produced a ${other} action with this sequence number.`;
      return `${task} ${INSTEAD} scheduled an activity task named '${name}' with this sequence number. `;
    }
    case 10: {
      const task = `a timer task with sequence number ${id}`;
      if (missing) return `${task} ${NOT_YET}`;
      return `${task} named ${INSTEAD} produced a ${other} action with this sequence number.`;
    }
    case 7: {
      const child = `(version '${event.Version ?? ""}', instance ID '${event.InstanceId}')`;
      const task = `a sub-orchestration task with sequence ID ${id} and name '${event.Name}' ${child},`;
      if (missing) return `${task} ${NOT_YET}`;
      if (other) return `${task} ${INSTEAD} produced a ${other} action at this sequence number.`;
      return `${task} ${INSTEAD} scheduled a sub-orchestration task with name ${name} at this sequence number.`;
    }
    case 14: {
      const sent = (comma: string) =>
        `type 'EventSent'${comma} name '${event.Name}', instance ID '${event.InstanceId}'`;
      const task = `a send event task with sequence ID ${id},`;
      if (missing) return `${task} ${sent("")}, ${NOT_YET}`;
      if (other) return `${task} ${sent(",")}, ${INSTEAD} scheduled a ${other} task at this sequence number.`;
      return `${task} ${sent(",")}), ${INSTEAD} scheduled a send event task with name ${name}at this sequence number.`;
    }
  }
}
