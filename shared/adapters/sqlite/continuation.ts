import { ParcoursError } from "../../errors.ts";
import { isBound } from "../../ports/row-limits.ts";

const MARK = "from:"; // so that a continuation is never the empty text

/** Where the next page starts, in a form that invites nobody to look inside. */
export function toContinuation(start: string): string {
  return Buffer.from(MARK + start).toString("base64url");
}

/**
 * Where the page starts: never before `from`, whatever a browser sent back.
 * @throws KEY_INVALID for a text that is no continuation of ours
 */
export function fromContinuation(continuation: string, from: string): string {
  const text = Buffer.from(continuation, "base64url").toString();
  const start = text.slice(MARK.length);
  if (!text.startsWith(MARK) || !isBound(start)) throw new ParcoursError("KEY_INVALID", "not a continuation");
  return start > from ? start : from;
}
