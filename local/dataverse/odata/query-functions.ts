import type { Column } from "../catalogue/types.ts";
import { badQuery } from "../errors.ts";
import type { Literal } from "./filter.ts";
import { bind, type Sql, type SqlContext } from "./sql.ts";

const DAY_MS = 86_400_000;
const DAYS_OF: Readonly<Record<string, number>> = { Days: 1, Weeks: 7, Months: 30, Years: 365 };

type Operand = Sql & { readonly column: Column };

/** Dataverse's own functions in `$filter`: `Microsoft.Dynamics.CRM.LastXDays(PropertyName='createdon',PropertyValue=7)`. */
export function queryFunctionSql(
  name: string,
  args: Readonly<Record<string, readonly Literal[]>>,
  property: (name: string) => Operand,
  context: SqlContext,
): Sql {
  const operand = property(String(args.PropertyName?.[0] ?? ""));
  const { text, params, column } = operand;
  const values = args.PropertyValues ?? args.PropertyValue ?? [];
  const at = (index: number) => bind(column, values[index] ?? null);
  const list = () => values.map((value) => bind(column, value));
  const marks = values.map(() => "?").join(", ");
  const between = (from: number, to: number): Sql => ({
    text: `(${text} >= ? AND ${text} < ?)`,
    params: [...params, instant(column, from), ...params, instant(column, to)],
  });
  const today = Math.floor(context.now / DAY_MS) * DAY_MS;
  switch (name) {
    case "In":
      return { text: `${text} IN (${marks})`, params: [...params, ...list()] };
    case "NotIn":
      return { text: `${text} NOT IN (${marks})`, params: [...params, ...list()] };
    case "Between":
      return { text: `(${text} BETWEEN ? AND ?)`, params: [...params, at(0), at(1)] };
    case "ContainValues":
    case "DoesNotContainValues": {
      const any = values.map(() => `${text} LIKE ?`).join(" OR ");
      const not = name === "ContainValues" ? "" : "NOT ";
      return { text: `${not}ifnull(${any}, 0)`, params: values.flatMap((value) => [...params, `%,${value},%`]) };
    }
    case "On": {
      const day = Math.floor(Date.parse(String(values[0])) / DAY_MS) * DAY_MS;
      return between(day, day + DAY_MS);
    }
    case "OnOrAfter":
      return { text: `${text} >= ?`, params: [...params, at(0)] };
    case "OnOrBefore":
      return { text: `${text} < ?`, params: [...params, instant(column, Date.parse(String(values[0])) + DAY_MS)] };
    case "Today":
      return between(today, today + DAY_MS);
    case "Yesterday":
      return between(today - DAY_MS, today);
    case "Tomorrow":
      return between(today + DAY_MS, today + 2 * DAY_MS);
    case "EqualUserId":
      return { text: `${text} = ?`, params: [...params, context.caller] };
    case "NotEqualUserId":
      return { text: `${text} IS NOT ?`, params: [...params, context.caller] };
  }
  const span = /^(Last|Next)X(Hours|Days|Weeks|Months|Years)$/.exec(name);
  if (!span) throw badQuery(`The function '${name}' is not supported.`);
  const length = Number(values[0]) * (span[2] === "Hours" ? DAY_MS / 24 : (DAYS_OF[span[2] ?? ""] ?? 1) * DAY_MS);
  const start = span[2] === "Hours" ? context.now : today;
  // Whole days, today included: what happened on the first day of the span counts.
  return span[1] === "Last" ? between(start - length, context.now + 1) : between(context.now, start + DAY_MS + length);
}

function instant(column: Column, ms: number): string | number {
  return column.dateOnly ? new Date(ms).toISOString().slice(0, 10) : ms;
}
