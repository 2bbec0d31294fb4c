import { createHash } from "node:crypto";

/** 128 bits of SHA-256 as 32 hexadecimal digits: how text from outside enters a key, and how ids are derived. */
export function hash(...parts: readonly string[]): string {
  const sum = createHash("sha256");
  // The length in front keeps ("a", "bc") apart from ("ab", "c").
  for (const part of parts) sum.update(`${part.length}:${part}`);
  return sum.digest("hex").slice(0, 32);
}

/** The same bits in the form of a UUID (version 8: made by an own rule), as providers want operation ids. */
export function hashUuid(...parts: readonly string[]): string {
  const hex = hash(...parts);
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20)].join("-");
}
