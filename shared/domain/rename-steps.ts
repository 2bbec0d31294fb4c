import type { RunState } from "./run.ts";

/** What a run remembers of its steps, under the names that they have in another version. Unmapped ones keep theirs. */
export function renameSteps(state: RunState, steps: Readonly<Record<string, string>>): RunState {
  const name = (step: string): string => steps[step] ?? step;
  const renamed = <T>(of: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(of).map(([step, value]) => [name(step), value]));
  const visits: Record<string, number> = {};
  // Never fewer than before: a visit's number names what it sent.
  for (const [step, count] of Object.entries(state.visits))
    visits[name(step)] = Math.max(visits[name(step)] ?? 0, count);
  const former = Object.entries(state.renamed ?? {}).map(([old, now]): [string, string] => [old, name(now)]);
  return {
    ...state,
    visits,
    surveys: renamed(state.surveys),
    codes: renamed(state.codes),
    awaited: renamed(state.awaited),
    renamed: { ...steps, ...Object.fromEntries(former) },
  };
}

/** Today's name of a step that something was sent under: answers name the step as it was called then. */
export function nameNow(state: RunState, step: string): string {
  const { renamed } = state;
  return renamed !== undefined && Object.hasOwn(renamed, step) ? (renamed[step] ?? step) : step;
}

/** The visit as it is known outside, in the ledger and in the pools: it keeps the name that it was begun under. */
export function begunAs(at: NonNullable<RunState["at"]>): { readonly step: string; readonly visit: number } {
  return at.begunAs ?? { step: at.step, visit: at.visit };
}
