import { createHash, timingSafeEqual } from "node:crypto";

/**
 * Whether a caller's key is one of the valid ones; two are valid while a key is being changed. Takes the same time
 * wherever keys differ, and whichever of them fits.
 */
export function keyMatches(given: string | undefined, valid: readonly string[]): boolean {
  return keyUsed(given, valid) !== undefined;
}

/**
 * The id of the valid key that a caller shows: the log tells by it when nobody uses the one before any more. Undefined
 * where none fits.
 */
export function keyUsed(given: string | undefined, valid: readonly string[]): string | undefined {
  // Digests are equally long, as the comparison in constant time needs, whatever the caller sent.
  const digest = digestOf(given ?? "");
  let used: string | undefined;
  for (const key of valid) {
    const same = timingSafeEqual(digest, digestOf(key));
    // A key that was never set must not let the empty text in.
    used = same && key !== "" ? keyIdOf(key) : used;
  }
  return given === undefined ? undefined : used;
}

/** What stands before the first colon (`k2:…`); of a key without a name the first digits of its hash, which give nothing away. */
export function keyIdOf(key: string): string {
  return /^([A-Za-z0-9_-]{1,16}):./.exec(key)?.[1] ?? digestOf(key).toString("hex").slice(0, 8);
}

function digestOf(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}
