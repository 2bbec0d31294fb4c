import type { Catalogue } from "../catalogue/catalogue.ts";
import { edmTypeOf } from "../catalogue/edm.ts";
import type { Column } from "../catalogue/types.ts";
import { badQuery } from "../errors.ts";
import type { Literal } from "./filter.ts";

export interface SqlContext {
  readonly catalogue: Catalogue;
  /** Virtual now, ms: what `Today` and `LastXDays` are counted from. */
  readonly now: number;
  readonly caller: string;
  readonly businessUnit: string;
}

export interface Sql {
  readonly text: string;
  readonly params: readonly (string | number | null)[];
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * A literal of a comparison, as `bind` gives it. Unlike the arguments of functions it must be of the column's type;
 * dates and ids may stand in quotes, for Dataverse's own documentation has both. @throws ODataError 400
 */
export function comparable(column: Column, value: Literal, operator: string): string | number | null {
  if (value === null || column.type === "multiselect" || column.type === "entityname") return bind(column, value);
  const expected = edmTypeOf(column);
  const given = typeof value === "string" ? "Edm.String" : typeof value === "boolean" ? "Edm.Boolean" : "Edm.Int32";
  const fits =
    expected === "Edm.Guid"
      ? typeof value === "string" && GUID.test(value)
      : expected === "Edm.String" || column.type === "datetime"
        ? typeof value === "string"
        : expected === "Edm.Boolean"
          ? typeof value === "boolean"
          : typeof value === "number";
  if (!fits)
    throw badQuery(
      `A binary operator with incompatible types was detected. Found operand types '${expected}' and '${given}' for operator kind '${operator}'.`,
    );
  return bind(column, value);
}

/** A literal as SQLite keeps values of that column. @throws ODataError 400 */
export function bind(column: Column, value: Literal): string | number | null {
  if (value === null) return null;
  switch (column.type) {
    case "boolean":
      return value === true || value === 1 ? 1 : 0;
    case "datetime": {
      if (column.dateOnly) return String(value).slice(0, 10);
      const instant = Date.parse(String(value));
      if (Number.isNaN(instant)) throw badQuery(`'${value}' is not a date (${column.name}).`);
      return instant;
    }
    case "integer":
    case "bigint":
    case "decimal":
    case "double":
    case "money":
    case "picklist":
    case "state":
    case "status": {
      const number = Number(value);
      if (Number.isNaN(number) || typeof value === "boolean")
        throw badQuery(`A binary operator with incompatible types was detected: '${column.name}' and '${value}'.`);
      return number;
    }
    case "multiselect":
      throw badQuery(`Use ContainValues on '${column.name}'.`);
    case "lookup":
    case "customer":
    case "owner":
    case "uniqueidentifier":
      return String(value).toLowerCase();
    default:
      return String(value);
  }
}
