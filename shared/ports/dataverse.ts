import type { Columns } from "../domain/value.ts";

export interface FoundRow {
  readonly id: string;
  readonly columns: Columns;
}

export interface RecentRows {
  readonly columns: readonly string[];
  /** At most so many, up to 5 000. */
  readonly most: number;
  /** The moment that counts, and that the newest are first by. */
  readonly by: "createdon" | "modifiedon";
  /** ISO 8601; older ones are left out. */
  readonly since?: string;
}

/** What Parcours asks of an organisation. */
export interface Dataverse {
  /** A row's columns now; undefined when it does not exist. @throws DATAVERSE_UNAVAILABLE, DATAVERSE_REFUSED */
  read(table: string, id: string, columns: readonly string[]): Promise<Columns | undefined>;
  /** Several rows by id, a query for each hundred; those that do not exist are left out. Throws as `read`. */
  readMany(table: string, ids: readonly string[], columns: readonly string[]): Promise<ReadonlyMap<string, Columns>>;
  /** A table's latest rows, newest first, in one query. Throws as `read`. */
  recent(table: string, ask: RecentRows): Promise<readonly FoundRow[]>;
  /**
   * Ids of the active rows whose column holds the value, at most two: enough to tell one from several. For tables of
   * people, which have a state. @throws DATAVERSE_UNAVAILABLE, DATAVERSE_REFUSED
   */
  find(table: string, column: string, value: string | number): Promise<readonly string[]>;
  /** Writes columns of one row; the tag arrives in the contexts of the steps it fires. */
  update(table: string, id: string, values: Columns, tag: string): Promise<"updated" | "missing">;
  /** Labels of a table's option columns in one language: column → number → label. Cached for some minutes. */
  labels(table: string, language: string): Promise<Readonly<Record<string, Readonly<Record<string, string>>>>>;
}
