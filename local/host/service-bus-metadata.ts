import type { ServiceBusReceivedMessage } from "@azure/service-bus";
import type { TypedData } from "./core-types.ts";

type Metadata = Record<string, TypedData>;

const NEVER = "9999-12-31T23:59:59.9999999";

/**
 * What a function sees of a message beside its body, under the names of the Service Bus extension 5.x. Values that are
 * null are absent; the top-level keys of a JSON body are mixed in (seen on the real host), and win.
 */
export function messageMetadata(message: ServiceBusReceivedMessage, body: string): Metadata {
  const metadata = { ...actions(), ...present(valuesOf(message)) };
  for (const [key, value] of bodyKeys(body)) {
    const known = Object.keys(metadata).find((name) => name.toLowerCase() === key.toLowerCase());
    metadata[known ?? key] = { string: value };
  }
  return metadata;
}

/** The same for a batch: one array for each name. Arrays of strings drop what is null or empty. */
export function batchMetadata(messages: readonly ServiceBusReceivedMessage[]): Metadata {
  const each = messages.map(valuesOf);
  const metadata: Metadata = actions();
  for (const name of Object.keys(each[0] ?? {})) {
    const values = each.map((one) => one[name]);
    metadata[`${name}Array`] = STRINGS.has(name)
      ? {
          collectionString: { string: values.filter((value) => typeof value === "string" && value !== "") as string[] },
        }
      : { json: JSON.stringify(values) };
  }
  return metadata;
}

const STRINGS = new Set([
  "DeadLetterSource",
  "LockToken",
  "MessageId",
  "ContentType",
  "ReplyTo",
  "To",
  "Subject",
  "Label",
  "CorrelationId",
  "SessionId",
  "ReplyToSessionId",
  "PartitionKey",
  "TransactionPartitionKey",
]);

function valuesOf(message: ServiceBusReceivedMessage): Record<string, unknown> {
  const enqueued = instant(message.enqueuedTimeUtc) ?? NEVER;
  const expires = instant(message.expiresAtUtc) ?? NEVER;
  const properties = Object.fromEntries(
    Object.entries(message.applicationProperties ?? {}).map(([name, value]) => [
      name,
      value instanceof Date ? `${instant(value)}Z` : value,
    ]),
  );
  return {
    // The extension counts deliveries from 1, and so does the SDK's receiver of a locked message.
    DeliveryCount: (message.deliveryCount ?? 0) + 1,
    DeadLetterSource: message.deadLetterSource,
    LockToken: message.lockToken,
    ExpiresAtUtc: expires,
    ExpiresAt: `${expires}+00:00`,
    EnqueuedTimeUtc: enqueued,
    EnqueuedTime: `${enqueued}+00:00`,
    MessageId: text(message.messageId),
    ContentType: message.contentType,
    ReplyTo: message.replyTo,
    SequenceNumber: Number(message.sequenceNumber ?? 0),
    To: message.to,
    Subject: message.subject,
    Label: message.subject,
    CorrelationId: text(message.correlationId),
    ApplicationProperties: properties,
    UserProperties: properties,
    SessionId: message.sessionId,
    ReplyToSessionId: message.replyToSessionId,
    PartitionKey: message.partitionKey,
  };
}

/** Handles that .NET functions use; other languages see them as empty objects. */
function actions(): Metadata {
  const names = ["MessageReceiver", "MessageSession", "MessageActions", "SessionActions", "ReceiveActions"];
  return Object.fromEntries(names.map((name) => [name, { json: "{}" }]));
}

function present(values: Record<string, unknown>): Metadata {
  const metadata: Metadata = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === null) continue;
    metadata[name] = STRINGS.has(name) ? { string: String(value) } : { json: JSON.stringify(value) };
  }
  return metadata;
}

function text(id: string | number | Buffer | undefined): string | undefined {
  return id === undefined ? undefined : Buffer.isBuffer(id) ? id.toString("utf8") : String(id);
}

/** As .NET's `DateTime` without a kind is written: no `Z`, no trailing zeros of the fraction. */
function instant(date: Date | undefined): string | undefined {
  if (date === undefined || Number.isNaN(date.getTime()) || date.getUTCFullYear() >= 9999) return undefined;
  return date.toISOString().replace(/\.?0*Z$/, "");
}

function bodyKeys(body: string): [string, string][] {
  if (!body.trimStart().startsWith("{")) return [];
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return [];
  }
  return Object.entries(parsed as Record<string, unknown>)
    .filter(([, value]) => value !== null && !Array.isArray(value))
    .map(([key, value]) => [key, asText(value)]);
}

function asText(value: unknown): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
