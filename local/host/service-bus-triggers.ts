import type { ServiceBusClient, ServiceBusReceivedMessage, ServiceBusReceiver } from "@azure/service-bus";
import type { LogEntry, RegisteredFunction } from "./function-app.ts";
import type { ServiceBusSettings } from "./host-json.ts";
import type { Invoker } from "./invoker.ts";
import { Limiter } from "./limiter.ts";
import type { ServiceBusClients } from "./service-bus-clients.ts";
import { batchMetadata, messageMetadata } from "./service-bus-metadata.ts";
import { resolveNames, type Settings } from "./settings.ts";
import { Settler } from "./settler.ts";

export interface ServiceBusTriggersOptions {
  readonly invoker: Invoker;
  readonly clients: ServiceBusClients;
  readonly settings: Settings;
  readonly host: ServiceBusSettings;
  readonly log: (entry: LogEntry) => void;
}

/** A trigger's listener: how to stop it, waiting for what is under way. */
export interface Listener {
  close(): Promise<void>;
}

/** How long a first message waits for company before a batch is handed over. */
const BATCH_WINDOW_MS = 20;
const RETRY_MS = 500;
const SAME_AGAIN_MS = 30_000;

/** Listens for one function; answers once its receiver is attached to the entity, or the bus can't be reached. */
export async function listenToServiceBus(
  fn: RegisteredFunction,
  options: ServiceBusTriggersOptions,
): Promise<Listener> {
  const { connection, cardinality, isSessionsEnabled } = fn.trigger.settings;
  if (isSessionsEnabled === true) throw new Error(`${fn.metadata.name}: sessions are not served by this host.`);
  const client = await options.clients.client(connection as string | undefined);
  const receiver = receiverOf(fn, client, options);
  return cardinality === "many" ? batches(fn, receiver, options) : singles(fn, receiver, options);
}

function receiverOf(
  fn: RegisteredFunction,
  client: ServiceBusClient,
  { settings }: ServiceBusTriggersOptions,
): ServiceBusReceiver {
  const { queueName, topicName, subscriptionName } = fn.trigger.settings as Record<string, string | undefined>;
  const name = (text: string | undefined) => resolveNames(text ?? "", settings);
  const common = {
    receiveMode: "peekLock",
    skipParsingBodyAsJson: true,
    // See `renewLocks`.
    maxAutoLockRenewalDurationInMs: 0,
  } as const;
  return queueName !== undefined
    ? client.createReceiver(name(queueName), common)
    : client.createReceiver(name(topicName), name(subscriptionName), common);
}

/** One message an invocation, `maxConcurrentCalls` at once. */
function singles(
  fn: RegisteredFunction,
  receiver: ServiceBusReceiver,
  options: ServiceBusTriggersOptions,
): Promise<Listener> {
  const { host, invoker } = options;
  const log = logOf(fn, options);
  const settler = new Settler(receiver, log);
  const limit = new Limiter(host.maxConcurrentCalls);
  const under = new Set<Promise<void>>();

  const handle = async (message: ServiceBusReceivedMessage): Promise<void> => {
    const body = textOf(message);
    const data = fn.trigger.settings.dataType === "binary" ? { bytes: bytesOf(message) } : { string: body };
    const stopRenewing = renewLocks(receiver, [message], host.maxAutoLockRenewalDuration);
    let failed = false;
    try {
      await limit.run(() => invoker.invoke(fn, { data, metadata: messageMetadata(message, body) }));
    } catch {
      failed = true;
    }
    stopRenewing();
    if (failed || completes(fn, host)) await settler.settle(message, failed ? "abandon" : "complete");
  };

  return new Promise((attached) => {
    const handlers = {
      processMessage: (message: ServiceBusReceivedMessage): Promise<void> => {
        const run = handle(message);
        under.add(run);
        return run.finally(() => under.delete(run));
      },
      // The app serves its other functions while the bus can't be reached; the client tries again by itself.
      processError: async ({ error }: { error: Error }): Promise<void> => {
        log(`receiver: ${error.message}`);
        attached(listener);
      },
      // Known to the client's own classes, not to its types: called when the link stands, before any credit is given.
      postInitialize: async (): Promise<void> => attached(listener),
    };
    const subscription = receiver.subscribe(handlers, {
      autoCompleteMessages: false,
      maxConcurrentCalls: host.maxConcurrentCalls + host.prefetchCount,
    });
    const listener: Listener = {
      async close() {
        await subscription.close();
        await Promise.allSettled(under);
        await receiver.close();
      },
    };
  });
}

/** As many messages an invocation as are there, `maxMessageBatchSize` at most, one invocation at a time. */
async function batches(
  fn: RegisteredFunction,
  receiver: ServiceBusReceiver,
  options: ServiceBusTriggersOptions,
): Promise<Listener> {
  const log = logOf(fn, options);
  const settler = new Settler(receiver, log);
  const stop = new AbortController();

  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      try {
        const messages = await takeBatch(receiver, options.host, stop.signal);
        if (messages.length > 0) await handleBatch(fn, messages, receiver, settler, options);
      } catch (error) {
        if (stop.signal.aborted) return;
        log(`receiver: ${error instanceof Error ? error.message : error}`);
        await new Promise((wake) => setTimeout(wake, RETRY_MS));
      }
    }
  };
  const running = run();
  return {
    async close() {
      stop.abort();
      await running;
      await receiver.close();
    },
  };
}

/** The client alone would wait a second for more after the first message: so the first is asked for by itself. */
async function takeBatch(
  receiver: ServiceBusReceiver,
  host: ServiceBusSettings,
  abortSignal: AbortSignal,
): Promise<ServiceBusReceivedMessage[]> {
  const [first] = await receiver.receiveMessages(1, { maxWaitTimeInMs: 60_000, abortSignal });
  if (first === undefined) return [];
  const messages = [first];
  const deadline = Date.now() + host.maxBatchWaitTime;
  do {
    const wanted = host.maxMessageBatchSize - messages.length;
    if (wanted === 0) break;
    messages.push(...(await receiver.receiveMessages(wanted, { maxWaitTimeInMs: BATCH_WINDOW_MS })));
  } while (messages.length < host.minMessageBatchSize && Date.now() < deadline && !abortSignal.aborted);
  return messages;
}

async function handleBatch(
  fn: RegisteredFunction,
  messages: readonly ServiceBusReceivedMessage[],
  receiver: ServiceBusReceiver,
  settler: Settler,
  { invoker, host }: ServiceBusTriggersOptions,
): Promise<void> {
  const data =
    fn.trigger.settings.dataType === "binary"
      ? { collectionBytes: { bytes: messages.map(bytesOf) } }
      : { collectionString: { string: messages.map(textOf) } };
  const stopRenewing = renewLocks(receiver, messages, host.maxAutoLockRenewalDuration);
  let failed = false;
  try {
    await invoker.invoke(fn, { data, metadata: batchMetadata(messages) });
  } catch {
    failed = true;
  }
  stopRenewing();
  if (failed || completes(fn, host))
    await Promise.all(messages.map((message) => settler.settle(message, failed ? "abandon" : "complete")));
}

/**
 * Keeps messages locked while they are worked on. The client would do it for what it pushes, but over a connection that
 * was cut meanwhile it forgets to stop, and what it could not settle stays locked for minutes. Locks are in real time.
 */
function renewLocks(
  receiver: ServiceBusReceiver,
  messages: readonly ServiceBusReceivedMessage[],
  forMs: number,
): () => void {
  const first = messages[0]?.lockedUntilUtc;
  const every = Math.max(1000, ((first?.getTime() ?? Date.now() + 30_000) - Date.now()) / 2);
  const until = Date.now() + forMs;
  const timer = setInterval(() => {
    if (Date.now() >= until) clearInterval(timer);
    for (const message of messages) receiver.renewMessageLock(message).catch(() => undefined);
  }, every);
  return () => clearInterval(timer);
}

function completes(fn: RegisteredFunction, host: ServiceBusSettings): boolean {
  const own = fn.trigger.settings.autoCompleteMessages;
  return typeof own === "boolean" ? own : host.autoCompleteMessages;
}

/** A bus that is down repeats one complaint many times a second: each is said once in a while. */
function logOf(fn: RegisteredFunction, { log }: ServiceBusTriggersOptions): (line: string) => void {
  let last = { message: "", at: 0 };
  return (message) => {
    if (message === last.message && Date.now() - last.at < SAME_AGAIN_MS) return;
    last = { message, at: Date.now() };
    log({ level: "warning", category: "system", message, functionName: fn.metadata.name });
  };
}

/** A data section comes as bytes; a value section (an AMQP string, say) as what it is. */
function bytesOf({ body }: ServiceBusReceivedMessage): Buffer {
  if (Buffer.isBuffer(body)) return body;
  if (body === undefined || body === null) return Buffer.alloc(0);
  return Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
}

function textOf(message: ServiceBusReceivedMessage): string {
  return bytesOf(message).toString("utf8");
}
