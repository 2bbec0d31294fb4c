import type { SQLOutputValue } from "node:sqlite";
import { type Column, isLookup, type Table } from "../catalogue/types.ts";
import { isReference, type Row, type Value, type Values } from "./values.ts";

/** SQLite columns of a column: a lookup with several targets keeps the target's table beside its id. */
export interface Cell {
  readonly name: string;
  readonly declaration: string;
}

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Lookups with one target need no table beside them. */
export function isPolymorphic(column: Column): boolean {
  return isLookup(column) && column.targets?.length !== 1;
}

export function typeCell(column: Column): string {
  return `${column.name}$type`;
}

export function cellsOf(column: Column): Cell[] {
  const cells = [{ name: column.name, declaration: declarationOf(column) }];
  return isPolymorphic(column) ? [...cells, { name: typeCell(column), declaration: "TEXT" }] : cells;
}

function declarationOf(column: Column): string {
  switch (column.type) {
    case "string":
    case "memo":
    case "entityname":
      return "TEXT COLLATE NOCASE"; // Dataverse's collation ignores case
    case "integer":
    case "bigint":
    case "boolean":
    case "picklist":
    case "state":
    case "status":
      return "INTEGER";
    case "datetime":
      return column.dateOnly ? "TEXT" : "INTEGER";
    case "decimal":
    case "double":
    case "money":
      return "REAL";
    default:
      return "TEXT";
  }
}

/** What SQLite stores for a value, one entry for each of the column's cells. */
export function encode(column: Column, value: Value): (string | number | null)[] {
  if (isPolymorphic(column)) return isReference(value) ? [value.id, value.table] : [null, null];
  if (isReference(value)) return [value.id];
  if (typeof value === "boolean") return [value ? 1 : 0];
  if (typeof value === "object" && value !== null) return [value.length === 0 ? null : `,${value.join(",")},`];
  return [value];
}

export function decode(column: Column, stored: Readonly<Record<string, SQLOutputValue>>): Value {
  const raw = stored[column.name];
  if (raw === null || raw === undefined) return null;
  if (isLookup(column)) {
    const table = isPolymorphic(column) ? String(stored[typeCell(column)]) : (column.targets?.[0]?.table ?? "");
    return { table, id: String(raw) };
  }
  if (column.type === "boolean") return raw === 1;
  if (column.type === "multiselect") return String(raw).split(",").filter(Boolean).map(Number);
  return typeof raw === "bigint" ? Number(raw) : (raw as string | number);
}

/** One row as SQLite gave it. Nulls are kept, so that every column has an entry. */
export function decodeRow(table: Table, stored: Readonly<Record<string, SQLOutputValue>>): Row {
  const values: Record<string, Value> = {};
  for (const column of table.columns) values[column.name] = decode(column, stored);
  return { id: String(stored[table.primaryId]), version: Number(stored.versionnumber), values };
}

export function encodeValues(table: Table, values: Values): Map<string, string | number | null> {
  const cells = new Map<string, string | number | null>();
  for (const column of table.columns) {
    if (column.name === "versionnumber") continue; // given by the store
    const value = values[column.name];
    if (value === undefined) continue;
    const encoded = encode(column, value);
    cellsOf(column).forEach((cell, at) => {
      cells.set(cell.name, encoded[at] ?? null);
    });
  }
  return cells;
}
