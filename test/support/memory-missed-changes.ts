import type {
  FailedJob,
  MissedChanges,
  RecordJob,
  TrackedPage,
  TrackedRow,
} from "../../shared/ports/missed-changes.ts";

const START_OF_TIME = "1970-01-01T00:00:00.000Z";

/** What an organisation tells of changes that never came: jobs as a test leaves them, and rows as it tracks them. */
export class MemoryMissedChanges implements MissedChanges {
  readonly jobs: FailedJob[] = [];
  /** Records with a job under way. */
  readonly underWay = new Set<string>();
  /** Tables with change tracking, and what was saved since it was read last. */
  readonly tracked = new Map<string, TrackedRow[]>();
  expired = false;
  ownUser: string | undefined;
  /** Rows, or jobs, that one page holds. */
  pageSize = 2;

  async failedJobs(steps: readonly string[], since: string, next: string | null) {
    const all = this.jobs
      .filter((job) => steps.includes(job.step) && job.completedAt >= since)
      .sort((one, other) => (one.completedAt < other.completedAt ? -1 : 1));
    const from = Number(next ?? 0);
    const to = from + this.pageSize;
    return { jobs: all.slice(from, to), next: to < all.length ? String(to) : null };
  }

  async about(steps: readonly string[], record: string): Promise<RecordJob[]> {
    const failed = this.jobs.filter((job) => job.record === record && steps.includes(job.step));
    const waiting: RecordJob[] = this.underWay.has(record)
      ? [{ state: "waiting", at: START_OF_TIME, message: null }]
      : [];
    return [...failed.map(({ at }): RecordJob => ({ state: "failed", at, message: "timed out." })), ...waiting];
  }

  async pending(): Promise<ReadonlySet<string>> {
    return this.underWay;
  }

  async tracks(table: string): Promise<boolean> {
    return this.tracked.has(table);
  }

  /** A link is how many rows were told before; the whole table is every row that was ever saved. */
  async changes(table: string, link: string | null): Promise<TrackedPage | "expired"> {
    if (link !== null && this.expired) {
      this.expired = false;
      return "expired";
    }
    const rows = this.tracked.get(table) ?? [];
    const from = Number(link ?? 0);
    const to = Math.min(rows.length, from + this.pageSize);
    const more = to < rows.length;
    return { rows: rows.slice(from, to), next: more ? String(to) : null, link: more ? null : String(to) };
  }

  async self(): Promise<string | undefined> {
    return this.ownUser;
  }
}
