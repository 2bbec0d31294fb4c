import type { RunState } from "../domain/run.ts";
import { ParcoursError } from "../errors.ts";

/** A run's state as some build wrote it. */
export type StoredState = Readonly<Record<string, unknown>> & { readonly schema: number };

/** From each version of a run's state to the next: the first leads from 1 to 2. None is ever taken out again. */
const FORWARD: readonly ((state: StoredState) => StoredState)[] = [];

/**
 * A run's state in the shape that this build works with.
 * @throws ROW_NEWER where a later build wrote it: that build, or this one's successor, carries the run on
 */
export function today(state: StoredState, forward = FORWARD): RunState {
  const known = forward.length + 1;
  if (state.schema > known)
    throw new ParcoursError(
      "ROW_NEWER",
      `a later build wrote this run (version ${state.schema} of its row, and this one knows ${known})`,
    );
  return forward.slice(state.schema - 1).reduce((older, step) => step(older), state) as unknown as RunState;
}
