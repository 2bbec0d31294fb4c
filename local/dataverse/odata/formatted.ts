import { type Column, isLookup, type Language, type Option } from "../catalogue/types.ts";
import { isReference, type Value } from "../store/values.ts";

export type NameOf = (table: string, id: string) => string | undefined;

const NUMBERS = new Map<number, Intl.NumberFormat>();

/** What a value looks like to a user: label, name, number with separators. Undefined where Dataverse adds nothing. */
export function formatted(
  column: Column,
  value: Value,
  nameOf: NameOf,
  moment: (ms: number, column: Column) => string,
  language: Language = 1033,
): string | undefined {
  if (value === null) return undefined;
  if (isReference(value)) return nameOf(value.table, value.id);
  if (isLookup(column)) return undefined;
  switch (column.type) {
    case "boolean":
      return labelOf(column.options, value === true ? 1 : 0, language);
    case "picklist":
    case "state":
    case "status":
      return labelOf(column.options, Number(value), language);
    case "multiselect":
      return (value as readonly number[]).map((each) => labelOf(column.options, each, language)).join("; ");
    case "money":
      return `€${number(Number(value), 2)}`;
    case "decimal":
    case "double":
      return number(Number(value), column.precision ?? 2);
    case "integer":
    case "bigint":
      return number(Number(value), 0);
    case "datetime":
      return moment(typeof value === "number" ? value : Date.parse(`${String(value)}T00:00:00Z`), column);
    default:
      return undefined;
  }
}

function labelOf(options: readonly Option[] | undefined, value: number, language: Language): string {
  return options?.find((option) => option.value === value)?.labels[language] ?? String(value);
}

function number(value: number, digits: number): string {
  let format = NUMBERS.get(digits);
  if (!format) {
    format = new Intl.NumberFormat("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
    NUMBERS.set(digits, format);
  }
  return format.format(value);
}

/** A moment in Web API annotations, as a user in UTC with English formats sees it. */
export function userMoment(ms: number, column: Column): string {
  const date = new Date(ms);
  const day = `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${date.getUTCFullYear()}`;
  if (column.dateOnly) return day;
  const hours = date.getUTCHours();
  return `${day} ${hours % 12 || 12}:${String(date.getUTCMinutes()).padStart(2, "0")} ${hours < 12 ? "AM" : "PM"}`;
}
