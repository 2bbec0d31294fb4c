import type { Catalogue } from "../catalogue/catalogue.ts";
import { type Column, isLookup, propertyOf, type Table } from "../catalogue/types.ts";
import { noProperty } from "../errors.ts";
import { isReference, type Row, type Value } from "../store/values.ts";
import { formatted, type NameOf, userMoment } from "./formatted.ts";

export type Json = Record<string, unknown>;

/** Which annotations the caller asked for by `Prefer: odata.include-annotations`. */
export type Annotations = (name: string) => boolean;

export const FORMATTED = "OData.Community.Display.V1.FormattedValue";
export const LOOKUP_TABLE = "Microsoft.Dynamics.CRM.lookuplogicalname";
export const NAVIGATION = "Microsoft.Dynamics.CRM.associatednavigationproperty";

export function etagOf(row: Row): string {
  return `W/"${row.version}"`;
}

/** Columns that `$select` names, or all that may be read. @throws ODataError 400 */
export function selectedColumns(
  catalogue: Catalogue,
  table: Table,
  select: readonly string[] | undefined,
): readonly Column[] {
  const index = catalogue.index(table.name);
  if (!select || select.includes("*")) return table.columns.filter((column) => column.readable !== false);
  const columns = new Map<string, Column>();
  for (const name of select) {
    const column = index.properties.get(name);
    if (!column) throw noProperty(name, table.name);
    columns.set(column.name, column);
  }
  const id = index.columns.get(table.primaryId);
  if (id) columns.set(id.name, id); // always given back
  return [...columns.values()].filter((column) => column.readable !== false);
}

/** A row as the Web API writes it. */
export function rowJson(row: Row, columns: readonly Column[], wants: Annotations, nameOf: NameOf): Json {
  const json: Json = { "@odata.etag": etagOf(row) };
  for (const column of columns) {
    const value = row.values[column.name] ?? null;
    const name = propertyOf(column);
    if (value !== null) annotate(json, name, column, value, wants, nameOf);
    json[name] = plain(column, value);
  }
  return json;
}

function annotate(json: Json, name: string, column: Column, value: Value, wants: Annotations, nameOf: NameOf): void {
  if (isLookup(column) && isReference(value)) {
    const target = column.targets?.find((each) => each.table === value.table);
    if (target && wants(NAVIGATION)) json[`${name}@${NAVIGATION}`] = target.navigation;
    if (wants(LOOKUP_TABLE)) json[`${name}@${LOOKUP_TABLE}`] = value.table;
  }
  if (!wants(FORMATTED)) return;
  const text = formatted(column, value, nameOf, userMoment);
  if (text !== undefined) json[`${name}@${FORMATTED}`] = text;
}

/** A value without its annotations. */
export function plain(column: Column, value: Value): unknown {
  if (value === null) return null;
  if (isReference(value)) return value.id;
  if (column.type === "datetime") return typeof value === "number" ? moment(value) : value;
  if (column.type === "multiselect") return (value as readonly number[]).join(",");
  return value;
}

/** Dataverse's moments have no fraction of a second. */
function moment(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, "Z");
}
