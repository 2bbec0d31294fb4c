import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

const SIGNED_HEADERS = "x-ms-date;host;x-ms-content-sha256";

/**
 * Whether a request carries the HMAC that the access key gives for its method, path, date, host and body.
 * The date's age is not judged: the caller's clock may be far from ours in tests.
 */
export function isSigned(request: IncomingMessage, body: string, accessKey: string): boolean {
  const { "x-ms-date": date, "x-ms-content-sha256": claimed, host, authorization } = request.headers;
  if (typeof date !== "string" || typeof claimed !== "string" || host === undefined || authorization === undefined)
    return false;
  const contentHash = createHash("sha256").update(body).digest("base64");
  if (contentHash !== claimed) return false;
  const signature = createHmac("sha256", Buffer.from(accessKey, "base64"))
    .update(`${request.method}\n${request.url}\n${date};${host};${contentHash}`)
    .digest("base64");
  return equal(authorization, `HMAC-SHA256 SignedHeaders=${SIGNED_HEADERS}&Signature=${signature}`);
}

function equal(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
