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
  /** A query parameter, its name in any case; several of one name are joined by commas, as .NET does. */
  readonly query: (name: string) => string | undefined;
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
    path: segmentsOf(url.pathname.slice(base.length)),
    query: queryOf(url.searchParams),
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

/** The host decodes the path as a form (a plus is a blank) before it looks for slashes: no id can contain one. */
function segmentsOf(path: string): string[] {
  return decode(path.replaceAll("+", " "))
    .replace(/^\/+|\/+$/g, "")
    .split("/");
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function queryOf(given: URLSearchParams): Asked["query"] {
  const values = new Map<string, string>();
  for (const [name, value] of given) {
    const before = values.get(name.toLowerCase());
    values.set(name.toLowerCase(), before === undefined ? value : `${before},${value}`);
  }
  return (name) => values.get(name.toLowerCase());
}

/** Parameters after the type (a charset) do not matter, another type that begins alike does. */
export function isJson({ contentType }: Asked): boolean {
  return contentType.split(";")[0]?.trim().toLowerCase() === "application/json";
}

/** As .NET parses it: anything but the two words, in any case, counts as not given. */
export function flag(asked: Asked, name: string, otherwise: boolean): boolean {
  const value = asked.query(name)?.trim().toLowerCase();
  return value === "true" || value === "false" ? value === "true" : otherwise;
}

/** A whole number; anything else counts as not given. */
export function whole(asked: Asked, name: string, otherwise: number): number {
  const value = asked.query(name) ?? "";
  return /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : otherwise;
}

/** An instant in milliseconds, if the parameter is one. */
export function instant(asked: Asked, name: string): number | undefined {
  const at = Date.parse(asked.query(name) ?? "");
  return Number.isNaN(at) ? undefined : at;
}
