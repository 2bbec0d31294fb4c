import type { Column } from "../catalogue/types.ts";
import { badQuery } from "../errors.ts";
import type { Literal } from "./filter.ts";
import { periodOf } from "./periods.ts";
import { bind, type Sql, type SqlContext } from "./sql.ts";

const DAY_MS = 86_400_000;

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
  switch (name) {
    case "In":
      return { text: `${text} IN (${marks})`, params: [...params, ...list()] };
    case "NotIn":
      return { text: `${text} NOT IN (${marks})`, params: [...params, ...list()] };
    case "Between":
      return { text: `(${text} BETWEEN ? AND ?)`, params: [...params, at(0), at(1)] };
    case "NotBetween":
      return { text: `(${text} NOT BETWEEN ? AND ?)`, params: [...params, at(0), at(1)] };
    case "ContainValues":
    case "DoesNotContainValues": {
      const any = values.map(() => `${text} LIKE ?`).join(" OR ");
      const not = name === "ContainValues" ? "" : "NOT ";
      return { text: `${not}ifnull(${any}, 0)`, params: values.flatMap((value) => [...params, `%,${value},%`]) };
    }
    case "On": {
      const day = Math.floor(momentOf(values[0]) / DAY_MS) * DAY_MS;
      return between(day, day + DAY_MS);
    }
    case "OnOrAfter":
      return { text: `${text} >= ?`, params: [...params, at(0)] };
    case "OnOrBefore":
      return { text: `${text} < ?`, params: [...params, instant(column, momentOf(values[0]) + DAY_MS)] };
    case "EqualBusinessId":
      return { text: `${text} = ?`, params: [...params, context.businessUnit] };
    case "NotEqualBusinessId":
      return { text: `${text} IS NOT ?`, params: [...params, context.businessUnit] };
    case "EqualUserId":
      return { text: `${text} = ?`, params: [...params, context.caller] };
    case "NotEqualUserId":
      return { text: `${text} IS NOT ?`, params: [...params, context.caller] };
  }
  const period = periodOf(name, context.now, Number(values[0]));
  if (period === undefined) throw badQuery(`The function '${name}' is not supported.`);
  const [from, to] = period;
  if (from !== undefined) return between(from, to);
  return { text: `${text} < ?`, params: [...params, instant(column, to)] };
}

function momentOf(value: Literal | undefined): number {
  const ms = Date.parse(String(value));
  if (Number.isNaN(ms)) throw badQuery(`'${value}' is not a date.`);
  return ms;
}

function instant(column: Column, ms: number): string | number {
  return column.dateOnly ? new Date(ms).toISOString().slice(0, 10) : ms;
}
