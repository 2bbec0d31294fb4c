import { textOf, type Values } from "../store/values.ts";
import type { Job } from "./job.ts";

/** Above this Dataverse strips the context and says so in a header. */
const MAX_BYTES = 256 * 1024;
const STRIPPED = ["ParentContext", "InputParameters", "PreEntityImages", "PostEntityImages"] as const;

export interface WebhookRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The request that a job makes. @throws Error on a malformed `authvalue` */
export function webhookRequest(job: Job, endpoint: Values, organizationDomain: string): WebhookRequest {
  const url = new URL(textOf(endpoint.url) ?? "");
  const secret = textOf(endpoint.authvalue) ?? "";
  const own: Record<string, string> = {};
  if (endpoint.authtype === 4) url.searchParams.set("code", secret);
  else if (endpoint.authtype === 5) Object.assign(own, settings(secret));
  else if (endpoint.authtype === 6)
    for (const [name, value] of Object.entries(settings(secret))) url.searchParams.set(name, value);
  const oversize = Buffer.byteLength(job.body) > MAX_BYTES;
  return {
    url,
    headers: {
      "Content-Type": "application/json; charset=utf-8",
      "x-ms-dynamics-organization": organizationDomain,
      "x-ms-dynamics-entity-name": job.table,
      "x-ms-dynamics-request-name": job.message,
      "x-ms-correlation-request-id": job.correlationId,
      "x-request-id": job.requestId,
      ...(oversize ? { "x-ms-dynamics-msg-size-exceeded": "True" } : {}),
      ...own,
    },
    body: oversize ? stripped(job.body) : job.body,
  };
}

/** `<settings><setting name="x-secret" value="…"/></settings>`; anything else fails when the webhook is called. */
function settings(xml: string): Record<string, string> {
  if (!/^\s*<settings\b/i.test(xml)) throw new Error("0x80050203: the authvalue is no <settings> document");
  const found: Record<string, string> = {};
  for (const [tag] of xml.matchAll(/<setting\b[^>]*\/?>/gi)) {
    const name = /\bname\s*=\s*"([^"]*)"/i.exec(tag)?.[1];
    const value = /\bvalue\s*=\s*"([^"]*)"/i.exec(tag)?.[1];
    if (name) found[unescapeXml(name)] = unescapeXml(value ?? "");
  }
  return found;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };

function unescapeXml(text: string): string {
  return text.replace(/&(?:(lt|gt|quot|apos|amp)|#(\d{1,6})|#x([0-9a-f]{1,6}));/gi, (whole, name, decimal, hex) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    const point = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}

/** Leaves message, table, id and operation: the row must be read back. */
function stripped(body: string): string {
  const context = JSON.parse(body) as Record<string, unknown>;
  for (const name of STRIPPED) context[name] = null;
  return JSON.stringify(context).replaceAll("/", "\\/");
}
