import type { Columns } from "./value.ts";

export type Message = "create" | "update" | "delete";

/** By which way Parcours heard of a change: the webhook, or one of those by which it finds what never came so. */
export type Via = "webhook" | "failed-job" | "change-tracking" | "replay";

/**
 * A change came without its values, and they were put together from the row as it was later. What `before` and `after`
 * do not hold is not null but unknown; `written` names the columns that differ from when they were seen last.
 */
export interface ReadBack {
  readonly why: "oversize" | "failed-job" | "change-tracking";
  /** When the row was read, ISO 8601. */
  readonly at: string;
  /** It was not there any more. */
  readonly gone: boolean;
  /** Time of the change before this one whose stored body told the values before; null where none did. */
  readonly since: string | null;
}

/** Why it counts as an import's: by whose hand, by a column that imports write, or by what the writer said of itself. */
export type ImportMark = "user" | "column" | "tag";

/** One record change of Dataverse, normalised. */
export interface Change {
  /** Idempotency key: registration, operation and record, by the platform's documented rule. */
  readonly id: string;
  readonly organization: string;
  readonly table: string;
  /** Lower-case GUID. */
  readonly record: string;
  readonly message: Message;
  /** The columns that the save included, changed or not. */
  readonly written: readonly string[];
  /** Values before, as far as the pre-image holds them; null on create. */
  readonly before: Columns | null;
  /** Values after: the post-image with what was written over it; null on delete. */
  readonly after: Columns | null;
  /** OperationCreatedOn, ISO 8601, whole seconds. */
  readonly at: string;
  /** Lower-case GUID of the user who made it, and of the one in whose name. */
  readonly by: string;
  readonly initiatedBy: string;
  /** 1 where a person or client made it, more where a plug-in or flow did. */
  readonly depth: number;
  /** The shared variable `tag`: what the writer said of itself, or null. */
  readonly tag: string | null;
  /** Over 256 KB, so that Dataverse left columns out: the row must be read back. */
  readonly oversize: boolean;
  /** Why it counts as an import's, if it does: decided at the receipt. */
  readonly imported?: ImportMark;
  /** Absent where the change brought its values itself. */
  readonly readBack?: ReadBack;
}
