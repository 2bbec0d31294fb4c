import { type Action, type Answer, jsonText } from "./answer.ts";
import { canWait, http, timer, withRetry } from "./calls.ts";
import type { EngineContext } from "./engine-context.ts";
import type { EntityCalls } from "./entity-calls.ts";
import { done, failed, type Task, whenAll, whenAny } from "./task.ts";

/** Whether some instance's build has a function of that name and kind. */
export type Knows = (kind: "orchestrator" | "activity" | "entity", name: string) => boolean;

export interface Walk {
  readonly context: EngineContext;
  readonly entities: EntityCalls;
  readonly knows: Knows;
  /** The instance and its parent: no child can have their ids. */
  readonly family: readonly string[];
  /** What a child is given that names no version. */
  readonly defaultVersion: string | null;
}

/**
 * Carries out the actions of an answer one after the other, as the extension's shim does: each is awaited, failures
 * are ignored (the library has dealt with them). Calls `finished` when the last one is over, perhaps never.
 */
export function walkActions(walk: Walk, actions: readonly Action[], finished: () => void): void {
  let next = 0;
  const step = (): void => {
    while (next < actions.length) {
      const action = actions[next++];
      if (!action) break;
      const task = start(walk, action);
      if (!task.settled) {
        task.whenSettled(step);
        return;
      }
    }
    finished();
  };
  step();
}

function start(walk: Walk, action: Action): Task {
  const { context, entities, knows } = walk;
  switch (action.actionType) {
    case 0:
      if (!knows("activity", action.functionName)) return unknown(action.functionName);
      return context.activity(action.functionName, action.input);
    case 1:
      if (!knows("activity", action.functionName)) return unknown(action.functionName);
      if (!canWait(action.retryOptions)) return failed(TOO_LONG);
      return withRetry(context, action.retryOptions, () => context.activity(action.functionName, action.input));
    case 2:
    case 3: {
      if (!knows("orchestrator", action.functionName)) return unknown(action.functionName);
      if (isTaken(walk, action.instanceId ?? "")) return failed(`The child's id ${action.instanceId} is not allowed.`);
      if (action.actionType === 3 && !canWait(action.retryOptions)) return failed(TOO_LONG);
      const version = action.version ?? walk.defaultVersion;
      const call = () => context.sub(action.functionName, action.instanceId, action.input, version);
      return action.actionType === 2 ? call() : withRetry(context, action.retryOptions, call);
    }
    case 4:
      context.continueAsNew(jsonText(action.input));
      return done();
    case 5:
      return timer(context, action.fireAt, action.isCanceled === true);
    case 6:
      return context.externalEvents.wait(action.externalEventName);
    case 7:
      return entities.call(action.instanceId, action.operation, action.input);
    case 8:
      return http(context, action.httpRequest);
    case 9:
      entities.signal(action.instanceId, action.operation, action.input);
      return done();
    case 11:
      return whenAny(action.compoundActions.map((part) => start(walk, part)));
    case 12:
      return whenAll(action.compoundActions.map((part) => start(walk, part)));
    case 13:
      return entities.lock(action.lockSet);
    case 14:
      entities.release();
      return done();
    default:
      return failed("unknown action");
  }
}

/** Like what the host does not know, such a child is not created and its parent waits for ever. */
function isTaken({ family }: Walk, id: string): boolean {
  return id.startsWith("@") || family.some((one) => one.toLowerCase() === id.toLowerCase());
}

const TOO_LONG = "The provider cannot wait that long between two attempts.";

/** The host refuses to call what it does not know; nothing is scheduled, so the orchestrator waits for ever. */
function unknown(name: string): Task {
  return failed(`The function '${name}' doesn't exist, is disabled, or is not a function of that kind.`);
}

/** What the orchestrator function's own end means for the execution. */
export function finish(name: string, answer: Answer, context: EngineContext): void {
  if (answer.error !== "")
    context.complete("Failed", `Orchestrator function '${name}' failed: ${answer.error}`, failureDetails(answer.error));
  else if (answer.isDone) context.complete("Completed", answer.output, null);
}

function failureDetails(message: string): string {
  return `Message: ${message}, StackTrace:    at System.Threading.Tasks.Task.ThrowIfExceptional(Boolean includeTaskCanceledExceptions)\n   at Microsoft.Azure.WebJobs.Extensions.DurableTask.TaskOrchestrationShim.InvokeUserCodeAndHandleResults(RegisteredFunctionInfo orchestratorInfo, OrchestrationContext innerContext) in /_/src/WebJobs.Extensions.DurableTask/Listener/TaskOrchestrationShim.cs:line 148`;
}
