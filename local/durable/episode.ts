import type { Answer } from "./answer.ts";
import { type Decision, NonDeterministic } from "./decision.ts";
import { EngineContext } from "./engine-context.ts";
import { EntityCalls } from "./entity-calls.ts";
import type { ExecutionStarted, HistoryEvent } from "./history.ts";
import { finish, type Knows, walkActions } from "./walk.ts";

export interface Episode {
  /** The whole history, the new events last. */
  readonly events: readonly HistoryEvent[];
  readonly answer: Answer;
  readonly knows: Knows;
  readonly defaultVersion: string | null;
}

/**
 * What an episode decided. The function has answered with all its actions from the first on; they are replayed
 * against the history, and what the history does not yet have is new. Pure: same history and answer, same decisions.
 */
export function decide({ events, answer, knows, defaultVersion }: Episode): Decision[] {
  const started = events.find((event): event is ExecutionStarted => event.EventType === 0);
  if (!started) return [];
  const context = new EngineContext(started.OrchestrationInstance);
  const entities = new EntityCalls(context);
  const parent = started.ParentInstance?.OrchestrationInstance.InstanceId;
  const family = [started.OrchestrationInstance.InstanceId, ...(parent === undefined ? [] : [parent])];
  let finished = false;
  try {
    for (const event of events) {
      if (event.EventType === 12) context.now = event.Timestamp;
      else if (event.EventType !== 0) context.process(event);
      else
        walkActions({ context, entities, knows, family, defaultVersion }, answer.actions, () => {
          finished = true;
        });
    }
    if (finished && !context.hasOpenTasks) {
      if (answer.isDone || answer.error !== "") entities.release();
      finish(started.Name, answer, context);
    }
  } catch (fault) {
    if (!(fault instanceof NonDeterministic)) throw fault;
    context.complete("Failed", fault.message, fault.message);
  }
  return context.decisions;
}
