import type { Filter, Literal } from "./filter.ts";

/** Whether a metadata object meets a filter; tables' rows are filtered in SQL instead. */
export function holdsFor(filter: Filter, object: unknown): boolean {
  switch (filter.kind) {
    case "and":
      return holdsFor(filter.left, object) && holdsFor(filter.right, object);
    case "or":
      return holdsFor(filter.left, object) || holdsFor(filter.right, object);
    case "not":
      return !holdsFor(filter.of, object);
    case "compare":
      return compare(filter.op, read(filter.left, object), read(filter.right, object));
    case "in":
      return filter.values.some((value) => compare("eq", read(filter.of, object), value));
    case "call": {
      const [text, part] = filter.args.map((arg) => String(read(arg, object) ?? "").toLowerCase());
      if (text === undefined || part === undefined) return false;
      if (filter.name === "startswith") return text.startsWith(part);
      return filter.name === "endswith" ? text.endsWith(part) : text.includes(part);
    }
    case "path":
    case "literal":
      return read(filter, object) === true;
    case "lambda":
    case "query-function":
      return false;
  }
}

function read(filter: Filter, object: unknown): Literal {
  if (filter.kind === "literal") return filter.value;
  if (filter.kind !== "path") return null;
  let value: unknown = object;
  for (const name of filter.path) value = (value as Readonly<Record<string, unknown>> | null | undefined)?.[name];
  if (typeof value === "object" && value !== null && "Value" in value) value = value.Value; // managed properties
  return (value ?? null) as Literal;
}

function compare(op: string, left: Literal, right: Literal): boolean {
  const [a, b] = [comparable(left), comparable(right)];
  if (op === "eq") return a === b;
  if (op === "ne") return a !== b;
  if (a === null || b === null) return false;
  if (op === "gt") return a > b;
  if (op === "ge") return a >= b;
  return op === "lt" ? a < b : a <= b;
}

function comparable(value: Literal): Literal {
  return typeof value === "string" ? value.toLowerCase() : value;
}
