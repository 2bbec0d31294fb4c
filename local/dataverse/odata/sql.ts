import type { Catalogue } from "../catalogue/catalogue.ts";
import { edmTypeOf } from "../catalogue/edm.ts";
import type { Column } from "../catalogue/types.ts";
import { badQuery } from "../errors.ts";
import type { Literal } from "./filter.ts";
import { GUID } from "./guid.ts";

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

/** How a literal is told by its kind, whatever number it is. */
const GIVEN = { string: "Edm.String", boolean: "Edm.Boolean", number: "Edm.Int32" } as const;
/** The kinds that stand for these types; a number for all others. */
const KINDS: Readonly<Record<string, keyof typeof GIVEN>> = {
  "Edm.String": "string",
  "Edm.Guid": "string",
  "Edm.Date": "string",
  "Edm.DateTimeOffset": "string",
  "Edm.Boolean": "boolean",
};

/**
 * A literal of a comparison, as `bind` gives it. Unlike the arguments of functions it must be of the column's type;
 * dates and ids may stand in quotes, for Dataverse's own documentation has both. @throws ODataError 400
 */
export function comparable(column: Column, value: Literal, operator: string): string | number | null {
  if (value === null || column.type === "multiselect" || column.type === "entityname") return bind(column, value);
  const expected = edmTypeOf(column);
  const kind = kindOf(value);
  if (kind !== (KINDS[expected] ?? "number") || (expected === "Edm.Guid" && !GUID.test(String(value))))
    throw badQuery(
      `A binary operator with incompatible types was detected. Found operand types '${expected}' and '${GIVEN[kind]}' for operator kind '${operator}'.`,
    );
  return bind(column, value);
}

function kindOf(value: string | number | boolean): keyof typeof GIVEN {
  return typeof value === "string" ? "string" : typeof value === "boolean" ? "boolean" : "number";
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
