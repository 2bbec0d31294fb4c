import type { TokenCredential } from "@azure/identity";
import { ServiceBusClient, type ServiceBusMessage, type ServiceBusSender } from "@azure/service-bus";
import { ParcoursError } from "../../errors.ts";
import type { Bus, BusMessage } from "../../ports/bus.ts";

export type ServiceBusPublisherOptions = (
  | { readonly connectionString: string }
  /** `<name>.servicebus.windows.net` and a managed identity. */
  | { readonly fullyQualifiedNamespace: string; readonly credential: TokenCredential }
) & {
  /** The longest that one `publish` may take: milliseconds (default 5 000). */
  readonly timeoutMs?: number;
};

// Whoever publishes has somewhere else to put its messages (the webhook spills them): better to know soon.
const TIMEOUT_MS = 5_000;
const RETRIES = { maxRetries: 1, retryDelayInMs: 100, maxRetryDelayInMs: 500 };

/** `Bus` on a topic of Service Bus. Connects at the first publish and again whenever the connection is lost. */
export function serviceBusPublisher(
  options: ServiceBusPublisherOptions,
  topic: string,
): Bus & { ready(): Promise<void>; close(): Promise<void> } {
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  // A send on a connection that is cut under it hears nothing: half the time is for the second attempt.
  const settings = { retryOptions: { ...RETRIES, timeoutInMs: timeoutMs / 2 } };
  const client =
    "connectionString" in options
      ? new ServiceBusClient(options.connectionString, settings)
      : new ServiceBusClient(options.fullyQualifiedNamespace, options.credential, settings);
  const sender = client.createSender(topic);

  return {
    async publish(messages: readonly BusMessage[]): Promise<void> {
      if (messages.length === 0) return;
      try {
        await inTime(timeoutMs, (abortSignal) => send(sender, messages.map(toWire), abortSignal));
      } catch (fault) {
        throw toUnavailable(fault);
      }
    },
    /** Opens a link of its own to the topic, for an open one may be cut unnoticed; sends nothing. @throws BUS_UNAVAILABLE */
    async ready(): Promise<void> {
      const link = client.createSender(topic);
      try {
        await inTime(timeoutMs, async (abortSignal) => void (await link.createMessageBatch({ abortSignal })));
      } catch (fault) {
        throw toUnavailable(fault);
      } finally {
        // Nobody waits for its end: a bus that is away does not answer that either.
        void link.close().catch(() => undefined);
      }
    },
    close: () => client.close(),
  };
}

async function send(
  sender: ServiceBusSender,
  messages: readonly ServiceBusMessage[],
  abortSignal: AbortSignal,
): Promise<void> {
  const options = { abortSignal };
  let batch = await sender.createMessageBatch(options);
  for (const message of messages) {
    if (batch.tryAddMessage(message)) continue;
    if (batch.count > 0) await sender.sendMessages(batch, options);
    batch = await sender.createMessageBatch(options);
    if (!batch.tryAddMessage(message))
      throw new ParcoursError("MESSAGE_MALFORMED", `message ${message.messageId} is larger than the bus takes`);
  }
  await sender.sendMessages(batch, options);
}

function toWire({ id, subject, body, properties, trace, deliverAt }: BusMessage): ServiceBusMessage {
  return {
    messageId: id,
    subject,
    body,
    contentType: "application/json",
    // The name that OpenTelemetry reads, and the one that Azure's own SDKs and the host read.
    applicationProperties: { ...properties, ...(trace && { traceparent: trace, "Diagnostic-Id": trace }) },
    ...(deliverAt === undefined ? {} : { scheduledEnqueueTimeUtc: new Date(deliverAt) }),
  };
}

/** Ends in time even where the SDK, still connecting, does not look at its signal. */
async function inTime(timeoutMs: number, run: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const control = new AbortController();
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new Error(`no answer within ${timeoutMs} ms`));
    control.abort();
  }, timeoutMs);
  try {
    await Promise.race([run(control.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}

function toUnavailable(fault: unknown): ParcoursError {
  if (fault instanceof ParcoursError) return fault;
  const said = fault instanceof Error ? fault.message : String(fault);
  return new ParcoursError("BUS_UNAVAILABLE", `Service Bus: ${said}`, { cause: fault });
}
