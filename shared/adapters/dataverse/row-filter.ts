import type { RowsOf, RowWhere } from "../../ports/dataverse.ts";
import type { TableShape } from "./metadata.ts";
import { propertyOf } from "./row-values.ts";
import { partLiteral, textLiteral } from "./text-literal.ts";

const DAY_MS = 86_400_000;

/** `$filter` for rows that lead to another one and of which all comparisons hold. `days`: its columns without a time. */
export function filterOf(asked: RowsOf, shape: TableShape, days: ReadonlySet<string>): string {
  const parts = [
    `${propertyOf(asked.lookup, shape)} eq ${asked.to}`,
    ...(asked.except === null ? [] : [`${shape.id} ne ${asked.except}`]),
    ...asked.where.map((each) => comparisonOf(each, shape, days)),
  ];
  return parts.join(" and ");
}

function comparisonOf(where: RowWhere, shape: TableShape, days: ReadonlySet<string>): string {
  const property = propertyOf(where.column, shape);
  const literal = (value: string | number | boolean) => literalOf(value, where.column, shape);
  switch (where.op) {
    case "is-null":
      return `${property} eq null`;
    case "is-not-null":
      return `${property} ne null`;
    // What is empty is not that value either, but no comparison of Dataverse is true of it.
    case "ne":
      return `(${property} ne ${literal(where.value)} or ${property} eq null)`;
    case "in":
      return `(${where.value.map((value) => `${property} eq ${literal(value)}`).join(" or ")})`;
    case "contains":
      return `contains(${property},${partLiteral(String(where.value))})`;
    case "starts-with":
      return `startswith(${property},${partLiteral(String(where.value))})`;
    case "between":
      return span(property, where.from, where.to, days.has(where.column));
    default:
      return `${property} ${where.op} ${literal(where.value)}`;
  }
}

function literalOf(value: string | number | boolean, column: string, shape: TableShape): string {
  if (typeof value !== "string") return String(value);
  // Ids and dates stand without quotes.
  return shape.columns.get(column) === "plain" ? textLiteral(value) : value;
}

/** A day begins at midnight UTC, as everywhere here: those of the span are the ones that begin in it. */
function span(property: string, from: number, until: number, ofDays: boolean): string {
  const text = (ms: number): string => new Date(ms).toISOString();
  if (!ofDays) return `${property} ge ${text(from)} and ${property} le ${text(until)}`;
  const first = text(Math.ceil(from / DAY_MS) * DAY_MS).slice(0, 10);
  return `${property} ge ${first} and ${property} le ${text(until).slice(0, 10)}`;
}
