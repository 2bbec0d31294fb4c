import type { Run, Tracking } from "../stores/reconciliation.ts";
import type { Deps } from "./deps.ts";
import { findBypassed, sendMark } from "./find-bypassed.ts";
import { findFailedJobs } from "./find-failed-jobs.ts";
import { problemOf } from "./registration.ts";
import { trackChanges } from "./track-changes.ts";

type Needs = Parameters<typeof findBypassed>[1] & Parameters<typeof findFailedJobs>[0];

/**
 * Looks for changes that never came (rule 9), for the timer: failed system jobs first, since what they tell is exact;
 * then what change tracking knows beyond. Where Dataverse does not answer, the next run makes up for it.
 */
export async function reconcile(deps: Needs): Promise<Run | "off"> {
  if (!deps.settings.reconcile) return "off";
  const problems: string[] = [];
  const attempt = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (fault) {
      const problem = problemOf(fault);
      if (problem === undefined) throw fault;
      problems.push(problem);
      return undefined;
    }
  };
  const jobs = await attempt(() => findFailedJobs(deps));
  const saved = await attempt(() => trackChanges(deps));
  // Without the jobs a change that was lost would be taken for one made past the business logic.
  const untold = jobs === undefined ? undefined : await attempt(() => findBypassed(jobs, deps));
  await sendMark(deps);
  const run = { at: deps.clock.now(), jobs: jobs?.size ?? 0, saved: saved ?? 0, untold: untold ?? 0, problems };
  await deps.reconciliation.setLastRun(run);
  return run;
}

/** How far the search for changes that never came is. Moments are ISO 8601. */
export interface ReconciliationShown {
  readonly on: boolean;
  readonly lastRun: (Omit<Run, "at"> & { readonly at: string }) | null;
  /** Failed system jobs that ended before this are done with. */
  readonly jobsSince: string | null;
  readonly tables: readonly {
    readonly table: string;
    /** Whatever was saved before this is known; null where it can't be read. */
    readonly since: string | null;
    readonly refused: string | null;
    /** Times of which nobody knows what was deleted: the place to go on from was too old. */
    readonly gaps: readonly { readonly from: string; readonly to: string }[];
  }[];
}

export async function showReconciliation({
  reconciliation,
  settings,
}: Pick<Deps, "reconciliation" | "settings">): Promise<ReconciliationShown> {
  const [last, jobs, tables] = await Promise.all([
    reconciliation.lastRun(),
    reconciliation.jobs(),
    reconciliation.everyTracking(),
  ]);
  return {
    on: settings.reconcile,
    lastRun: last === undefined ? null : { ...last, at: iso(last.at) },
    jobsSince: jobs === undefined ? null : iso(jobs.since),
    tables: tables.map(shown),
  };
}

function shown({ table, since, refused, restarts }: Tracking): ReconciliationShown["tables"][number] {
  const gaps = restarts.map(({ at, from }) => ({ from: iso(from), to: iso(at) }));
  return { table, since: refused === null ? iso(since) : null, refused, gaps };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
