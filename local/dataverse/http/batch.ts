import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { Environment } from "../environment.ts";
import { badRequest } from "../errors.ts";
import type { ApiRequest, ApiResponse } from "./api.ts";
import { boundaryOf, multipart, type Part, partOf, partsOf } from "./multipart.ts";
import { answerApi } from "./routes.ts";

const MAX_OPERATIONS = 1000;

/** Addresses of what earlier requests of a batch made, by their Content-ID. */
type Known = Map<string, string>;

interface Answered {
  readonly text: string;
  readonly status: number;
}

/**
 * `POST $batch`: requests one after another; those of a change set all or none. The first failure ends the batch,
 * whose status is then its own, unless `Prefer: odata.continue-on-error`.
 */
export function batch(request: ApiRequest & { readonly body: string }, environment: Environment): ApiResponse {
  const parts = partsOf(request.body, boundaryOf(request.headers["content-type"]));
  const goOn = /odata\.continue-on-error/i.test(request.headers.prefer ?? "");
  const known: Known = new Map();
  const answers: string[] = [];
  let left = MAX_OPERATIONS;
  for (const part of parts) {
    const inner = part.headers["content-type"] ?? "";
    const set = /multipart\/mixed/i.test(inner) ? partsOf(part.content, boundaryOf(inner)) : undefined;
    left -= set?.length ?? 1;
    if (left < 0) throw badRequest("The batch request exceeds the limit of 1000 operations.", "0x80060899");
    const { text, status } = set ? changeSet(set, request, environment) : single(part, request, environment, known);
    answers.push(text);
    if (status >= 400 && !goOn) return multipart("batchresponse", answers, status);
  }
  return multipart("batchresponse", answers);
}

function single(part: Part, outer: ApiRequest, environment: Environment, known: Known): Answered {
  const response = answerApi(requestOf(part, outer, known), environment);
  const contentId = part.headers["content-id"];
  const address = response.headers?.["OData-EntityId"];
  if (contentId !== undefined && address !== undefined) known.set(contentId, address);
  const head = [
    "Content-Type: application/http",
    "Content-Transfer-Encoding: binary",
    ...(contentId === undefined ? [] : [`Content-ID: ${contentId}`]),
  ];
  return { text: `${head.join("\r\n")}\r\n\r\n${responseText(response)}`, status: response.status };
}

/** Undoes a change set on its way out of the transaction. */
class Undo extends Error {
  readonly answered: Answered;

  constructor(answered: Answered) {
    super("a change set is undone");
    this.answered = answered;
  }
}

/** The first failure undoes the others and is the whole answer. */
function changeSet(set: readonly Part[], outer: ApiRequest, environment: Environment): Answered {
  try {
    const known: Known = new Map();
    const answers = environment.atomically(() =>
      set.map((part) => {
        if (/^\s*GET\s/i.test(part.content))
          throw badRequest("GET requests are not allowed in a change set.", "0x80060888");
        const answered = single(part, outer, environment, known);
        if (answered.status >= 400) throw new Undo(answered);
        return answered.text;
      }),
    );
    const { headers, body } = multipart("changesetresponse", answers);
    return { text: `Content-Type: ${headers?.["Content-Type"]}\r\n\r\n${String(body)}`, status: 200 };
  } catch (error) {
    if (error instanceof Undo) return error.answered;
    throw error;
  }
}

/** The request of a part; `$1` stands for what the request with that Content-ID made. */
function requestOf(part: Part, outer: ApiRequest, known: ReadonlyMap<string, string>): ApiRequest {
  const lines = /^\s*(\w+)\s+(\S+)[^\r\n]*\r?\n?([\s\S]*)$/.exec(part.content);
  if (!lines) throw badRequest("A part of the batch is no HTTP request.", "0x80060888");
  const [, method = "", address = "", rest = ""] = lines;
  const { headers, content } = partOf(rest);
  const path = address
    .replace(/^\$([\w-]+)/, (whole, id: string) => (known.has(id) || /^\d+$/.test(id) ? addressOf(known, id) : whole))
    .replace(/^https?:\/\/[^/]+/i, "")
    .replace(/^\/?api\/data\/v[\d.]+\//i, "");
  const at = path.indexOf("?");
  const json = content.trim();
  return {
    method: method.toUpperCase(),
    path: decodeURIComponent(at < 0 ? path : path.slice(0, at)),
    query: new URLSearchParams(at < 0 ? "" : path.slice(at + 1)),
    headers: { ...inherited(outer), ...headers },
    body: json === "" ? undefined : (JSON.parse(withAddresses(json, known)) as unknown),
    base: outer.base,
  };
}

/** Who calls is said once, for all parts. */
function inherited({ headers }: ApiRequest): Record<string, string | undefined> {
  const { authorization, mscrmcallerid, callerobjectid } = headers;
  const bypass = headers["mscrm.bypassbusinesslogicexecution"];
  return { authorization, mscrmcallerid, callerobjectid, "mscrm.bypassbusinesslogicexecution": bypass };
}

/** In bodies only bound addresses stand for others. */
function withAddresses(json: string, known: ReadonlyMap<string, string>): string {
  const bound = /(@odata\.(?:bind|id)"\s*:\s*")\$([\w-]+)(")/g;
  return json.replace(bound, (_, before: string, id: string, after: string) => before + addressOf(known, id) + after);
}

function addressOf(known: ReadonlyMap<string, string>, id: string): string {
  const address = known.get(id);
  if (address === undefined)
    throw badRequest(`Content-ID Reference: '$${id}' does not exist in the batch context.`, "0x80060888");
  return address;
}

function responseText({ status, headers = {}, body }: ApiResponse): string {
  const isText = typeof body === "string";
  const type =
    body === undefined ? {} : { "Content-Type": isText ? "text/plain" : "application/json; odata.metadata=minimal" };
  const all = { REQ_ID: randomUUID(), ...type, "OData-Version": "4.0", ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  const content = body === undefined ? "" : isText ? body : JSON.stringify(body);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("\r\n")}\r\n\r\n${content}`;
}
