import type { IncomingMessage, ServerResponse } from "node:http";
import type { HttpCookie, HttpData, InvocationResponse, NullableString, TypedData } from "./core-types.ts";

/** A request as the host passes it to a worker: several values of one name joined by a comma, names lower case. */
export async function toHttpData(
  request: IncomingMessage,
  url: URL,
  params: Readonly<Record<string, string>>,
): Promise<TypedData> {
  const body = await readAll(request);
  const http: HttpData = {
    method: request.method ?? "GET",
    url: url.href,
    nullableHeaders: nullable(headersOf(request)),
    nullableQuery: nullable(queryOf(url)),
    nullableParams: nullable(params),
  };
  if (body.length > 0) http.body = { bytes: body };
  return { http };
}

/** The headers by lower-case name, as sent: Node's own `headers` drops some that come twice. */
export function headersOf(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, values] of Object.entries(request.headersDistinct))
    headers[name] = (values ?? []).join(name === "cookie" ? "; " : ", ");
  return headers;
}

function queryOf(url: URL): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [name, value] of url.searchParams) {
    const before = query[name];
    query[name] = before === undefined ? value : `${before},${value}`;
  }
  return query;
}

function nullable(values: Readonly<Record<string, string>>): Record<string, NullableString> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Writes what a function answered. A function that returned nothing answers 204, as on the real host. */
export function writeResponse(answer: InvocationResponse, response: ServerResponse): void {
  const http = answer.returnValue?.http;
  if (http === undefined) {
    response.writeHead(204).end();
    return;
  }
  for (const [name, value] of Object.entries(http.headers ?? {})) {
    // Of the body's length the server itself is the judge; the other belongs to the connection.
    if (name !== "transfer-encoding" && name !== "content-length") response.setHeader(name, value);
  }
  const cookies = (http.cookies ?? []).map(setCookie);
  if (cookies.length > 0) response.setHeader("set-cookie", cookies);
  response.statusCode = Number(http.statusCode ?? 200);
  const body = bodyOf(http.body);
  if (response.statusCode !== 204 && response.statusCode !== 304) response.setHeader("content-length", body.length);
  response.end(body);
}

function bodyOf(body: TypedData | undefined): Buffer {
  if (body?.bytes !== undefined) return Buffer.from(body.bytes.buffer, body.bytes.byteOffset, body.bytes.byteLength);
  return Buffer.from(body?.string ?? body?.json ?? "");
}

function setCookie(cookie: HttpCookie): string {
  const parts = [`${cookie.name}=${encodeURIComponent(cookie.value ?? "")}`];
  const expires = expiryOf(cookie.expires?.value);
  if (expires !== undefined) parts.push(`expires=${expires.toUTCString()}`);
  if (cookie.maxAge?.value !== undefined) parts.push(`max-age=${cookie.maxAge.value}`);
  if (cookie.domain?.value) parts.push(`domain=${cookie.domain.value}`);
  parts.push(`path=${cookie.path?.value ?? "/"}`);
  if (cookie.secure?.value) parts.push("secure");
  const sameSite = String(cookie.sameSite ?? "None");
  if (/^(lax|strict|explicitnone)$/i.test(sameSite))
    parts.push(`samesite=${sameSite.toLowerCase().replace("explicit", "")}`);
  if (cookie.httpOnly?.value) parts.push("httponly");
  return parts.join("; ");
}

/** Protobuf writes an instant as seconds; a date comes where none was converted. */
function expiryOf(value: unknown): Date | undefined {
  if (value instanceof Date) return value;
  if (typeof value === "object" && value !== null && "seconds" in value) return new Date(Number(value.seconds) * 1000);
  return undefined;
}
