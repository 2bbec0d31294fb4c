import type { Outcome } from "./worker.ts";

export interface RetryOptions {
  readonly firstRetryIntervalInMilliseconds: number;
  readonly maxNumberOfAttempts: number;
  readonly backoffCoefficient?: number;
  readonly maxRetryIntervalInMilliseconds?: number;
  readonly retryTimeoutInMilliseconds?: number;
}

export interface HttpRequestAction {
  readonly method: string;
  readonly uri: string;
  readonly content?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly asynchronousPatternEnabled?: boolean;
}

export interface EntityName {
  readonly name: string;
  readonly key: string;
}

/** What an orchestrator asks for, in the library's own shape (schema V4; V1 to V3 name the same actions). */
export type Action =
  | { readonly actionType: 0; readonly functionName: string; readonly input?: unknown }
  | {
      readonly actionType: 1;
      readonly functionName: string;
      readonly input?: unknown;
      readonly retryOptions: RetryOptions;
    }
  | {
      readonly actionType: 2;
      readonly functionName: string;
      readonly input?: unknown;
      readonly instanceId?: string;
      readonly version?: string;
    }
  | {
      readonly actionType: 3;
      readonly functionName: string;
      readonly input?: unknown;
      readonly instanceId?: string;
      readonly version?: string;
      readonly retryOptions: RetryOptions;
    }
  | { readonly actionType: 4; readonly input?: unknown }
  | { readonly actionType: 5; readonly fireAt: string; readonly isCanceled?: boolean }
  | { readonly actionType: 6; readonly externalEventName: string }
  | { readonly actionType: 7; readonly instanceId: string; readonly operation: string; readonly input?: unknown }
  | { readonly actionType: 8; readonly httpRequest: HttpRequestAction }
  | { readonly actionType: 9; readonly instanceId: string; readonly operation: string; readonly input?: unknown }
  | { readonly actionType: 11 | 12; readonly compoundActions: readonly Action[] }
  | { readonly actionType: 13; readonly lockSet: readonly EntityName[] }
  | { readonly actionType: 14 };

/** The state that one call of an orchestrator function answers with. */
export interface Answer {
  readonly isDone: boolean;
  readonly actions: readonly Action[];
  /** JSON text; null where there is none. */
  readonly output: string | null;
  /** Why the orchestrator failed. An empty message does not count, which leaves the instance running for ever. */
  readonly error: string;
  /** JSON text; null where none was set. */
  readonly customStatus: string | null;
}

const LABEL = "$OutOfProcData$:";

/** Reads the answer from the return value, or from the exception that the library hides it in. */
export function answerOf(outcome: Outcome): Answer {
  if (outcome.kind === "returned") return parseState(outcome.value ?? "");
  const label = outcome.message.indexOf(LABEL);
  if (label !== -1) return parseState(outcome.message.slice(label + LABEL.length));
  return { isDone: false, actions: [], output: null, error: outcome.message, customStatus: null };
}

interface State {
  readonly isDone?: boolean;
  readonly actions?: readonly (readonly Action[])[];
  readonly output?: unknown;
  readonly error?: string;
  readonly customStatus?: unknown;
}

function parseState(text: string): Answer {
  const state = stateOf(text);
  return {
    isDone: state.isDone === true,
    actions: (state.actions ?? []).flat(),
    output: jsonText(state.output),
    error: state.error ?? "",
    customStatus: jsonText(state.customStatus),
  };
}

/** A function under an orchestrator's name that answers something else has failed. */
function stateOf(text: string): State {
  try {
    const state = JSON.parse(text) as unknown;
    if (typeof state === "object" && state !== null && "actions" in state) return state as State;
  } catch {
    // told below
  }
  return { error: "The orchestrator function returned no orchestration state." };
}

/** JSON text of a value; null for none. */
export function jsonText(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}
