import { randomUUID } from "node:crypto";
import type { Clock } from "../clock/virtual-clock.ts";
import { type DeliveryStatus, deliveryReport } from "./event-grid.ts";
import type { FaultPlan, FaultRule } from "./faults.ts";
import { type Answer, type Call, json, type Reply, refusal } from "./http.ts";
import type { MailStore, OutboxRow } from "./mail-store.ts";
import type { SendQuota } from "./send-quota.ts";
import { allRecipients, type EmailMessage, parseSend } from "./send-request.ts";
import { isSigned } from "./signature.ts";

export interface EmailApiParts {
  readonly store: MailStore;
  readonly clock: Clock;
  readonly accessKey: string;
  readonly faults: () => FaultPlan;
  readonly quota: SendQuota;
  readonly report: (rows: readonly OutboxRow[]) => void;
}

/** Seconds that the service asks its callers to wait before they ask for an operation again. */
const POLL_AFTER_SECONDS = "1";

/** The REST calls of the service itself, signed by the access key. Answers undefined for a path that is not its own. */
export function emailApi(call: Call, parts: EmailApiParts): Answer | undefined {
  const { pathname } = call.url;
  const operation = /^\/emails\/operations\/([^/]+)$/.exec(pathname)?.[1];
  if (pathname !== "/emails:send" && operation === undefined) return undefined;
  if (!isSigned(call.request, call.body, parts.accessKey))
    return refusal(401, "Denied", "Denied by the resource provider.");
  if (!call.url.searchParams.has("api-version"))
    return refusal(400, "MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required.");
  if (operation === undefined && call.request.method === "POST") return send(call, parts);
  if (operation !== undefined && call.request.method === "GET") return ask(decodeURIComponent(operation), parts);
  return refusal(405, "MethodNotAllowed", "The method is not allowed here.");
}

function send(call: Call, parts: EmailApiParts): Answer {
  const given = call.request.headers["operation-id"];
  const parsed = parseSend(call.body, typeof given === "string" ? given : undefined);
  if ("refusal" in parsed) return refusal(parsed.refusal.status, parsed.refusal.code, parsed.refusal.message);

  const operationId = typeof given === "string" ? given : randomUUID();
  const plan = parts.faults();
  const fault = plan.draw("send", operationId);
  if (fault !== undefined && fault.fault !== "answer-lost") return stricken(fault);
  const full = parts.quota.take(parts.clock.now(), plan.settings.limits);
  if (full !== undefined) return throttled(full);
  if (!(plan.settings.deduplicate && parts.store.hasOperation(operationId))) accept(parsed.message, operationId, parts);
  if (fault !== undefined) return "hang-up";

  const location = `http://${call.request.headers.host}/emails/operations/${operationId}${call.url.search}`;
  const headers = { "operation-location": location, "retry-after": POLL_AFTER_SECONDS };
  return json(202, { id: operationId, status: "Running", error: null }, headers);
}

function ask(operationId: string, parts: EmailApiParts): Answer {
  const fault = parts.faults().draw("operation", operationId);
  if (fault !== undefined) return stricken(fault);
  if (!parts.store.hasOperation(operationId))
    return refusal(404, "NotFound", `The operation '${operationId}' was not found.`);
  return json(200, { id: operationId, status: "Succeeded", error: null });
}

function accept(message: EmailMessage, operationId: string, { store, clock, report }: EmailApiParts): void {
  const at = clock.now();
  const { recipients, content } = message;
  const sender = message.senderAddress;
  const delivery = [...new Set(allRecipients(message))].map((recipient) => ({
    recipient,
    status: store.statusOf(recipient) ?? statusByTag(recipient),
  }));
  const mail = {
    id: randomUUID(),
    operationId,
    from: sender,
    to: addresses(recipients.to),
    cc: addresses(recipients.cc),
    bcc: addresses(recipients.bcc),
    replyTo: addresses(message.replyTo),
    subject: content.subject,
    html: content.html ?? "",
    text: content.plainText ?? "",
    headers: message.headers ?? {},
    attachments: (message.attachments ?? []).map(({ name }) => name),
    sentAt: new Date(at).toISOString(),
    tracked: message.userEngagementTrackingDisabled !== true,
    delivery,
  };
  const reports = delivery.map(({ recipient, status }) =>
    deliveryReport({ sender, recipient, messageId: operationId }, status, at),
  );
  report(store.accept(mail, reports));
}

const STATUS_BY_TAG: readonly (readonly [tag: string, status: DeliveryStatus])[] = [
  ["+bounce", "Bounced"],
  ["+suppress", "Suppressed"],
  ["+quarantine", "Quarantined"],
  ["+spam", "FilteredSpam"],
  ["+fail", "Failed"],
  ["+expand", "Expanded"],
];

/** `someone+bounce@example.com` bounces, and so on: what becomes of a mail can be told by its address alone. */
function statusByTag(address: string): DeliveryStatus {
  const local = address.slice(0, address.lastIndexOf("@")).toLowerCase();
  return STATUS_BY_TAG.find(([tag]) => local.includes(tag))?.[1] ?? "Delivered";
}

function addresses(parties: readonly { readonly address: string }[] = []): string {
  return parties.map(({ address }) => address).join(", ");
}

function stricken(rule: FaultRule): Reply | "hang-up" {
  switch (rule.fault) {
    case "throttled":
      return throttled(rule.retryAfterSeconds);
    case "server-error":
      return refusal(500, "InternalServerError", "The server encountered an internal error.");
    case "request-lost":
    case "answer-lost":
      return "hang-up";
  }
}

function throttled(seconds: number): Reply {
  return refusal(429, "TooManyRequests", "Too many requests. Try again later.", { "retry-after": String(seconds) });
}
