import { ParcoursError } from "../errors.ts";
import { isKey, isKeyPart } from "../ports/row-limits.ts";
import type { Range } from "../ports/rows.ts";

const LAST_TIME = 9_999_999_999_999; // 13 digits of milliseconds: the year 2286
const GUID = /^\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?$/;

/**
 * A partition or row key: parts joined by `~`. Text from outside comes in as a hash only.
 * @throws KEY_INVALID naming the part that holds anything but `[A-Za-z0-9:._-]`
 */
export function key(...parts: readonly string[]): string {
  for (const [at, part] of parts.entries())
    if (!isKeyPart(part))
      throw new ParcoursError("KEY_INVALID", `part ${at + 1} of a key: ${JSON.stringify(part.slice(0, 80))}`);
  const joined = parts.join("~");
  if (!isKey(joined)) throw new ParcoursError("KEY_INVALID", `a key of ${joined.length} characters: 1 to 512`);
  return joined;
}

/** The rows whose key starts with the parts of `prefix` and goes on: `~` sorts after all that a part may hold. */
export function under(prefix: string): Required<Pick<Range, "from" | "below">> {
  return { from: `${prefix}~`, below: `${prefix}~~` };
}

/** A sequence number of a run: 8 digits, so that keys sort as numbers do. */
export function padSeq(seq: number): string {
  return padded(seq, 8);
}

/** The nth of something within one sequence number: 2 digits. */
export function padN(n: number): string {
  return padded(n, 2);
}

/** An instant in milliseconds: 13 digits, oldest first. */
export function padTime(ms: number): string {
  return padded(ms, 13);
}

/** An instant in milliseconds as a key that sorts the newest first. */
export function invertTime(ms: number): string {
  return padded(LAST_TIME - ms, 13);
}

/** A GUID as keys hold it: lower case, without braces. */
export function guid(text: string): string {
  const found = GUID.exec(text.toLowerCase())?.[1];
  if (found === undefined) throw new ParcoursError("KEY_INVALID", `not a GUID: ${JSON.stringify(text.slice(0, 80))}`);
  return found;
}

function padded(value: number, digits: number): string {
  const text = String(value);
  if (!Number.isSafeInteger(value) || value < 0 || text.length > digits)
    throw new ParcoursError("KEY_INVALID", `not a whole number of at most ${digits} digits: ${value}`);
  return text.padStart(digits, "0");
}
