import { type FieldValue, isReference } from "./value.ts";

const ISO_DATE = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/**
 * What makes two values the same: equal keys. One function for comparisons and for the matcher's index, so that the
 * index can't disagree. References and GUIDs count by their id in lower case, moments by their instant, several
 * choices as a set; other text counts exactly.
 */
export function sameKey(value: FieldValue): string | number | boolean | null {
  if (typeof value === "string") return textKey(value);
  if (typeof value !== "object" || value === null) return value;
  if (isReference(value)) return textKey(value.id);
  return `\u0000[${[...new Set(value.map(listKey))].sort().join()}]`;
}

export function same(one: FieldValue, other: FieldValue): boolean {
  if (one === other) return true;
  // What is neither text nor an object is only the same as itself: no key need be made.
  if ((typeof one !== "string" && !isObject(one)) || (typeof other !== "string" && !isObject(other))) return false;
  return sameKey(one) === sameKey(other);
}

/** Milliseconds of an ISO 8601 date or moment, else undefined. Without a zone it is UTC, never the machine's own. */
export function instant(value: FieldValue): number | undefined {
  if (typeof value !== "string" || value.length < 10 || value.charCodeAt(4) !== 45) return undefined;
  const shape = ISO_DATE.exec(value);
  if (shape === null) return undefined;
  const ms = Date.parse(value.length > 10 && shape[1] === undefined ? `${value}Z` : value);
  return Number.isNaN(ms) ? undefined : ms;
}

function isObject(value: FieldValue): boolean {
  return typeof value === "object" && value !== null;
}

function textKey(text: string): string {
  if (isGuid(text)) return text.toLowerCase();
  const ms = instant(text);
  return ms === undefined ? text : `\u0000@${ms}`;
}

function listKey(value: FieldValue): string {
  return JSON.stringify([typeof value, sameKey(value)]);
}

/** Whether a text is a GUID, in either case. By hand: a change holds a dozen, and an expression costs ten times this. */
export function isGuid(text: string): boolean {
  if (text.length !== 36) return false;
  for (let index = 0; index < 36; index++) {
    const code = text.charCodeAt(index);
    if (index === 8 || index === 13 || index === 18 || index === 23) {
      if (code !== 45) return false;
    } else if (!((code >= 48 && code <= 57) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70))) return false;
  }
  return true;
}
