import type { ColumnInfo, PersonTable, TableInfo, TableLine } from "../domain/metadata.ts";

/** A lookup that leads to a person, somewhere in the organisation. */
export interface PersonLookup {
  readonly table: string;
  readonly column: string;
  readonly to: PersonTable;
}

/**
 * What an organisation says of its own tables. Kept for some minutes; `fresh` asks again.
 * All throw DATAVERSE_UNAVAILABLE, or DATAVERSE_REFUSED where the right to read metadata is missing.
 */
export interface Metadata {
  tables(fresh?: boolean): Promise<readonly TableLine[]>;
  /** A table with its columns; undefined where the organisation has none of that name. */
  table(name: string, fresh?: boolean): Promise<TableInfo | undefined>;
  /** The lookups of a table alone: less to ask for than all of it. */
  lookups(name: string): Promise<readonly ColumnInfo[]>;
  /** Every lookup of any table that leads to rows of this one. */
  lookupsTo(name: string): Promise<readonly { readonly table: string; readonly column: string }[]>;
  /** Every lookup of any table that leads to a contact, account or lead. */
  personLookups(): Promise<readonly PersonLookup[]>;
}
