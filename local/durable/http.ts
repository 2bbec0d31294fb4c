import type { IncomingMessage, ServerResponse } from "node:http";

/** An answer of the management API; a body that is undefined is none at all. */
export interface Answered {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface Asked {
  readonly method: string;
  /** Path segments after the base, decoded. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  /** The whole address as the caller wrote it. */
  readonly url: string;
  readonly origin: string;
  readonly contentType: string;
  readonly header: (name: string) => string | undefined;
  readonly text: () => Promise<string>;
}

/** Reads a request below `basePath`; undefined where the path is not below it. */
export function readRequest(request: IncomingMessage, basePath: string): Asked | undefined {
  const host = request.headers.host ?? "localhost";
  const encrypted = "encrypted" in request.socket && request.socket.encrypted === true;
  const origin = `${encrypted ? "https" : "http"}://${host}`;
  const url = new URL(request.url ?? "/", origin);
  const base = basePath.endsWith("/") ? basePath.slice(0, -1) : basePath;
  if (url.pathname !== base && !url.pathname.startsWith(`${base}/`)) return undefined;
  return {
    method: request.method ?? "GET",
    path: url.pathname
      .slice(base.length + 1)
      .split("/")
      .map(decode),
    query: url.searchParams,
    url: `${origin}${request.url ?? "/"}`,
    origin,
    contentType: request.headers["content-type"] ?? "",
    header: (name) => {
      const value = request.headers[name];
      return Array.isArray(value) ? value[0] : value;
    },
    text: () => readText(request),
  };
}

export function write(response: ServerResponse, { status, headers, body }: Answered): void {
  const text = body === undefined ? "" : JSON.stringify(body);
  response.writeHead(status, {
    ...(body !== undefined && { "Content-Type": "application/json; charset=utf-8" }),
    ...headers,
    "Content-Length": Buffer.byteLength(text),
  });
  response.end(text);
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks)
    .toString("utf8")
    .replace(/^\uFEFF/, "");
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
