import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { AuthLevel } from "./http-routes.ts";

/** The access keys of a function app. */
export interface Keys {
  /** Opens everything. */
  readonly master: string;
  /** The host's default key: opens functions of level `function`. */
  readonly function: string;
}

/** Whether a request may reach a function of this level. */
export function authorized(level: AuthLevel, request: IncomingMessage, url: URL, keys: Keys): boolean {
  if (level === "anonymous") return true;
  const given = givenKey(request, url);
  if (given === undefined) return false;
  return sameKey(given, keys.master) || (level === "function" && sameKey(given, keys.function));
}

/** The key that a request brings: the header wins over `?code=`. */
export function givenKey(request: IncomingMessage, url: URL): string | undefined {
  const header = request.headers["x-functions-key"];
  return (typeof header === "string" ? header : undefined) ?? url.searchParams.get("code") ?? undefined;
}

/** Compares in constant time, whatever the lengths. */
export function sameKey(given: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
