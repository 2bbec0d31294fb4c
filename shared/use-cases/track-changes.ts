import { isRetryable } from "../errors.ts";
import type { TrackedPage } from "../ports/missed-changes.ts";
import type { Tracking } from "../stores/reconciliation.ts";
import type { Deps } from "./deps.ts";
import { problemOf } from "./registration.ts";

type Needs = Pick<Deps, "catalogue" | "clock" | "missed" | "reconciliation" | "settings">;

/** Pages of one table in one run; the next run goes on. */
const MOST_PAGES = 100;
const MOST_RESTARTS = 10;

/**
 * Reads the change tracking of every table that has some and that published triggers listen to, and notes what was
 * saved: once the time is over in which the webhook may still tell it, `findBypassed` looks whether it did.
 */
export async function trackChanges(deps: Needs): Promise<number> {
  const { records } = await deps.catalogue.current();
  let noted = 0;
  for (const table of records.keys())
    try {
      noted += await trackTable(table, deps);
    } catch (fault) {
      // What Dataverse refuses of one table, such as the right to read it, does not keep the others.
      if (problemOf(fault) === undefined || isRetryable(fault)) throw fault;
      const state = (await deps.reconciliation.tracking(table)) ?? begun(table, deps.clock.now());
      await deps.reconciliation.setTracking({ ...state, refused: problemOf(fault) ?? null });
    }
  for (const { table } of await deps.reconciliation.everyTracking())
    if (!records.has(table)) await deps.reconciliation.forgetTracking(table);
  return noted;
}

async function trackTable(table: string, deps: Needs): Promise<number> {
  const now = deps.clock.now();
  let state: Tracking = (await deps.reconciliation.tracking(table)) ?? begun(table, now);
  if (!(await deps.missed.tracks(table))) {
    const refused = "the table has no change tracking: what is saved past the business logic can't be found";
    // From the day on which somebody switches it on, not from the day on which it was switched off.
    await deps.reconciliation.setTracking({ ...begun(table, now), refused });
    return 0;
  }
  let noted = 0;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    if (state.page === null) state = { ...state, startedAt: now, refused: null };
    const page = await deps.missed.changes(table, state.page ?? state.link);
    if (page === "expired") {
      state = restarted(state, now);
      continue;
    }
    noted += await note(page, state, deps);
    state = after(page, state);
    await deps.reconciliation.setTracking(state);
    if (state.page === null) break;
  }
  return noted;
}

function begun(table: string, now: number): Tracking {
  return { table, link: null, page: null, startedAt: now, since: now, restarts: [], refused: null };
}

/** A link lives for seven days. All rows are read anew: those saved since are found, what was deleted is not. */
function restarted(state: Tracking, now: number): Tracking {
  const restarts = [{ at: now, from: state.since }, ...state.restarts].slice(0, MOST_RESTARTS);
  return { ...state, link: null, page: null, startedAt: now, restarts };
}

/** Where the reading goes on. What was saved before it began is done with only once all of it was read. */
function after({ link, next }: TrackedPage, state: Tracking): Tracking {
  if (next !== null) return { ...state, page: next };
  return { ...state, page: null, link: link ?? state.link, since: state.startedAt };
}

async function note(
  { rows }: TrackedPage,
  state: Tracking,
  { clock, reconciliation, settings }: Needs,
): Promise<number> {
  const now = clock.now();
  // Without a link all rows come: of most it is long known.
  const news = state.link !== null ? rows : rows.filter(({ modifiedAt }) => isSince(modifiedAt, state.since));
  const suspects = news.map((row) => ({
    due: Math.max(row.modifiedAt === null ? now : Date.parse(row.modifiedAt), state.since) + settings.reconcileGrace,
    value: { ...row, table: state.table, foundAt: now, since: state.since },
  }));
  await reconciliation.suspect(suspects);
  return suspects.length;
}

/** Dataverse keeps whole seconds. */
function isSince(modifiedAt: string | null, since: number): boolean {
  return modifiedAt !== null && Date.parse(modifiedAt) >= since - 1_000;
}
