import type { IncomingMessage, ServerResponse } from "node:http";
import type { AppInstance } from "./app-instance.ts";

/** Serves the app's HTTP functions below /api/, as little of the host's own front as the recorded app needs. */
export async function serveFunctions(
  app: AppInstance,
  binding: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
  const found = match(app, url.pathname);
  if (!found) return false;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const headers = Object.entries(request.headers).map(([name, value]) => [name, { value: String(value) }]);
  const query = [...url.searchParams].map(([name, value]) => [name, { value }]);
  const answer = await app.http(
    found.name,
    {
      method: request.method,
      url: url.href,
      ...(body.length > 0 && { body: { bytes: body } }),
      nullableHeaders: Object.fromEntries(headers),
      nullableQuery: Object.fromEntries(query),
      nullableParams: Object.fromEntries(found.params.map(([name, value]) => [name, { value }])),
    },
    binding,
  );
  const http = (answer?.http ?? {}) as { statusCode?: string; headers?: Record<string, string>; body?: unknown };
  response.writeHead(Number(http.statusCode ?? 200), atHome(http.headers ?? {}, url.origin));
  response.end(bytesOf(http.body));
  return true;
}

/** The recorded app names its host's port in one answer. */
function atHome(headers: Record<string, string>, origin: string): Record<string, string> {
  const entries = Object.entries(headers);
  return Object.fromEntries(entries.map(([name, value]) => [name, value.replace("http://127.0.0.1:7071", origin)]));
}

function match(app: AppInstance, path: string): { name: string; params: [string, string][] } | undefined {
  const given = path.split("/").slice(1);
  if (given.shift() !== "api") return undefined;
  for (const { name, route } of app.routes) {
    const parts = route.split("/");
    if (parts.length !== given.length) continue;
    const params: [string, string][] = [];
    const fits = parts.every((part, i) => {
      const value = decodeURIComponent(given[i] ?? "");
      if (!part.startsWith("{")) return part.toLowerCase() === value.toLowerCase();
      params.push([part.slice(1, -1), value]);
      return true;
    });
    if (fits) return { name, params };
  }
  return undefined;
}

function bytesOf(body: unknown): Buffer | string {
  const { bytes, string, json } = (body ?? {}) as { bytes?: Uint8Array; string?: string; json?: string };
  return bytes ? Buffer.from(bytes) : (string ?? json ?? "");
}
