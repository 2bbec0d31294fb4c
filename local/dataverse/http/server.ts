import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Environment } from "../environment.ts";
import { ODataError } from "../errors.ts";
import type { ApiRequest, ApiResponse } from "./api.ts";
import { batch } from "./batch.ts";
import { answerApi, faulty } from "./routes.ts";

const API = /^\/api\/data\/v9\.\d+\/?/;

/** What the Web API does wrong on demand. */
export interface ApiFault {
  readonly down: boolean;
  /** Every request is answered 429 with this Retry-After. */
  readonly throttleSeconds: number | undefined;
  readonly slowMs: number;
}

export interface ServerDeps {
  readonly environment: Environment;
  readonly fault: () => ApiFault;
  /** Answers `/faults`. */
  readonly faults: (method: string, body: string) => ApiResponse;
  /** Anything that is not the Web API: the explorer. */
  readonly page: (path: string) => ApiResponse;
}

/** Serves the Web API and the explorer. @throws Error when the port is taken */
export async function serve(port: number, deps: ServerDeps): Promise<{ port: number; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    answer(request, deps)
      .catch(faulty)
      .then((answered) => write(response, answered))
      .catch(() => response.destroy());
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
  return { port: (server.address() as AddressInfo).port, close: () => closed(server) };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function answer(incoming: IncomingMessage, deps: ServerDeps): Promise<ApiResponse> {
  // Put together, not resolved: a path with two slashes in front would be read as a host.
  const url = new URL(`http://${incoming.headers.host ?? "localhost"}${incoming.url ?? "/"}`);
  const prefix = API.exec(url.pathname)?.[0];
  if (url.pathname === "/faults") return deps.faults(incoming.method ?? "GET", await read(incoming));
  if (prefix === undefined) return deps.page(url.pathname);
  const done = deps.environment.open("dataverse request");
  try {
    return await answerPart(incoming, url, prefix, deps);
  } finally {
    done();
  }
}

async function answerPart(incoming: IncomingMessage, url: URL, prefix: string, deps: ServerDeps): Promise<ApiResponse> {
  const fault = deps.fault();
  const text = await read(incoming);
  if (fault.slowMs > 0) await new Promise((resolve) => setTimeout(resolve, fault.slowMs));
  refuse(fault);
  const request: ApiRequest = {
    method: incoming.method ?? "GET",
    path: decodeURIComponent(url.pathname.slice(prefix.length)),
    query: url.searchParams,
    headers: headersOf(incoming),
    body: text,
    base: `${url.origin}${prefix.replace(/\/$/, "")}`,
  };
  if (request.path === "$batch") return batch({ ...request, body: text }, deps.environment);
  return answerApi({ ...request, body: parsed(text) }, deps.environment);
}

function refuse({ down, throttleSeconds }: ApiFault): void {
  if (down) throw new ODataError(503, "0x80040216", "The service is unavailable.");
  if (throttleSeconds !== undefined)
    throw new ODataError(
      429,
      "0x80072322",
      "Number of requests exceeded the limit of 6000 over time window of 300 seconds.",
      {
        "Retry-After": String(throttleSeconds),
      },
    );
}

async function read(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function parsed(text: string): unknown {
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new ODataError(400, "0x80048d19", `Error identified in Payload provided by the user: ${String(error)}`);
  }
}

function headersOf(incoming: IncomingMessage): Record<string, string | undefined> {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(incoming.headers))
    headers[name] = Array.isArray(value) ? value.join(",") : value;
  return headers;
}

function write(response: ServerResponse, { status, headers = {}, body }: ApiResponse): void {
  const isText = typeof body === "string" || Buffer.isBuffer(body);
  const type =
    body === undefined
      ? {}
      : { "Content-Type": isText ? "text/plain; charset=utf-8" : "application/json; odata.metadata=minimal" };
  const content = body === undefined ? "" : isText ? body : JSON.stringify(body);
  const length = { "Content-Length": String(Buffer.byteLength(content)) };
  response.writeHead(status, {
    ...type,
    "OData-Version": "4.0",
    ...(status === 204 || status === 304 ? {} : length),
    ...headers,
  });
  response.end(status === 204 || status === 304 ? undefined : content);
}
