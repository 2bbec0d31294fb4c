import type { Message } from "../domain/change.ts";

/** One of Dataverse's calls of the webhook that failed for good; its id is the change's operation. */
export interface FailedJob {
  readonly id: string;
  /** The registration that it was made for. */
  readonly step: string;
  /** Lower-case GUID; null where the job names no record. */
  readonly record: string | null;
  /** When the change was made and when Dataverse gave up, ISO 8601. */
  readonly at: string;
  readonly completedAt: string;
  /** Lower-case GUID of the user who made the change. */
  readonly by: string | null;
  readonly depth: number;
}

/** A job about one record that failed, or has not run yet. */
export interface RecordJob {
  readonly state: "failed" | "waiting";
  /** When the change was made, ISO 8601. */
  readonly at: string;
  /** What Dataverse says of the failure. */
  readonly message: string | null;
}

/** The registration that a job belongs to, as far as a change needs it. */
export interface KnownStep {
  readonly id: string;
  readonly table: string;
  readonly message: Message;
}

/** A row that was written or deleted, as change tracking tells it: how it is now, not what happened. */
export interface TrackedRow {
  readonly id: string;
  readonly deleted: boolean;
  /** ISO 8601; null where the table has no such column, or the row is gone. */
  readonly createdAt: string | null;
  readonly modifiedAt: string | null;
  /** Lower-case GUID of whoever saved it last. */
  readonly by: string | null;
}

export interface TrackedPage {
  readonly rows: readonly TrackedRow[];
  /** Where to go on at once; null at the end. */
  readonly next: string | null;
  /** Where to go on later; null before the end. */
  readonly link: string | null;
}

/**
 * What an organisation still tells of changes that never came by the webhook.
 * All throw DATAVERSE_UNAVAILABLE, DATAVERSE_REFUSED.
 */
export interface MissedChanges {
  /** Failed jobs of these registrations, a few dozen at most, that ended at or after a moment; oldest first. */
  failedJobs(
    steps: readonly string[],
    since: string,
    next: string | null,
  ): Promise<{ readonly jobs: readonly FailedJob[]; readonly next: string | null }>;
  /** Failed and waiting jobs of these registrations about one record, oldest first, the latest few. */
  about(steps: readonly string[], record: string): Promise<readonly RecordJob[]>;
  /** Records with jobs of these registrations that are not over yet; undefined where these are too many to tell. */
  pending(steps: readonly string[]): Promise<ReadonlySet<string> | undefined>;
  /** Whether the table has change tracking. */
  tracks(table: string): Promise<boolean>;
  /** What changed since the link was given; without one, every row that there is. `expired`: begin anew without one. */
  changes(table: string, link: string | null): Promise<TrackedPage | "expired">;
  /** Lower-case GUID of Parcours's own user; undefined where it does not sign in, as on one's own machine. */
  self(): Promise<string | undefined>;
}
