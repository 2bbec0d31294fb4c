import { edmTypeOf } from "../catalogue/edm.ts";
import type { Column, Table } from "../catalogue/types.ts";
import { badPayload, badRequest } from "../errors.ts";
import type { Value } from "../store/values.ts";
import { GUID } from "./guid.ts";

/** A value of a request's body as we keep it. @throws ODataError 400 */
export function columnInput(table: Table, column: Column, value: unknown): Value {
  if (value === null || value === "") return null; // Dataverse stores no empty text
  const read = convert(column, value);
  if (read === undefined)
    throw badPayload(
      table.set,
      `Cannot convert the literal '${String(value)}' to the expected type '${edmTypeOf(column)}'. (${column.name})`,
    );
  validate(table, column, read);
  return read;
}

function convert(column: Column, value: unknown): Value | undefined {
  switch (column.type) {
    case "boolean":
      return typeof value === "boolean" ? value : undefined;
    case "integer":
    case "bigint":
    case "picklist":
    case "state":
    case "status":
      return wholeNumber(value);
    case "decimal":
    case "money":
    case "double":
      return typeof value === "number" && Number.isFinite(value) ? value : undefined;
    case "datetime":
      return moment(column, value);
    case "multiselect":
      return optionList(value);
    case "uniqueidentifier": {
      const id = String(value).toLowerCase();
      return GUID.test(id) ? id : undefined;
    }
    default:
      return typeof value === "string" ? value : undefined;
  }
}

function wholeNumber(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isInteger(value) ? value : undefined;
  return typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : undefined;
}

function moment(column: Column, value: unknown): Value | undefined {
  if (typeof value !== "string") return undefined;
  if (column.dateOnly) return /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)) ? value : undefined;
  const ms = Date.parse(/T/.test(value) && !/(Z|[+-]\d{2}:\d{2})$/.test(value) ? `${value}Z` : value);
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000) * 1000;
}

function optionList(value: unknown): number[] | undefined {
  if (typeof value !== "string" || !/^\s*-?\d+(\s*,\s*-?\d+)*\s*$/.test(value)) return undefined;
  return value.split(",").map(Number);
}

function validate(table: Table, column: Column, value: Value): void {
  if (typeof value === "string" && column.maxLength !== undefined && value.length > column.maxLength)
    throw badRequest(
      `A validation error occurred. The length of the '${column.name}' attribute of the '${table.name}' entity exceeded the maximum allowed length of '${column.maxLength}'.`,
      "0x80044331",
    );
  if (column.options && column.type !== "boolean") {
    for (const each of Array.isArray(value) ? value : [value])
      if (!column.options.some((option) => option.value === each))
        throw badRequest(
          `A validation error occurred. The value ${each} of '${column.name}' on record of type '${table.name}' is outside the valid range. Accepted Values: ${column.options.map((option) => option.value).join(",")}`,
          "0x8004431a",
        );
    return;
  }
  if (typeof value !== "number" || column.type === "datetime") return;
  if ((column.min !== undefined && value < column.min) || (column.max !== undefined && value > column.max))
    throw badRequest(
      `A validation error occurred. The value of '${column.name}' on record of type '${table.name}' is outside the valid range.`,
      "0x80044330",
    );
}
