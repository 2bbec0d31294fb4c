import type { TableClient } from "@azure/data-tables";

export type Pipeline = TableClient["pipeline"];
type Policy = Parameters<Pipeline["addPolicy"]>[0];
type Etags = ReadonlyMap<string, string>;

/** The policy that signs with a key sets the length of the body too. */
const BEFORE_SIGNING = { beforePolicies: ["tablesNamedKeyCredentialPolicy"] };

/** `If-Match: *` of a delete within the body of a transaction. JSON has no raw line breaks, so values can't match. */
const DELETE = /^(DELETE \S*RowKey='([^']*)'\)\S* HTTP\/1\.1\r\n(?:[^\r\n]+\r\n)*?if-match: )\*(?=\r\n)/gim;

const BEYOND_ASCII = /[\u0080-\uffff]/g;

/** The ETags of one transaction's deletes, found by the signal that travels with its request. */
const pending = new WeakMap<object, Etags>();

/**
 * In a transaction the SDK (13.3) sends each delete with `If-Match: *`, whatever its ETag, and so would delete a row
 * that somebody else has changed. This policy puts back the ETags given with `withDeleteEtags`.
 */
export function restoreDeleteEtags(pipeline: Pipeline): void {
  const policy: Policy = {
    name: "restoreDeleteEtags",
    sendRequest(request, next) {
      const etags = request.abortSignal && pending.get(request.abortSignal);
      if (etags !== undefined && typeof request.body === "string") request.body = withEtags(request.body, etags);
      return next(request);
    },
  };
  pipeline.addPolicy(policy, BEFORE_SIGNING);
}

/** Says which ETags the deletes of the transaction that carries this signal ask for. */
export function withDeleteEtags(signal: AbortSignal, etags: Etags): AbortSignal {
  if (etags.size > 0) pending.set(signal, etags);
  return signal;
}

/**
 * Azurite (3.35) decodes each chunk that it receives by itself, and so breaks a character that lies on a border.
 * Without characters beyond ASCII nothing can break: all of them stand in JSON, which can spell them out.
 */
export function keepToAscii(pipeline: Pipeline): void {
  const policy: Policy = {
    name: "keepToAscii",
    sendRequest(request, next) {
      if (typeof request.body === "string") request.body = request.body.replace(BEYOND_ASCII, spelt);
      return next(request);
    },
  };
  pipeline.addPolicy(policy, BEFORE_SIGNING);
}

function spelt(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function withEtags(body: string, etags: Etags): string {
  let restored = 0;
  const changed = body.replace(DELETE, (found, upToEtag: string, row: string) => {
    const etag = etags.get(decodeURIComponent(row));
    if (etag === undefined) return found;
    restored++;
    return upToEtag + etag;
  });
  // Another form of body than the one we know: better a fault than a delete without its condition.
  if (restored !== etags.size) throw new Error(`restored ${restored} of ${etags.size} ETags of deletes`);
  return changed;
}
