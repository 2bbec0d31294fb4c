import { createHash, createHmac, randomUUID } from "node:crypto";

/** A send signed by hand, to be fired later: what the SDK would send, without what the SDK takes of the machine. */
export function signedSend(
  connectionString: string,
  body: string,
  headers: Record<string, string> = {},
): () => Promise<Response> {
  const [, endpoint = "", key = ""] = /endpoint=(.*);accesskey=(.*)/.exec(connectionString) ?? [];
  const { host } = new URL(endpoint);
  const path = "/emails:send?api-version=2025-09-01";
  const date = new Date().toUTCString();
  const hash = createHash("sha256").update(body).digest("base64");
  const signature = createHmac("sha256", Buffer.from(key, "base64"))
    .update(`POST\n${path}\n${date};${host};${hash}`)
    .digest("base64");
  return () =>
    fetch(`http://${host}${path}`, {
      method: "POST",
      body,
      headers: {
        "content-type": "application/json",
        "operation-id": randomUUID(),
        "x-ms-date": date,
        "x-ms-content-sha256": hash,
        authorization: `HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=${signature}`,
        ...headers,
      },
    });
}
