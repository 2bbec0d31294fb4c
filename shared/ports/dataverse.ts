import type { Columns } from "../domain/value.ts";

/** What Parcours asks of an organisation. */
export interface Dataverse {
  /** A row's columns now; undefined when it does not exist. @throws DATAVERSE_UNAVAILABLE, DATAVERSE_REFUSED */
  read(table: string, id: string, columns: readonly string[]): Promise<Columns | undefined>;
  /** Writes columns of one row; the tag arrives in the contexts of the steps it fires. */
  update(table: string, id: string, values: Columns, tag: string): Promise<"updated" | "missing">;
  /** Labels of a table's option columns in one language: column → number → label. Cached for some minutes. */
  labels(table: string, language: string): Promise<Readonly<Record<string, Readonly<Record<string, string>>>>>;
}
