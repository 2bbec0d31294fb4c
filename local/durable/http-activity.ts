import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { HttpRequestAction } from "./answer.ts";
import { httpDetails } from "./failure.ts";

/** What came of the call: the response as JSON text, or why there was none. */
export type HttpOutcome =
  | { readonly kind: "returned"; readonly value: string }
  | { readonly kind: "failed"; readonly reason: string; readonly details: string };

/** .NET keeps these with the body, so a durable HTTP response does not have them. */
const OF_THE_CONTENT = /^(allow|content-.*|expires|last-modified)$/i;

/** Makes the HTTP call of `callHttp`, in the host's own process as in Azure. Any status is an answer. */
export function runHttp(input: string): Promise<HttpOutcome> {
  const asked = JSON.parse(input) as HttpRequestAction;
  return new Promise((resolve) => {
    const fail = (fault: NetworkFault): void => resolve(failure(fault, asked.uri));
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

/** A header that came more than once is a list, as the host serialises it. */
function shown(raw: readonly string[]): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] ?? "";
    if (OF_THE_CONTENT.test(name)) continue;
    const cased = name.toLowerCase().replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
    const value = raw[i + 1] ?? "";
    headers[cased] = cased in headers ? [headers[cased] ?? [], value].flat() : value;
  }
  // The host lists them by name.
  return Object.fromEntries(Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1)));
}

interface NetworkFault extends Error {
  readonly code?: string;
  readonly errno?: number;
  readonly address?: string;
  readonly port?: number;
}

/** The texts that .NET on Linux has for the common ones. */
const CAUSES: Readonly<Record<string, readonly [error: number, cause: string]>> = {
  ECONNREFUSED: [2, "Connection refused"],
  ENOTFOUND: [1, "Name or service not known"],
  EAI_AGAIN: [1, "Resource temporarily unavailable"],
  ECONNRESET: [2, "Connection reset by peer"],
  ETIMEDOUT: [2, "Connection timed out"],
};

function failure(fault: NetworkFault, uri: string): HttpOutcome {
  const [error, cause] = CAUSES[fault.code ?? ""] ?? [0, fault.message];
  const { hostname, port } = URL.canParse(uri) ? new URL(uri) : { hostname: "", port: "" };
  const at = `${fault.address ?? hostname}:${fault.port ?? (port || 80)}`;
  const reason = error === 0 ? cause : `${cause} (${at})`;
  const errno = fault.errno === undefined ? null : -fault.errno;
  return { kind: "failed", reason, details: httpDetails(reason, error, cause, errno) };
}
