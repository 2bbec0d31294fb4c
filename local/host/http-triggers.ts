import { randomUUID } from "node:crypto";
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { LogEntry } from "./function-app.ts";
import { headersOf, toHttpData, writeResponse } from "./http-data.ts";
import { findRoute, type HttpRoute, type Matched } from "./http-routes.ts";
import type { Invoker } from "./invoker.ts";
import { authorized, type Keys } from "./keys.ts";
import type { Settings } from "./settings.ts";

export interface HttpTriggersOptions {
  readonly routes: readonly HttpRoute[];
  readonly invoker: Invoker;
  readonly keys: Keys;
  readonly settings: Settings;
  /** Where the library takes streamed requests, when the app asked for HTTP streams. */
  readonly streamUri: string | undefined;
  /** Of host.json, for what functions answer; a function's own win. */
  readonly customHeaders: Readonly<Record<string, string>>;
  readonly log: (entry: LogEntry) => void;
}

const NO_ANSWER_MS = 1000;
const HOME_PAGE = `<!DOCTYPE html><html lang="en"><title>Function app</title>
<h1>Your function app is up and running</h1></html>`;

/** Serves the HTTP functions of one app instance. The platform's front door passes requests on to it. */
export function httpTriggers(options: HttpTriggersOptions): Server {
  const server = createServer(async (request, response) => {
    try {
      await serve(request, response, options);
    } catch {
      // What user code threw has been logged with its invocation.
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { "content-length": 0 }).end();
    }
  });
  // The front door keeps its connections; were this side to close an idle one, a request could meet the closing.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  return server;
}

async function serve(request: IncomingMessage, response: ServerResponse, options: HttpTriggersOptions): Promise<void> {
  const proto = String(request.headers["x-forwarded-proto"] ?? "http");
  const url = new URL(`${proto}://${request.headers.host ?? "localhost"}${request.url ?? "/"}`);
  const matched = findRoute(options.routes, request.method ?? "GET", url.pathname);
  if (matched === undefined) return noRoute(url, response, options.settings);
  if (!authorized(matched.route.authLevel, request, url, options.keys)) {
    response.writeHead(401, { "content-length": 0 }).end();
    return;
  }
  for (const [name, value] of Object.entries(options.customHeaders)) response.setHeader(name, value);
  if (options.streamUri === undefined) await buffered(request, response, url, matched, options);
  else await streamed(request, response, url, matched, options.streamUri, options);
}

function noRoute(url: URL, response: ServerResponse, settings: Settings): void {
  if (url.pathname !== "/") response.writeHead(404, { "content-length": 0 }).end();
  else if (settings.AzureWebJobsDisableHomepage?.toLowerCase() === "true") response.writeHead(204).end();
  else response.writeHead(200, { "content-type": "text/html" }).end(HOME_PAGE);
}

async function buffered(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  { route, params }: Matched,
  { invoker }: HttpTriggersOptions,
): Promise<void> {
  const data = await toHttpData(request, url, params);
  writeResponse(await invoker.invoke(route.fn, { data, trace: traceOf(request) }), response);
}

/**
 * With `app.setup({ enableHttpStream: true })` the library opens a server of its own; the host forwards request and
 * answer as streams and tells them apart by the invocation id.
 */
async function streamed(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  { route, params }: Matched,
  streamUri: string,
  { invoker, log }: HttpTriggersOptions,
): Promise<void> {
  const functionName = route.fn.metadata.name;
  const warn = (what: string): void => {
    const message = `${what} while HTTP streams are on: in Azure its caller gets no answer. Answer in every case.`;
    log({ level: "warning", category: "system", message, functionName });
  };
  const invocationId = randomUUID();
  const headers = {
    ...request.headers,
    "x-ms-invocation-id": invocationId,
    "x-forwarded-host": url.host,
    "x-forwarded-proto": url.protocol.slice(0, -1),
  };
  const target = new URL(request.url ?? "/", streamUri);
  const onward = httpRequest(target, { method: request.method ?? "GET", headers, agent: false });
  const answered = new Promise<void>((resolve, reject) => {
    onward.on("error", reject);
    onward.on("response", (answer) => {
      const { "x-ms-invocation-id": _, ...answerHeaders } = answer.headers;
      response.writeHead(answer.statusCode ?? 200, answerHeaders);
      answer.pipe(response);
      answer.on("error", reject);
      answer.on("end", resolve);
    });
  });
  request.pipe(onward);
  response.on("close", () => onward.destroy());
  // Where user code throws, no answer will come: `serve`'s caller answers 500, and this one is given up.
  answered.catch(() => undefined);
  const metadata: Record<string, { string: string } | { json: string }> = {
    Headers: { json: JSON.stringify(headersOf(request)) },
  };
  for (const [name, value] of Object.entries(params)) metadata[name] = { string: value };
  try {
    await invoker.invoke(route.fn, { data: { http: {} }, metadata, invocationId, trace: traceOf(request) });
  } catch (error) {
    onward.destroy();
    if (!response.headersSent) warn("The function threw");
    throw error;
  }
  const waiting = setTimeout(() => response.headersSent || warn("The function returned nothing"), NO_ANSWER_MS);
  answered.catch(() => undefined).finally(() => clearTimeout(waiting));
  await answered;
}

function traceOf({ headersDistinct: { traceparent, tracestate } }: IncomingMessage) {
  return { traceparent: traceparent?.[0], tracestate: tracestate?.join(",") };
}
