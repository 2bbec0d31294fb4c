import type { Catalogue, Children, Parent } from "../catalogue/catalogue.ts";
import type { Table } from "../catalogue/types.ts";
import { badPayload, badRequest } from "../errors.ts";
import type { Reference, Value } from "../store/values.ts";
import { columnInput } from "./column-input.ts";

/** What a body asks for: columns to write, and rows to make along with it (deep insert). */
export interface EntityInput {
  readonly values: Readonly<Record<string, Value>>;
  readonly children: readonly { readonly of: Children; readonly rows: readonly Readonly<Record<string, unknown>>[] }[];
}

/** Turns `/contacts(…)`, an address or a key into the row that it names. */
export type Resolve = (path: string) => Reference;

const BIND = "@odata.bind";

/** Makes the row that a body puts in the place of a link: deep insert, in creates only. */
export type Make = (parent: Parent, row: Readonly<Record<string, unknown>>) => Reference;

/** Reads the body of a create or update. @throws ODataError 400 */
export function entityInput(
  catalogue: Catalogue,
  table: Table,
  body: Readonly<Record<string, unknown>>,
  resolve: Resolve,
  make?: Make,
): EntityInput {
  const index = catalogue.index(table.name);
  const values: Record<string, Value> = {};
  const children: { of: Children; rows: Readonly<Record<string, unknown>>[] }[] = [];
  for (const [name, value] of Object.entries(body)) {
    if (name.endsWith(BIND)) {
      const navigation = name.slice(0, -BIND.length);
      const parent = index.parents.get(navigation);
      if (!parent) throw undeclared(table, navigation);
      values[parent.column.name] = value === null ? null : bound(resolve(String(value)), parent, navigation);
      continue;
    }
    if (name.includes("@")) continue; // annotations are no input
    const column = index.properties.get(name);
    const parent = index.parents.get(name);
    const of = index.children.get(name);
    if (column?.name === name) {
      if (column.writable !== false || column.name === table.primaryId)
        values[name] = columnInput(table, column, value);
    } else if (parent && value === null) values[parent.column.name] = null;
    else if (parent && make && typeof value === "object" && !Array.isArray(value))
      values[parent.column.name] = make(parent, value as Readonly<Record<string, unknown>>);
    else if (of && Array.isArray(value)) children.push({ of, rows: value });
    else if (column)
      throw badRequest(
        "CRM do not support direct update of Entity Reference properties, Use Navigation properties instead.",
        "0x80048d19",
      );
    else if (parent) throw badRequest(`Bind '${name}' to a row by '${name}${BIND}'.`, "0x80048d19");
    else throw undeclared(table, name);
  }
  return { values, children };
}

function bound(reference: Reference, { targets }: Parent, navigation: string): Reference {
  if (targets.some(({ table }) => table === reference.table)) return reference;
  const table = targets.map((target) => target.table).join(" or ");
  throw badRequest(
    `A node of type '${reference.table}' can't be bound to the navigation property '${navigation}', which leads to '${table}'.`,
    "0x80048d19",
  );
}

function undeclared(table: Table, name: string): Error {
  return badPayload(
    table.set,
    `InnerException : Microsoft.OData.ODataException: The property '${name}' does not exist on type 'Microsoft.Dynamics.CRM.${table.name}'. Make sure to only use property names that are defined by the type.`,
  );
}
