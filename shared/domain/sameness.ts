import { type FieldValue, isReference } from "./value.ts";

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
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
  if (text.length === 36 && GUID.test(text)) return text.toLowerCase();
  const ms = instant(text);
  return ms === undefined ? text : `\u0000@${ms}`;
}

function listKey(value: FieldValue): string {
  return JSON.stringify([typeof value, sameKey(value)]);
}
