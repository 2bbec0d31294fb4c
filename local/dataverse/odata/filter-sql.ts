import type { Column, Table } from "../catalogue/types.ts";
import { badQuery, noProperty } from "../errors.ts";
import { isPolymorphic, quote, typeCell } from "../store/cells.ts";
import { fold } from "../store/database.ts";
import type { Filter } from "./filter.ts";
import { queryFunctionSql } from "./query-functions.ts";
import { comparable, type Sql, type SqlContext } from "./sql.ts";

/** A name that a filter may use, as SQL: an expression, and the column that gives it its type. */
interface Resolved extends Sql {
  readonly column: Column;
}

/** Where a filter stands: which table its bare names are of, and what lambda variables are in reach. */
export interface Scope {
  readonly table: Table;
  readonly alias: string;
  readonly variables: ReadonlyMap<string, { readonly table: Table; readonly alias: string }>;
}

const OPERATORS = { eq: "IS", ne: "IS NOT", gt: ">", ge: ">=", lt: "<", le: "<=" } as const;
const OPERATOR_KINDS = {
  eq: "Equal",
  ne: "NotEqual",
  gt: "GreaterThan",
  ge: "GreaterThanOrEqual",
  lt: "LessThan",
  le: "LessThanOrEqual",
} as const;

/** Compiles a filter to a condition over `scope.alias`. @throws ODataError 400 */
export function filterSql(filter: Filter, scope: Scope, context: SqlContext): Sql {
  switch (filter.kind) {
    case "and":
    case "or": {
      const left = filterSql(filter.left, scope, context);
      const right = filterSql(filter.right, scope, context);
      return {
        text: `(${left.text} ${filter.kind.toUpperCase()} ${right.text})`,
        params: [...left.params, ...right.params],
      };
    }
    case "not": {
      const inner = filterSql(filter.of, scope, context);
      return { text: `NOT ifnull(${inner.text}, 0)`, params: inner.params };
    }
    case "compare":
      return compareSql(filter, scope, context);
    case "in": {
      const operand = resolve(filter.of, scope, context);
      const values = filter.values.map((value) => comparable(operand.column, value, "Equal"));
      return {
        text: `${operand.text} IN (${values.map(() => "?").join(", ")})`,
        params: [...operand.params, ...values],
      };
    }
    case "call":
      return callSql(filter.name, filter.args, scope, context);
    case "query-function":
      return queryFunctionSql(filter.name, filter.args, (name) => resolvePath([name], scope, context), context);
    case "lambda":
      return lambdaSql(filter, scope, context);
    case "path": {
      const operand = resolve(filter, scope, context);
      if (operand.column.type !== "boolean")
        throw badQuery("The $filter expression must evaluate to a single boolean value.");
      return { text: `${operand.text} = 1`, params: operand.params };
    }
    case "literal":
      return { text: filter.value === true ? "1" : "0", params: [] };
  }
}

function compareSql(filter: Filter & { kind: "compare" }, scope: Scope, context: SqlContext): Sql {
  const { left, right, op } = filter;
  if (right.kind !== "literal") {
    if (left.kind !== "literal") {
      const [a, b] = [resolve(left, scope, context), resolve(right, scope, context)];
      return { text: `${a.text} ${OPERATORS[op]} ${b.text}`, params: [...a.params, ...b.params] };
    }
    throw badQuery("The left side of a comparison must be a property.");
  }
  if (left.kind === "call" && (left.name === "contains" || left.name === "startswith" || left.name === "endswith")) {
    const inner = callSql(left.name, left.args, scope, context);
    return (right.value === true) === (op === "eq")
      ? inner
      : { text: `NOT ifnull(${inner.text}, 0)`, params: inner.params };
  }
  const operand = resolve(left, scope, context);
  if (right.value !== null) checkNotLink(left, scope, context, OPERATOR_KINDS[op]);
  const value = comparable(operand.column, right.value, OPERATOR_KINDS[op]);
  // NOCASE knows ASCII only: fold where the text goes beyond it.
  const folded = typeof value === "string" && /[^\p{ASCII}]/u.test(value) && isText(operand.column);
  const text = folded ? `fold(${operand.text}) ${OPERATORS[op]} ?` : `${operand.text} ${OPERATORS[op]} ?`;
  return { text, params: [...operand.params, folded ? fold(String(value)) : value] };
}

function callSql(name: string, args: readonly Filter[], scope: Scope, context: SqlContext): Sql {
  const [first, second] = args;
  if (!first || second?.kind !== "literal") throw badQuery(`The function '${name}' is not supported.`);
  const operand = resolve(first, scope, context);
  const text = fold(String(second.value));
  const patterns: Readonly<Record<string, string>> = {
    contains: `%${text}%`,
    startswith: `${text}%`,
    endswith: `%${text}`,
  };
  const pattern = patterns[name];
  if (pattern === undefined) throw badQuery(`The function '${name}' is not supported.`);
  // As in Dataverse `%`, `_` and `[…]` in the text are wildcards; SQLite's own LIKE knows the first two.
  const like = pattern.includes("[") ? `like_pattern(fold(${operand.text}), ?)` : `fold(${operand.text}) LIKE ?`;
  return { text: like, params: [...operand.params, pattern] };
}

function lambdaSql(filter: Filter & { kind: "lambda" }, scope: Scope, context: SqlContext): Sql {
  const [head, ...rest] = filter.path;
  const within = head === undefined ? undefined : scope.variables.get(head);
  const from = within ?? scope;
  const name = within ? rest[0] : head;
  const children = name === undefined ? undefined : context.catalogue.index(from.table.name).children.get(name);
  if (!children) throw noProperty(name ?? "", from.table.name);
  const alias = `${from.alias}_${filter.variable || "c"}`;
  const here = { table: children.table, alias };
  const inner: Scope = { ...here, variables: new Map([...scope.variables, [filter.variable, here]]) };
  const body = filter.body && filterSql(filter.body, inner, context);
  const link = `${alias}.${quote(children.column.name)} = ${from.alias}.${quote(from.table.primaryId)}`;
  const typed = isPolymorphic(children.column)
    ? ` AND ${alias}.${quote(typeCell(children.column))} = '${from.table.name}'`
    : "";
  const every = filter.quantifier === "all";
  const condition = body ? ` AND ${every ? `NOT ifnull(${body.text}, 0)` : body.text}` : "";
  const exists = `EXISTS (SELECT 1 FROM ${quote(children.table.name)} ${alias} WHERE ${link}${typed}${condition})`;
  return { text: every ? `NOT ${exists}` : exists, params: body?.params ?? [] };
}

function resolve(filter: Filter, scope: Scope, context: SqlContext): Resolved {
  if (filter.kind === "path") {
    const variable = scope.variables.get(filter.path[0] ?? "");
    if (variable) return resolvePath(filter.path.slice(1), { ...variable, variables: scope.variables }, context);
    return resolvePath(filter.path, scope, context);
  }
  if (filter.kind === "call" && (filter.name === "tolower" || filter.name === "toupper") && filter.args[0])
    return resolve(filter.args[0], scope, context); // the collation ignores case anyway
  throw badQuery("Only properties can be compared.");
}

/** A property, or one of a row some lookups away: each lookup is a subquery. */
export function resolvePath(path: readonly string[], scope: Scope, context: SqlContext): Resolved {
  const [head = "", ...rest] = path;
  const index = context.catalogue.index(scope.table.name);
  if (rest.length === 0) {
    const column = index.properties.get(head) ?? index.parents.get(head)?.column;
    if (!column) throw noProperty(head, scope.table.name);
    return { text: `${scope.alias}.${quote(column.name)}`, params: [], column };
  }
  const parent = index.parents.get(head);
  if (!parent) throw noProperty(head, scope.table.name);
  const table = context.catalogue.table(parent.targets[0]?.table ?? head);
  const alias = `${scope.alias}_${head}`;
  const inner = resolvePath(rest, { table, alias, variables: scope.variables }, context);
  const key = `${scope.alias}.${quote(parent.column.name)}`;
  const text = `(SELECT ${inner.text} FROM ${quote(table.name)} ${alias} WHERE ${alias}.${quote(table.primaryId)} = ${key})`;
  return { text, params: inner.params, column: inner.column };
}

function isText(column: Column): boolean {
  return column.type === "string" || column.type === "memo";
}

/** A lookup is compared by `_name_value`; its navigation property only with null. */
function checkNotLink(filter: Filter, { table }: Scope, { catalogue }: SqlContext, operator: string): void {
  const name = filter.kind === "path" && filter.path.length === 1 ? filter.path[0] : undefined;
  const index = catalogue.index(table.name);
  const parent = name === undefined || index.properties.has(name) ? undefined : index.parents.get(name);
  const target = parent?.targets[0]?.table;
  if (target !== undefined)
    throw badQuery(
      `A binary operator with incompatible types was detected. Found operand types 'Microsoft.Dynamics.CRM.${target}' and 'Edm.Guid' for operator kind '${operator}'.`,
    );
}
