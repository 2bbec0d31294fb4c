import { createHash, timingSafeEqual } from "node:crypto";

/**
 * Whether a caller's key is one of the valid ones; two are valid while a key is being changed. Takes the same time
 * wherever keys differ, and whichever of them fits.
 */
export function keyMatches(given: string | undefined, valid: readonly string[]): boolean {
  // Digests are equally long, as the comparison in constant time needs, whatever the caller sent.
  const digest = digestOf(given ?? "");
  let matches = false;
  for (const key of valid) {
    const same = timingSafeEqual(digest, digestOf(key));
    // A key that was never set must not let the empty text in.
    matches = (same && key !== "") || matches;
  }
  return matches && given !== undefined;
}

function digestOf(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}
