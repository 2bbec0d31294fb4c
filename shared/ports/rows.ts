/**
 * The one storage port: Azure Table storage's own model and no more. A row is JSON under a partition and a row key,
 * with an ETag; what must change together lies in one partition. Keys come from `keys.ts`, already checked.
 */
export interface Rows {
  /** One row, or undefined. */
  get<T>(table: Table, partition: string, row: string): Promise<StoredRow<T> | undefined>;

  /**
   * Writes all or nothing, within one partition: at most 100 different rows and 4 MB. A conflict is a value, and
   * names the first write that did not fit. An insert or replace whose answer was lost comes back as a conflict:
   * callers read back and compare their own token.
   * @throws ROW_TOO_LARGE over 900 KB in one row · STORE_UNAVAILABLE
   */
  commit(table: Table, partition: string, writes: readonly Write[]): Promise<Committed | Conflict>;

  /**
   * Rows of a partition in key order, from `from` (inclusive) to `below` (exclusive). A page may be empty and still
   * have a continuation; without one it was the last.
   */
  list<T>(table: Table, partition: string, range?: Range): Promise<Page<T>>;

  /** Drops a table with all that it holds; one that does not exist is fine. It may be written to again later. */
  drop(table: Table): Promise<void>;
}

/** Table name: letters and digits, starting with a letter, 3 to 63 characters. Made on first use. */
export type Table = string;

export interface StoredRow<T> {
  readonly partition: string;
  readonly row: string;
  readonly etag: string;
  readonly value: T;
}

export type Write =
  | { readonly kind: "insert"; readonly row: string; readonly value: unknown }
  | { readonly kind: "replace"; readonly row: string; readonly value: unknown; readonly etag: string }
  | { readonly kind: "upsert"; readonly row: string; readonly value: unknown }
  /** Without an etag whatever stands there goes; a row that is not there is a conflict, `missing`. */
  | { readonly kind: "delete"; readonly row: string; readonly etag?: string };

/** The new ETags in the order of the writes; a delete has "". */
export interface Committed {
  readonly kind: "committed";
  readonly etags: readonly string[];
}

export interface Conflict {
  readonly kind: "conflict";
  /** Index of the write that did not fit. */
  readonly index: number;
  readonly reason: "exists" | "stale" | "missing";
}

export interface Range {
  readonly from?: string;
  readonly below?: string;
  /** At most this many rows; 1 to 1000 (default 1000). */
  readonly limit?: number;
  readonly continuation?: string;
}

export interface Page<T> {
  readonly rows: readonly StoredRow<T>[];
  readonly continuation?: string;
}
