import { badQuery } from "../errors.ts";
import { type Filter, parseFilter } from "./filter.ts";

export interface Order {
  readonly path: readonly string[];
  readonly descending: boolean;
}

export interface Expand {
  readonly name: string;
  readonly options: QueryOptions;
}

export interface QueryOptions {
  readonly select?: readonly string[];
  readonly filter?: Filter;
  readonly orderBy?: readonly Order[];
  readonly top?: number;
  readonly count?: boolean;
  readonly expand?: readonly Expand[];
}

/** Options that Dataverse knows and we do not: better refused than silently wrong. */
const UNSUPPORTED = ["fetchXml", "savedQuery", "userQuery"];
const SUPPORTED = "$select $filter $orderby $top $count $expand $skiptoken $deltatoken".split(" ");

/** Reads the query string of a request. @throws ODataError 400 */
export function parseOptions(query: URLSearchParams): QueryOptions {
  const all: Record<string, string> = {};
  for (const [name, value] of query) {
    if (UNSUPPORTED.includes(name) || (name.startsWith("$") && !SUPPORTED.includes(name)))
      throw badQuery(`The query option '${name}' is not supported here.`);
    if (!name.startsWith("$")) continue;
    if (name in all)
      throw badQuery(`Query option '${name}' was specified more than once, but it must be specified at most once.`);
    all[name] = withParameters(value, query);
  }
  return optionsOf(all);
}

/** Parameter aliases: `$filter=contains(name,@p1)&@p1='x'`. */
function withParameters(value: string, query: URLSearchParams): string {
  return value.replace(/@([A-Za-z_]\w*)\b(?!\.)/g, (alias) => query.get(alias) ?? alias);
}

function optionsOf(all: Readonly<Record<string, string>>): QueryOptions {
  const { $select, $filter, $orderby, $top, $count, $expand } = all;
  return {
    ...(optional($select) ? { select: names($select) } : {}),
    ...(optional($filter) ? { filter: parseFilter($filter) } : {}),
    ...(optional($orderby) ? { orderBy: splitOutside($orderby, ",").map(orderOf) } : {}),
    ...($top === undefined ? {} : { top: wholeNumber($top) }),
    ...($count === undefined ? {} : { count: $count === "true" }),
    ...(optional($expand) ? { expand: splitOutside($expand, ",").map(expandOf) } : {}),
  };
}

function optional(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== "";
}

function names(text: string): string[] {
  return text.split(",").map((name) => name.trim());
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw badQuery(`Invalid value '${text}' for $top query option found.`);
  return Number(text);
}

function orderOf(text: string): Order {
  const [path = "", direction = "asc"] = text.trim().split(/\s+/);
  if (direction !== "asc" && direction !== "desc") throw badQuery(`Syntax error in $orderby '${text}'.`);
  return { path: path.split("/"), descending: direction === "desc" };
}

/** `name` or `name($select=a,b;$expand=c($select=d))`. */
function expandOf(text: string): Expand {
  const parts = /^\s*([^(\s]+)\s*(?:\((.*)\))?\s*$/s.exec(text);
  if (!parts?.[1]) throw badQuery(`Syntax error in $expand '${text}'.`);
  const all: Record<string, string> = {};
  for (const option of splitOutside(parts[2] ?? "", ";").filter(optional)) {
    const at = option.indexOf("=");
    all[option.slice(0, at).trim()] = option.slice(at + 1);
  }
  return { name: parts[1], options: optionsOf(all) };
}

/** Splits at a mark that stands outside of brackets and quotes. */
export function splitOutside(text: string, mark: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted: string | undefined;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (quoted === undefined ? char === "'" || char === '"' : char === quoted)
      quoted = quoted === undefined ? char : undefined;
    if (quoted !== undefined) continue;
    if (char === "(" || char === "[") depth += 1;
    if (char === ")" || char === "]") depth -= 1;
    if (char === mark && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}
