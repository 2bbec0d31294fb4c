import type { Columns, FieldValue, Reference } from "../../domain/value.ts";
import { isReference } from "../../domain/value.ts";
import { ParcoursError } from "../../errors.ts";
import type { RowAnswer } from "./answers.ts";
import type { ColumnKind, Navigations, TableShape } from "./metadata.ts";

const NAME = "OData.Community.Display.V1.FormattedValue";
const TABLE = "Microsoft.Dynamics.CRM.lookuplogicalname";

/** What `$select` calls a column: a lookup is its value there. */
export function propertyOf(column: string, shape: TableShape): string {
  return shape.columns.get(column) === "lookup" ? `_${column}_value` : column;
}

/** Without a column it is asked whether the row is there; an empty selection would bring all of it. */
export function selectedOf(columns: readonly string[], shape: TableShape): string {
  return [...new Set(columns.map((column) => propertyOf(column, shape)))].join(",") || shape.id;
}

/** Columns as the domain knows them, out of a row as the Web API writes it. */
export function columnsOf(row: RowAnswer, columns: Iterable<string>, shape: TableShape): Columns {
  const values: Record<string, FieldValue> = {};
  for (const column of columns) {
    const property = propertyOf(column, shape);
    values[column] = fieldOf(row, property, shape.columns.get(column));
  }
  return values;
}

function fieldOf(row: RowAnswer, property: string, kind: ColumnKind | undefined): FieldValue {
  const value = row[property];
  if (typeof value === "string") {
    if (kind === "lookup") return referenceIn(row, property, value);
    if (kind === "options") return value.split(",").map(Number);
    return kind === "moment" ? momentOf(value) : value;
  }
  return typeof value === "number" || typeof value === "boolean" ? value : null;
}

function referenceIn(row: RowAnswer, property: string, id: string): Reference {
  const name = row[`${property}@${NAME}`];
  return {
    table: String(row[`${property}@${TABLE}`] ?? ""),
    id: id.toLowerCase(),
    name: typeof name === "string" ? name : null,
  };
}

/** Moments in the domain's one form; a date without time keeps its day. */
function momentOf(text: string): string {
  const at = text.includes("T") ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? text : new Date(at).toISOString();
}

/** What of a write needs more of the metadata: the sets of referred tables, and the names to bind lookups by. */
export interface Binding {
  readonly shape: TableShape;
  readonly navigations: Navigations;
  readonly setOf: ReadonlyMap<string, string>;
}

/** The body of a write. @throws DATAVERSE_REFUSED where a lookup can't lead to that table */
export function bodyOf(values: Columns, binding: Binding): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const [column, value] of Object.entries(values))
    if (binding.shape.columns.get(column) === "lookup") Object.assign(body, boundLookup(column, value, binding));
    else body[column] = Array.isArray(value) ? value.join(",") : value;
  return body;
}

function boundLookup(column: string, value: FieldValue, binding: Binding): Record<string, string | null> {
  const targets = binding.navigations.get(column);
  if (value === null) {
    // Each of a lookup's navigation properties empties it.
    const [first] = targets?.values() ?? [];
    return first === undefined ? {} : { [`${first}@odata.bind`]: null };
  }
  const navigation = isReference(value) ? targets?.get(value.table) : undefined;
  const set = isReference(value) ? binding.setOf.get(value.table) : undefined;
  if (!isReference(value) || navigation === undefined || set === undefined)
    throw new ParcoursError("DATAVERSE_REFUSED", `${column} can't hold ${JSON.stringify(value)}`);
  return { [`${navigation}@odata.bind`]: `/${set}(${value.id})` };
}
