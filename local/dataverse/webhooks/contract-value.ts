import type { Column, Table } from "../catalogue/types.ts";
import { formatted, type NameOf } from "../odata/formatted.ts";
import { isReference, type Value, type Values } from "../store/values.ts";

/** The namespace of the types of RemoteExecutionContext. */
export const NS = "http://schemas.microsoft.com/xrm/2011/Contracts";

export interface Pair {
  readonly key: string;
  readonly value: unknown;
}

export function pairs(of: Readonly<Record<string, unknown>>): Pair[] {
  return Object.entries(of).map(([key, value]) => ({ key, value }));
}

export function entityReference(table: string, id: string, name: string | null = null): unknown {
  return {
    __type: `EntityReference:${NS}`,
    Id: id,
    KeyAttributes: [],
    LogicalName: table,
    Name: name,
    RowVersion: null,
  };
}

/** A value as the contract serialiser of .NET writes it. */
export function contractValue(column: Column, value: Value, nameOf?: NameOf): unknown {
  if (value === null) return null;
  if (isReference(value)) return entityReference(value.table, value.id, nameOf?.(value.table, value.id) ?? null);
  switch (column.type) {
    case "picklist":
    case "state":
    case "status":
      return optionSetValue(Number(value));
    case "multiselect":
      return (value as readonly number[]).map(optionSetValue);
    case "money":
      return { __type: `Money:${NS}`, Value: value };
    case "datetime":
      return `/Date(${typeof value === "number" ? value : Date.parse(`${String(value)}T00:00:00Z`)})/`;
    default:
      return value;
  }
}

function optionSetValue(value: number): unknown {
  return { __type: `OptionSetValue:${NS}`, Value: value };
}

/** `lookups`: names of rows too, as images have them and Targets do not. */
export type Formatting = "none" | "values" | "lookups";

/** An entity with the columns given; those that the table does not know are left out. */
export function entity(
  table: Table,
  id: string,
  values: Values,
  formatting: Formatting,
  nameOf: NameOf,
): Record<string, unknown> {
  const attributes: Pair[] = [];
  const formattedValues: Pair[] = [];
  const columns = new Map(table.columns.map((column) => [column.name, column]));
  for (const [key, value] of Object.entries(values)) {
    const column = columns.get(key);
    if (!column || column.readable === false) continue;
    attributes.push({ key, value: contractValue(column, value, formatting === "lookups" ? nameOf : undefined) });
    if (formatting === "none" || (isReference(value) && formatting !== "lookups")) continue;
    const text = formatted(column, value, nameOf, offsetMoment);
    if (text !== undefined) formattedValues.push({ key, value: text });
  }
  return {
    Attributes: attributes,
    EntityState: null,
    FormattedValues: formattedValues,
    Id: id,
    KeyAttributes: [],
    LogicalName: table.name,
    RelatedEntities: [],
    RowVersion: null,
  };
}

/** A moment in FormattedValues: with the user's offset, here that of a user in UTC (`-00:00`, as recorded). */
function offsetMoment(ms: number, column: Column): string {
  const text = new Date(ms).toISOString();
  return column.dateOnly ? text.slice(0, 10) : `${text.slice(0, 19)}-00:00`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "/": "\\/",
  "\\n": "\\u000a",
  "\\r": "\\u000d",
  "\\t": "\\u0009",
  "\\b": "\\u0008",
  "\\f": "\\u000c",
};

/** JSON text as .NET's DataContractJsonSerializer writes it: slashes escaped, control characters by number. */
export function contractText(value: unknown): string {
  return JSON.stringify(value).replace(/\\.|\//g, (found) => ESCAPES[found] ?? found);
}
