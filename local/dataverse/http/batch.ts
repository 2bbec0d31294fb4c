import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { Environment } from "../environment.ts";
import { badRequest } from "../errors.ts";
import type { ApiRequest, ApiResponse } from "./api.ts";
import { answerApi } from "./routes.ts";

const MAX_OPERATIONS = 1000;

interface Part {
  readonly headers: Readonly<Record<string, string>>;
  readonly content: string;
}

/** `POST $batch`: requests one after another; those of a change set all or none. */
export function batch(request: ApiRequest & { readonly body: string }, environment: Environment): ApiResponse {
  const boundary = boundaryOf(request.headers["content-type"]);
  const parts = partsOf(request.body, boundary);
  const goOn = /odata\.continue-on-error/i.test(request.headers.prefer ?? "");
  const answers: string[] = [];
  let left = MAX_OPERATIONS;
  for (const part of parts) {
    const inner = part.headers["content-type"] ?? "";
    const set = /multipart\/mixed/i.test(inner) ? partsOf(part.content, boundaryOf(inner)) : undefined;
    left -= set?.length ?? 1;
    if (left < 0) throw badRequest("The batch request exceeds the limit of 1000 operations.", "0x80060899");
    const { text, ok } = set ? changeSet(set, request, environment) : single(part, request, environment, new Map());
    answers.push(text);
    if (!ok && !goOn) break;
  }
  return multipart("batchresponse", answers);
}

function single(
  part: Part,
  outer: ApiRequest,
  environment: Environment,
  known: Map<string, string>,
): { text: string; ok: boolean } {
  const response = answerApi(requestOf(part, outer, known), environment);
  const contentId = part.headers["content-id"];
  const address = response.headers?.["OData-EntityId"];
  if (contentId !== undefined && address !== undefined) known.set(contentId, address);
  const head = [
    "Content-Type: application/http",
    "Content-Transfer-Encoding: binary",
    ...(contentId ? [`Content-ID: ${contentId}`] : []),
  ];
  return { text: `${head.join("\r\n")}\r\n\r\n${responseText(response)}`, ok: response.status < 400 };
}

class Undo extends Error {
  readonly failed: string;

  constructor(failed: string) {
    super("a change set is undone");
    this.failed = failed;
  }
}

/** The first failure undoes the others and is the whole answer. */
function changeSet(set: readonly Part[], outer: ApiRequest, environment: Environment): { text: string; ok: boolean } {
  try {
    const known = new Map<string, string>();
    const answers = environment.atomically(() =>
      set.map((part) => {
        const { text, ok } = single(part, outer, environment, known);
        if (!ok) throw new Undo(text);
        return text;
      }),
    );
    const { headers, body } = multipart("changesetresponse", answers);
    return { text: `Content-Type: ${headers?.["Content-Type"]}\r\n\r\n${String(body)}`, ok: true };
  } catch (error) {
    if (error instanceof Undo) return { text: error.failed, ok: false };
    throw error;
  }
}

/** The request of a part; `$1` stands for what the request with that Content-ID made. */
function requestOf(part: Part, outer: ApiRequest, known: ReadonlyMap<string, string>): ApiRequest {
  const lines = /^\s*(\w+)\s+(\S+)[^\r\n]*\r?\n?([\s\S]*)$/.exec(part.content);
  if (!lines) throw badRequest("A part of the batch is no HTTP request.", "0x80060888");
  const [, method = "", address = "", rest = ""] = lines;
  const { headers, content } = partOf(rest);
  const filled = (text: string) => text.replace(/\$(\d+)/g, (whole, id: string) => known.get(id) ?? whole);
  const path = filled(address)
    .replace(/^https?:\/\/[^/]+/i, "")
    .replace(/^\/?api\/data\/v[\d.]+\//i, "");
  const at = path.indexOf("?");
  const json = content.trim();
  return {
    method: method.toUpperCase(),
    path: decodeURIComponent(at < 0 ? path : path.slice(0, at)),
    query: new URLSearchParams(at < 0 ? "" : path.slice(at + 1)),
    headers: { authorization: outer.headers.authorization, mscrmcallerid: outer.headers.mscrmcallerid, ...headers },
    body: json === "" ? undefined : (JSON.parse(filledBinds(json, filled)) as unknown),
    base: outer.base,
  };
}

/** In bodies only bound addresses stand for others. */
function filledBinds(json: string, filled: (text: string) => string): string {
  return json.replace(
    /(@odata\.(?:bind|id)"\s*:\s*")(\$\d+)(")/g,
    (_, before: string, id: string, after: string) => before + filled(id) + after,
  );
}

function partsOf(body: string, boundary: string): Part[] {
  return body
    .split(new RegExp(`(?:^|\\r?\\n)--${boundary.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?:--)?[ \\t]*(?=\\r?\\n|$)`))
    .slice(1)
    .map((text) => partOf(text.replace(/^\r?\n/, "")))
    .filter((part) => part.content.trim() !== "");
}

function partOf(text: string): Part {
  const found = /^((?:[\w-]+:[^\r\n]*\r?\n)*)\r?\n?([\s\S]*)$/.exec(text);
  const headers: Record<string, string> = {};
  for (const line of (found?.[1] ?? "").split(/\r?\n/)) {
    const at = line.indexOf(":");
    if (at > 0) headers[line.slice(0, at).trim().toLowerCase()] = line.slice(at + 1).trim();
  }
  return { headers, content: found?.[2] ?? "" };
}

function boundaryOf(contentType: string | undefined): string {
  const found = /boundary="?([^";\s]+)"?/i.exec(contentType ?? "")?.[1];
  if (found === undefined) throw badRequest("The batch request has no boundary.", "0x80060888");
  return found;
}

function responseText({ status, headers = {}, body }: ApiResponse): string {
  const isText = typeof body === "string";
  const type =
    body === undefined ? {} : { "Content-Type": isText ? "text/plain" : "application/json; odata.metadata=minimal" };
  const lines = Object.entries({ ...type, "OData-Version": "4.0", ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  const content = body === undefined ? "" : isText ? body : JSON.stringify(body);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("\r\n")}\r\n\r\n${content}`;
}

function multipart(kind: string, parts: readonly string[]): ApiResponse {
  const boundary = `${kind}_${randomUUID()}`;
  const body = `${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join("")}--${boundary}--\r\n`;
  return { status: 200, headers: { "Content-Type": `multipart/mixed; boundary=${boundary}` }, body };
}
