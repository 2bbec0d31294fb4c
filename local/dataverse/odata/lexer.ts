import { badQuery } from "../errors.ts";

export type Token =
  | { readonly kind: "string" | "guid" | "date" | "name"; readonly text: string; readonly at: number }
  | { readonly kind: "number"; readonly text: string; readonly at: number }
  | { readonly kind: "mark"; readonly text: string; readonly at: number }
  | { readonly kind: "end"; readonly text: ""; readonly at: number };

// The order matters: a GUID or a date would else be read as a number and a name.
const TOKEN =
  /\s*(?:(?<string>'(?:[^']|'')*')|(?<json>"(?:[^"\\]|\\.)*")|(?<guid>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})|(?<date>\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?)|(?<number>-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)|(?<name>[@$]?[\p{L}_][\p{L}\p{N}_.]*)|(?<mark>[()[\],:/=]))/iuy;

/** Cuts the text of `$filter` or `$orderby` into tokens. @throws ODataError 400 */
export function lex(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let at = 0; at < text.trimEnd().length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const groups = TOKEN.exec(text)?.groups;
    if (!groups) throw badQuery(`Syntax error at position ${at} in '${text}'.`);
    const { string, json, guid, date, number, name, mark } = groups;
    if (string !== undefined) tokens.push({ kind: "string", text: string.slice(1, -1).replaceAll("''", "'"), at });
    else if (json !== undefined) tokens.push({ kind: "string", text: jsonText(json, at, text), at });
    else if (guid !== undefined) tokens.push({ kind: "guid", text: guid.toLowerCase(), at });
    else if (date !== undefined) tokens.push({ kind: "date", text: date, at });
    else if (number !== undefined) tokens.push({ kind: "number", text: number, at });
    else if (name !== undefined) tokens.push({ kind: "name", text: name, at });
    else tokens.push({ kind: "mark", text: mark ?? "", at });
  }
  tokens.push({ kind: "end", text: "", at: text.length });
  return tokens;
}

/** In double quotes, as the values of Dataverse's own functions may stand, a text is JSON. */
function jsonText(json: string, at: number, text: string): string {
  try {
    return String(JSON.parse(json));
  } catch {
    throw badQuery(`Syntax error at position ${at} in '${text}'.`);
  }
}
