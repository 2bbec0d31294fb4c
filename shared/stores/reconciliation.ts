import type { KnownStep, TrackedRow } from "../ports/missed-changes.ts";
import type { Rows, StoredRow } from "../ports/rows.ts";
import { hash } from "./hash.ts";
import { key, padTime } from "./keys.ts";
import { all, firstPage } from "./pages.ts";

const TABLE = "Reconciliation";
const JOBS = "failed-jobs";
const STATE = "state";
const RUNS = "runs";
const MARKER = "reported-until";
const TRACKING = "tracking";
const SUSPECTS = "suspects";
const MOST_WRITES = 100;

/** What one run of the search found. */
export interface Run {
  /** Milliseconds. */
  readonly at: number;
  /** Records of failed system jobs, some of them found before. */
  readonly jobs: number;
  /** Rows that change tracking named. */
  readonly saved: number;
  /** Changes that nobody had told. */
  readonly untold: number;
  /** Why it could not look everywhere. */
  readonly problems: readonly string[];
}

/** How far failed jobs were looked through. Times are milliseconds. */
export interface JobsSeen {
  /** Jobs that ended before this are done with. */
  readonly since: number;
  /** Registrations that there are, or were in the last weeks: a job may outlive its own. */
  readonly steps: readonly (KnownStep & { readonly lastSeen: number })[];
}

/** How far a table's change tracking was read. Times are milliseconds. */
export interface Tracking {
  readonly table: string;
  /** Where it goes on at the next run; null while the table is read whole for the first time, or anew. */
  readonly link: string | null;
  /** The next page, where a run ended in between. */
  readonly page: string | null;
  /** When the reading under way began. */
  readonly startedAt: number;
  /** Whatever was saved before this is done with, or was before Parcours began to look. */
  readonly since: number;
  /** A link that had expired: what was deleted in that time is not known. The latest few. */
  readonly restarts: readonly { readonly at: number; readonly from: number }[];
  /** Why it can't be read, if it can't. */
  readonly refused: string | null;
}

/** A row that was written or deleted, and of which it is to be seen whether the webhook told it. */
export interface Suspect extends TrackedRow {
  readonly table: string;
  readonly foundAt: number;
  /** What was saved before this, an earlier look has found. */
  readonly since: number;
}

/** What the search for changes that never came remembers. */
export class Reconciliation {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  async lastRun(): Promise<Run | undefined> {
    return (await this.#rows.get<Run>(TABLE, RUNS, STATE))?.value;
  }

  async setLastRun(value: Run): Promise<void> {
    await this.#rows.commit(TABLE, RUNS, [{ kind: "upsert", row: STATE, value }]);
  }

  async jobs(): Promise<JobsSeen | undefined> {
    return (await this.#rows.get<JobsSeen>(TABLE, JOBS, STATE))?.value;
  }

  async setJobs(value: JobsSeen): Promise<void> {
    await this.#rows.commit(TABLE, JOBS, [{ kind: "upsert", row: STATE, value }]);
  }

  async tracking(table: string): Promise<Tracking | undefined> {
    return (await this.#rows.get<Tracking>(TABLE, TRACKING, key(table)))?.value;
  }

  async everyTracking(): Promise<Tracking[]> {
    return (await all<Tracking>(this.#rows, TABLE, TRACKING, {})).map(({ value }) => value);
  }

  async setTracking(value: Tracking): Promise<void> {
    await this.#rows.commit(TABLE, TRACKING, [{ kind: "upsert", row: key(value.table), value }]);
  }

  async forgetTracking(table: string): Promise<void> {
    await this.#rows.commit(TABLE, TRACKING, [{ kind: "delete", row: key(table) }]);
  }

  /** To be looked at once it is `due`, in milliseconds. The same save again is the same row. */
  async suspect(suspects: readonly { readonly due: number; readonly value: Suspect }[]): Promise<void> {
    const rows = new Map(suspects.map(({ due, value }) => [rowOf(due, value), value]));
    const writes = [...rows].map(([row, value]) => ({ kind: "upsert", row, value }) as const);
    for (let from = 0; from < writes.length; from += MOST_WRITES)
      await this.#rows.commit(TABLE, SUSPECTS, writes.slice(from, from + MOST_WRITES));
  }

  /** Reports of changes that were published before this were worked on; milliseconds. */
  async reportedUntil(): Promise<number> {
    return (await this.#rows.get<number>(TABLE, RUNS, MARKER))?.value ?? 0;
  }

  async setReportedUntil(value: number): Promise<void> {
    if (value <= (await this.reportedUntil())) return;
    await this.#rows.commit(TABLE, RUNS, [{ kind: "upsert", row: MARKER, value }]);
  }

  /** Those that are due, the oldest first. */
  async due(now: number, limit: number): Promise<readonly StoredRow<Suspect>[]> {
    return (await firstPage<Suspect>(this.#rows, TABLE, SUSPECTS, { below: padTime(now), limit })).rows;
  }

  async clear(row: string): Promise<void> {
    await this.#rows.commit(TABLE, SUSPECTS, [{ kind: "delete", row }]);
  }
}

function rowOf(due: number, { table, id, modifiedAt }: Suspect): string {
  return key(padTime(due), hash(table, id, modifiedAt ?? "deleted"));
}
