import { isPersonTable, type TableInfo } from "../../domain/metadata.ts";
import type { Deps } from "../deps.ts";

/** Columns that hold what is written on a letter: `ticketnumber`, `ordernumber`, `ab_numero`. */
const NUMBER = /(number|numero|num|code|reference)$/;
const MOST_NUMBERS = 3;
/** Numbers of people and places, by which nobody looks for a case. */
const OTHERS = /(telephone|phone|fax|mobile|postal|zip)/;

/** Rows by what people call them; those that do not exist are left out. @throws DATAVERSE_UNAVAILABLE, DATAVERSE_REFUSED */
export async function readNamedRows(
  table: string,
  ids: readonly string[],
  { dataverse, metadata }: Pick<Deps, "dataverse" | "metadata">,
): Promise<ReadonlyMap<string, string | null>> {
  const info = await metadata.table(table);
  if (info === undefined) return new Map();
  const columns = namesOf(info);
  const rows = await dataverse.readMany(table, ids, columns);
  return new Map([...rows].map(([id, row]) => [id, nameIn(row, columns)]));
}

/** What people call a row by: its number, and its name. */
export function namesOf(info: TableInfo): readonly string[] {
  const names = isPersonTable(info.table) ? [] : numbersOf(info).slice(0, 1);
  return [...names, ...(info.nameColumn === null ? [] : [info.nameColumn])];
}

/** Columns of text that hold a number as letters show it. */
export function numbersOf({ columns }: TableInfo): readonly string[] {
  return columns
    .filter(({ column, type }) => type === "text" && NUMBER.test(column) && !OTHERS.test(column))
    .map(({ column }) => column)
    .slice(0, MOST_NUMBERS);
}

/** The name of a row; null where it has none. */
export function nameIn(row: Readonly<Record<string, unknown>>, columns: readonly string[]): string | null {
  const parts = columns.flatMap((column) => {
    const value = row[column];
    return typeof value === "string" && value.trim() !== "" ? value.trim() : [];
  });
  return parts.length === 0 ? null : [...new Set(parts)].join(" – ");
}
