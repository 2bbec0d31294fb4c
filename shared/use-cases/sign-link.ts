import { createHmac, timingSafeEqual } from "node:crypto";

export interface SigningKey {
  /** Names the key in the links that it signed: letters, digits, `-` and `_`. */
  readonly id: string;
  readonly secret: string;
}

export type ReadLink = { readonly kind: "valid"; readonly payload: string } | { readonly kind: "invalid" };

const INVALID: ReadLink = { kind: "invalid" };

/** A token that says who made it: `keyId.payload.signature`, safe in a URL. The payload is readable by everybody. */
export function signLink(key: SigningKey, payload: string): string {
  if (!/^[A-Za-z0-9_-]+$/.test(key.id)) throw new RangeError("a key's id is made of letters, digits, - and _");
  const signed = `${key.id}.${Buffer.from(payload, "utf8").toString("base64url")}`;
  return `${signed}.${signatureOf(key, signed).toString("base64url")}`;
}

/**
 * The payload of a token that one of these keys signed. Two keys are valid at once while the secret is being changed:
 * the first signs, both read.
 */
export function readLink(keys: readonly SigningKey[], token: string): ReadLink {
  const [id, payload, signature, ...more] = token.split(".");
  if (id === undefined || payload === undefined || signature === undefined || more.length > 0) return INVALID;
  const key = keys.find((each) => each.id === id);
  // An unknown key costs as much time as a known one: its existence is nobody's business.
  const expected = signatureOf(key ?? { id: "", secret: "unknown" }, `${id}.${payload}`);
  // Base64url has several spellings of the same bytes; only ours is valid.
  const given = Buffer.from(signature, "base64url");
  const same = given.length === expected.length && timingSafeEqual(given, expected);
  if (!same || key === undefined || given.toString("base64url") !== signature) return INVALID;
  return { kind: "valid", payload: Buffer.from(payload, "base64url").toString("utf8") };
}

function signatureOf(key: SigningKey, signed: string): Buffer {
  return createHmac("sha256", key.secret).update(signed).digest();
}
