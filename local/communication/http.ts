import type { IncomingMessage, ServerResponse } from "node:http";

/** What a route answers. `hang-up` closes the socket without a word, as a lost answer looks to the caller. */
export type Answer = Reply | "hang-up";

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A request with its body read. */
export interface Call {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly body: string;
}

/**
 * A whole body as text, or undefined where it is over `limit` bytes: it is read to its end all the same, so that the
 * caller hears the answer.
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
  }
  return size > limit ? undefined : Buffer.concat(chunks).toString("utf8");
}

export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body: JSON.stringify(value),
  };
}

/** A page that runs no script and loads nothing from elsewhere. */
export function page(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'",
      "cache-control": "no-store",
      ...headers,
    },
    body,
  };
}

export function redirect(location: string): Reply {
  return { status: 303, headers: { location, "cache-control": "no-store" } };
}

/** An error as the service words it. */
export function refusal(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return json(status, { error: { code, message, target: null, details: null, innererror: null } }, headers);
}

export function respond(response: ServerResponse, answer: Answer): void {
  if (answer === "hang-up") {
    response.destroy();
    return;
  }
  response.writeHead(answer.status, { "content-length": Buffer.byteLength(answer.body ?? ""), ...answer.headers });
  response.end(answer.body);
}
