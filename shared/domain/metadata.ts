import type { AudienceWay } from "./trigger.ts";

/** A label in the languages that pages speak. */
export interface Labels {
  readonly en: string;
  readonly fr: string;
}

/** What a column holds, as far as an author has to know. `moment` is an instant, `day` a date that never shifts. */
export const COLUMN_TYPES = [
  "text",
  "number",
  "money",
  "boolean",
  "choice",
  "choices",
  "state",
  "status",
  "moment",
  "day",
  "lookup",
  "id",
  "other",
] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];

/** One choice of a column. A boolean's are 0 and 1. */
export interface Option {
  readonly value: number;
  readonly label: Labels;
  /** Of a status: the state that it belongs to. */
  readonly state: number | null;
}

export interface ColumnInfo {
  readonly column: string;
  readonly label: Labels;
  readonly type: ColumnType;
  readonly custom: boolean;
  /** Whether people may write it: what the platform derives is no choice to listen to. */
  readonly writable: boolean;
  /** Choices of a choice, state, status or boolean; else none. */
  readonly options: readonly Option[];
  /** Tables that a lookup may lead to; else none. */
  readonly targets: readonly string[];
}

export interface TableLine {
  readonly table: string;
  readonly label: Labels;
  readonly custom: boolean;
  /** Of the platform itself, or hidden from people's own queries. */
  readonly system: boolean;
  /** Column by which people call a row; null where there is none. */
  readonly nameColumn: string | null;
}

export interface TableInfo extends TableLine {
  readonly columns: readonly ColumnInfo[];
}

export const PERSON_TABLES = ["contact", "account", "lead"] as const;
export type PersonTable = AudienceWay["table"];

export function isPersonTable(table: string): table is PersonTable {
  return (PERSON_TABLES as readonly string[]).includes(table);
}
