import { ParcoursError } from "../errors.ts";
import type { Range, Table, Write } from "./rows.ts";

/**
 * What Azure Table storage takes, and so what every adapter of `Rows` takes: a write that one of them would refuse
 * is refused by all, before anything leaves the process.
 */
const MAX_KEY_CHARACTERS = 512; // 1 KiB in UTF-16, the platform's encoding of keys
const MAX_ROW_BYTES = 900 * 1024; // the platform's own limit is 1 MiB, names and keys included
const MAX_WRITES = 100;
const MAX_TRANSACTION_BYTES = 4 * 1024 * 1024;
/** Headers, URL and property names of one write in a transaction's body, generously. */
const WRITE_OVERHEAD_BYTES = 2 * 1024;
export const MAX_PAGE_ROWS = 1000;

const KEY_PART = /^[A-Za-z0-9:._-]+$/;
const KEY = /^[A-Za-z0-9:._-]+(~[A-Za-z0-9:._-]+)*$/;
const BOUND = /^[A-Za-z0-9:._~-]*$/;
const TABLE = /^[A-Za-z][A-Za-z0-9]{2,62}$/;

/** A write that passed the limits, its value already as JSON. */
export type CheckedWrite =
  | { readonly kind: "insert"; readonly row: string; readonly json: string }
  | { readonly kind: "replace"; readonly row: string; readonly json: string; readonly etag: string }
  | { readonly kind: "upsert"; readonly row: string; readonly json: string }
  | { readonly kind: "delete"; readonly row: string; readonly etag?: string };

/** Whether the text may be one part of a key. */
export function isKeyPart(text: string): boolean {
  return KEY_PART.test(text);
}

/** Whether the text may be a whole partition or row key: parts joined by `~`. */
export function isKey(text: string): boolean {
  return text.length <= MAX_KEY_CHARACTERS && KEY.test(text);
}

/** Whether the text may bound a range of row keys: any beginning of a key, and `~` after it. */
export function isBound(text: string): boolean {
  return BOUND.test(text);
}

/** @throws KEY_INVALID */
export function checkPlace(table: Table, partition: string): void {
  checkTable(table);
  checkKey("partition", partition);
}

/** @throws KEY_INVALID */
export function checkTable(table: Table): void {
  if (!TABLE.test(table)) throw new ParcoursError("KEY_INVALID", `not a table name: ${quoted(table)}`);
}

/** @throws KEY_INVALID */
export function checkKey(what: "partition" | "row", key: string): void {
  if (!isKey(key)) throw new ParcoursError("KEY_INVALID", `not a ${what} key: ${quoted(key)}`);
}

/** @throws KEY_INVALID for a bound that no key can reach, RangeError for a limit outside 1 to 1000 */
export function checkRange(range: Range): { from: string; below: string | undefined; limit: number } {
  for (const bound of [range.from, range.below])
    if (bound !== undefined && !isBound(bound))
      throw new ParcoursError("KEY_INVALID", `not a bound of row keys: ${quoted(bound)}`);
  const limit = range.limit ?? MAX_PAGE_ROWS;
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE_ROWS)
    throw new RangeError(`a page's limit is 1 to ${MAX_PAGE_ROWS}, not ${limit}`);
  return { from: range.from ?? "", below: range.below, limit };
}

/**
 * The writes of one transaction with their values as JSON.
 * @throws KEY_INVALID for a bad key or a row that is named twice; ROW_TOO_LARGE for a row over 900 KB, or a
 *   transaction over 100 rows or 4 MB
 */
export function checkWrites(writes: readonly Write[]): readonly CheckedWrite[] {
  if (writes.length > MAX_WRITES)
    throw new ParcoursError("ROW_TOO_LARGE", `a transaction of ${writes.length} rows: at most ${MAX_WRITES}`);
  const rows = new Set<string>();
  const checked = writes.map((write) => {
    checkKey("row", write.row);
    if (rows.has(write.row))
      throw new ParcoursError("KEY_INVALID", `a row twice in one transaction: ${quoted(write.row)}`);
    rows.add(write.row);
    return checkWrite(write);
  });
  checkSize(checked);
  return checked;
}

function checkWrite(write: Write): CheckedWrite {
  if (write.kind === "delete") return write;
  const json = JSON.stringify(write.value) ?? "null";
  // Counted as the platform counts strings: two bytes a character.
  if (json.length * 2 > MAX_ROW_BYTES)
    throw new ParcoursError("ROW_TOO_LARGE", `row ${quoted(write.row)}: ${json.length * 2} bytes in UTF-16`);
  const { kind, row } = write;
  return kind === "replace" ? { kind, row, json, etag: write.etag } : { kind, row, json };
}

function checkSize(writes: readonly CheckedWrite[]): void {
  const texts = writes.map((write) => (write.kind === "delete" ? "" : write.json));
  const overhead = writes.length * WRITE_OVERHEAD_BYTES;
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  // A character is at most three bytes on the wire: most transactions need no closer look.
  if (overhead + characters * 3 <= MAX_TRANSACTION_BYTES) return;
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(JSON.stringify(text)), overhead);
  if (bytes > MAX_TRANSACTION_BYTES)
    throw new ParcoursError("ROW_TOO_LARGE", `a transaction of ${bytes} bytes: at most ${MAX_TRANSACTION_BYTES}`);
}

function quoted(key: string): string {
  return JSON.stringify(key.length > 80 ? `${key.slice(0, 80)}…` : key);
}
