import type { JourneyVersion } from "../domain/journey.ts";
import type { RunState } from "../domain/run.ts";
import type { StoredFact } from "../stores/members.ts";
import type { Deps } from "./deps.ts";
import { operationOf } from "./send-mail.ts";

type Needs = Pick<Deps, "codes" | "deliveries" | "index" | "insights" | "journeys" | "members">;

/** A line of the operators' list is what a purge finds a run by: it goes last. */
type Line = Parameters<Deps["index"]["remove"]>[0];

/**
 * Removes all that a run that ended left behind: sends with their answers and reports, claims of codes, facts, the run
 * itself. Counters stay, and so does the key of its entry: who was let in once is not let in again (rule 5). Cut off, it
 * begins anew.
 */
export async function purgeRun(line: Line, deps: Needs): Promise<void> {
  const { member, run } = line;
  const stored = await deps.members.run(member, run);
  if (stored !== undefined) {
    const facts = await deps.members.storedFacts(member, run);
    const { state } = stored.row;
    for (const [step, visit] of visitsOf(state, facts)) {
      await deps.deliveries.remove(operationOf(run, { step, visit }));
      for (const pool of await poolsOf(state, deps)) await deps.codes.forget(pool, { run, step, visit });
    }
    for (const version of versionsOf(state))
      await deps.insights.forget({ journey: state.journey, version, run }, facts);
    await deps.members.removeRun(member, run, facts);
  }
  await deps.index.remove(line, line.bucket);
}

/** Every visit of every step, under the names that they had then: a migration may have given steps others. */
function visitsOf({ visits }: RunState, facts: readonly StoredFact[]): readonly (readonly [string, number])[] {
  const found = new Map<string, readonly [string, number]>();
  for (const { value } of facts)
    if (value.step !== null && value.visit !== null)
      found.set(`${value.step}~${value.visit}`, [value.step, value.visit]);
  for (const [step, count] of Object.entries(visits))
    for (let visit = 1; visit <= count; visit += 1) found.set(`${step}~${visit}`, [step, visit]);
  return [...found.values()];
}

/** A run that was migrated was counted under the versions before, too. */
function versionsOf({ version }: RunState): readonly number[] {
  return Array.from({ length: version }, (_, n) => version - n);
}

async function poolsOf(state: RunState, deps: Pick<Deps, "journeys">): Promise<readonly string[]> {
  if (Object.keys(state.codes).length === 0) return [];
  const versions = await Promise.all(
    versionsOf(state).map((version) => deps.journeys.revision(state.journey, version)),
  );
  return [...new Set(versions.flatMap((version) => (version === undefined ? [] : poolsIn(version))))];
}

function poolsIn({ journey }: JourneyVersion): readonly string[] {
  return Object.values(journey.steps).flatMap((step) => (step.kind === "discount" ? [step.pool] : []));
}
