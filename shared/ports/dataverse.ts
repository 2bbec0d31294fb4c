import type { RowComparison } from "../domain/child-rows.ts";
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

/** One row's columns. */
export interface RowAsked {
  readonly table: string;
  readonly id: string;
  readonly columns: readonly string[];
}

/** A comparison of counted rows, its span of time measured: between two moments, in milliseconds. */
export type RowWhere =
  | Exclude<RowComparison, { readonly op: "within-last" | "within-next" }>
  | { readonly column: string; readonly op: "between"; readonly from: number; readonly to: number };

/** Rows that a lookup leads from, to one row. */
export interface RowsOf {
  readonly table: string;
  readonly lookup: string;
  /** Id of the row that they lead to. */
  readonly to: string;
  /** Id of the one that does not count, if one does not. */
  readonly except: string | null;
  /** All of these hold of a row that counts. */
  readonly where: readonly RowWhere[];
  /** They are counted no further. */
  readonly most: number;
}

/** Rows that somebody looks for by what is written on a letter: a number, a name, an address. */
export interface RowSearch {
  readonly text: string;
  /** Columns that must hold the text itself, and columns that must contain it: one of them is enough. */
  readonly equal: readonly string[];
  readonly containing: readonly string[];
  readonly columns: readonly string[];
  readonly most: number;
}

/** What Parcours asks of an organisation. */
export interface Dataverse {
  /** A row's columns now; undefined when it does not exist. @throws DATAVERSE_UNAVAILABLE, DATAVERSE_REFUSED */
  read(table: string, id: string, columns: readonly string[]): Promise<Columns | undefined>;
  /**
   * Rows now, and how many rows there are, each in the order asked; all that is asked for at the same time goes in one
   * request. A row that does not exist is undefined. Throws as `read`.
   */
  look(asked: { readonly rows: readonly RowAsked[]; readonly counts: readonly RowsOf[] }): Promise<{
    readonly rows: readonly (Columns | undefined)[];
    readonly counts: readonly number[];
  }>;
  /** Several rows by id, a query for each hundred; those that do not exist are left out. Throws as `read`. */
  readMany(table: string, ids: readonly string[], columns: readonly string[]): Promise<ReadonlyMap<string, Columns>>;
  /** A table's latest rows, newest first, in one query. Throws as `read`. */
  recent(table: string, ask: RecentRows): Promise<readonly FoundRow[]>;
  /**
   * Ids of the active rows whose column holds the value, at most two: enough to tell one from several. For tables of
   * people, which have a state. @throws DATAVERSE_UNAVAILABLE, DATAVERSE_REFUSED
   */
  find(table: string, column: string, value: string | number): Promise<readonly string[]>;
  /** Rows that hold a text, active or not, those that were saved last first, in one query. Throws as `read`. */
  search(table: string, ask: RowSearch): Promise<readonly FoundRow[]>;
  /** Writes columns of one row; the tag arrives in the contexts of the steps it fires. */
  update(table: string, id: string, values: Columns, tag: string): Promise<"updated" | "missing">;
  /** Labels of a table's option columns in one language: column → number → label. Cached for some minutes. */
  labels(table: string, language: string): Promise<Readonly<Record<string, Readonly<Record<string, string>>>>>;
}
