import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { HttpRequestAction } from "./answer.ts";
import type { Outcome } from "./worker.ts";

/** .NET keeps these with the body, so a durable HTTP response does not have them. */
const OF_THE_CONTENT = /^(allow|content-.*|expires|last-modified)$/i;

/** Makes the HTTP call of `callHttp`, in the host's own process as in Azure. Any status is an answer. */
export function runHttp(input: string): Promise<Outcome> {
  const asked = JSON.parse(input) as HttpRequestAction;
  return new Promise((resolve) => {
    const fail = (fault: Error): void =>
      resolve({ kind: "threw", message: reason(fault), type: "HttpRequestException" });
    try {
      const url = new URL(asked.uri);
      const send = url.protocol === "https:" ? httpsRequest : httpRequest;
      const call = send(url, { method: asked.method, headers: headersOf(asked) }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", fail);
        response.on("end", () => {
          const content = Buffer.concat(chunks).toString("utf8");
          const value = JSON.stringify({
            statusCode: response.statusCode,
            headers: shown(response.rawHeaders),
            content,
          });
          resolve({ kind: "returned", value });
        });
      });
      call.on("error", fail);
      call.end(asked.content ?? undefined);
    } catch (fault) {
      fail(fault instanceof Error ? fault : new Error(String(fault)));
    }
  });
}

function headersOf({ headers, content }: HttpRequestAction): Record<string, string> {
  const given = { ...headers };
  const named = Object.keys(given).some((name) => name.toLowerCase() === "content-type");
  return content === undefined || named ? given : { "Content-Type": "application/json", ...given };
}

function shown(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] ?? "";
    if (OF_THE_CONTENT.test(name)) continue;
    const cased = name.toLowerCase().replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
    headers[cased] = cased in headers ? `${headers[cased]},${raw[i + 1]}` : (raw[i + 1] ?? "");
  }
  return headers;
}

function reason(fault: Error & { code?: string; address?: string; port?: number }): string {
  if (fault.code === "ECONNREFUSED") return `Connection refused (${fault.address}:${fault.port})`;
  return fault.message;
}
