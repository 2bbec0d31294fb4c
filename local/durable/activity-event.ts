import * as made from "./events.ts";
import { activityDetails, activityReason } from "./failure.ts";
import type { HistoryEvent } from "./history.ts";
import type { HttpOutcome } from "./http-activity.ts";
import type { Stamp } from "./stamp.ts";
import type { Outcome } from "./worker.ts";

/** What came of an activity, as the orchestration's history has it. Nothing and null are the same to the host. */
export function activityEvent(
  { id, name }: { readonly id: number; readonly name: string },
  outcome: Outcome | HttpOutcome,
  at: Stamp,
): HistoryEvent {
  if (outcome.kind === "returned")
    return made.taskCompleted(id, outcome.value === "null" ? null : (outcome.value ?? null), at);
  if (outcome.kind === "failed") return made.taskFailed(id, outcome.reason, outcome.details, at);
  return made.taskFailed(id, activityReason(name, outcome), activityDetails(outcome), at);
}
