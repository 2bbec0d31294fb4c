import { z } from "zod";
import type { Clock } from "../clock/virtual-clock.ts";
import { DELIVERY_STATUSES, engagementReport } from "./event-grid.ts";
import { type Call, json, type Reply, redirect, refusal } from "./http.ts";
import type { Mail, MailStore, OutboxRow } from "./mail-store.ts";

export interface MailboxParts {
  readonly store: MailStore;
  readonly clock: Clock;
  readonly report: (rows: readonly OutboxRow[]) => void;
}

/** The mailbox as JSON: what was sent, and what its readers do. Answers undefined for a path that is not its own. */
export function mailboxApi(call: Call, parts: MailboxParts): Reply | undefined {
  const [root, kind, id, action, ...rest] = call.url.pathname.slice(1).split("/");
  if (root !== "mailbox" || rest.length > 0) return undefined;
  const { method } = call.request;
  if (kind === "recipients" && id === undefined) return recipients(call, parts.store);
  if (kind !== "messages") return undefined;
  if (id === undefined) {
    if (method === "GET") return list(call.url.searchParams, parts.store);
    if (method === "DELETE") return json(200, { removed: parts.store.remove() });
    return undefined;
  }
  const mail = parts.store.get(id);
  if (mail === undefined) return noSuchMail(id);
  if (action === undefined && method === "GET") return json(200, mail);
  if (action === undefined && method === "DELETE") return json(200, { removed: parts.store.remove(id) });
  if (method !== "POST") return undefined;
  if (action === "open") return engaged(call, mail, undefined, parts);
  if (action === "click") return clicked(call, mail, parts);
  return undefined;
}

/** Counts an open, or a click of `link`, and reports it for each recipient, unless the sender declined tracking. */
export function engage(mail: Mail, link: string | undefined, userAgent: string, parts: MailboxParts): void {
  const about = { sender: mail.from, messageId: mail.operationId };
  const events = mail.tracked
    ? mail.delivery.map(({ recipient }) =>
        engagementReport({ ...about, recipient }, link, userAgent, parts.clock.now()),
      )
    : [];
  parts.report(parts.store.engage(mail.id, link === undefined ? "opens" : "clicks", events));
}

function list(query: URLSearchParams, store: MailStore): Reply {
  const since = query.get("since");
  const instant = since === null ? undefined : toInstant(since);
  if (Number.isNaN(instant))
    return refusal(400, "BadRequest", "'since' is neither a date nor milliseconds since 1970.");
  const filter = {
    to: query.get("to") ?? undefined,
    operationId: query.get("operationId") ?? undefined,
    since: instant,
  };
  return json(200, store.list(filter));
}

function toInstant(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : Date.parse(text);
}

function clicked(call: Call, mail: Mail, parts: MailboxParts): Reply {
  const link = field(call, "url");
  if (link === undefined || !URL.canParse(link)) return refusal(400, "BadRequest", "'url' is not an absolute address.");
  return engaged(call, mail, link, parts);
}

/** A form of the page goes back to the mail, or on to the link; a program gets the mail with its new counts. */
function engaged(call: Call, mail: Mail, link: string | undefined, parts: MailboxParts): Reply {
  engage(mail, link, call.request.headers["user-agent"] ?? "", parts);
  if (isForm(call)) return redirect(link ?? `/messages/${mail.id}`);
  return json(200, parts.store.get(mail.id) ?? mail);
}

function field(call: Call, name: string): string | undefined {
  if (isForm(call)) return new URLSearchParams(call.body).get(name) ?? undefined;
  try {
    const value = (JSON.parse(call.body) as Record<string, unknown>)[name];
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

function isForm(call: Call): boolean {
  return call.request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded") === true;
}

const statuses = z.record(z.string(), z.enum(DELIVERY_STATUSES));

/** What becomes of mail to single addresses: read it, or add to it. */
function recipients(call: Call, store: MailStore): Reply | undefined {
  if (call.request.method === "POST") {
    const given = statuses.safeParse(parsed(call.body));
    if (!given.success) return refusal(400, "BadRequest", `Give {"address": status}: ${DELIVERY_STATUSES.join(", ")}.`);
    for (const [address, status] of Object.entries(given.data)) store.setStatus(address, status);
  } else if (call.request.method !== "GET") return undefined;
  return json(200, store.statuses());
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function noSuchMail(id: string): Reply {
  return refusal(404, "NotFound", `No mail '${id}' lies in the mailbox.`);
}
