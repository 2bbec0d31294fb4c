import type { ServiceBusClient, ServiceBusReceivedMessage, ServiceBusReceiver } from "@azure/service-bus";
import type { RegisteredFunction } from "./function-app.ts";
import type { ServiceBusSettings } from "./host-json.ts";
import { Limiter } from "./limiter.ts";
import type { EntityName, Listener } from "./listener.ts";
import { MessageHandler, type MessageHandlerOptions } from "./message-handler.ts";
import { logOf, receiverTrouble } from "./receiver-log.ts";
import type { ServiceBusClients } from "./service-bus-clients.ts";
import { sessions } from "./service-bus-sessions.ts";
import { resolveNames, type Settings } from "./settings.ts";
import { takeBatch } from "./take-batch.ts";

export interface ServiceBusTriggersOptions extends MessageHandlerOptions {
  readonly clients: ServiceBusClients;
  readonly settings: Settings;
}

const LONGEST_WAIT_MS = 60_000;
const RETRY_MS = 500;

/** Listens for one function; answers once its receiver is attached to the entity, or the bus can't be reached. */
export async function listenToServiceBus(
  fn: RegisteredFunction,
  options: ServiceBusTriggersOptions,
): Promise<Listener> {
  const { connection, cardinality, isSessionsEnabled } = fn.trigger.settings;
  const client = await options.clients.client(connection as string | undefined);
  const entity = entityOf(fn, options.settings);
  if (isSessionsEnabled === true) return sessions(fn, client, entity, options);
  const receiver = receiverOf(client, entity);
  return cardinality === "many" ? batches(fn, receiver, entity, options) : singles(fn, receiver, entity, options);
}

function entityOf(fn: RegisteredFunction, settings: Settings): EntityName {
  const { queueName, topicName, subscriptionName } = fn.trigger.settings as Record<string, string | undefined>;
  const name = (text: string | undefined) => resolveNames(text ?? "", settings);
  return queueName !== undefined ? [name(queueName)] : [name(topicName), name(subscriptionName)];
}

function receiverOf(client: ServiceBusClient, entity: EntityName): ServiceBusReceiver {
  const common = {
    receiveMode: "peekLock",
    skipParsingBodyAsJson: true,
    skipConvertingDate: true,
    // See `renewLocks`.
    maxAutoLockRenewalDurationInMs: 0,
  } as const;
  return entity.length === 1 ? client.createReceiver(entity[0], common) : client.createReceiver(...entity, common);
}

/** One message an invocation, `maxConcurrentCalls` at once. */
function singles(
  fn: RegisteredFunction,
  receiver: ServiceBusReceiver,
  entity: EntityName,
  options: ServiceBusTriggersOptions,
): Promise<Listener> {
  const { host } = options;
  const log = logOf(fn, options.log);
  const handler = new MessageHandler(fn, receiver, options, log);
  const limit = new Limiter(host.maxConcurrentCalls);
  const under = new Set<Promise<void>>();

  const handle = async (message: ServiceBusReceivedMessage): Promise<void> => {
    const stopRenewing = renewLocks(receiver, [message], host);
    await limit.run(() => handler.one(message)).finally(stopRenewing);
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
        log(receiverTrouble(error, entity));
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
  entity: EntityName,
  options: ServiceBusTriggersOptions,
): Promise<Listener> {
  const log = logOf(fn, options.log);
  const handler = new MessageHandler(fn, receiver, options, log);
  const stop = new AbortController();

  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      try {
        const messages = await takeBatch(receiver, options.host, LONGEST_WAIT_MS, stop.signal);
        if (messages.length === 0) continue;
        const stopRenewing = renewLocks(receiver, messages, options.host);
        await handler.many(messages).finally(stopRenewing);
      } catch (error) {
        if (stop.signal.aborted) return;
        log(receiverTrouble(error, entity));
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

/**
 * Keeps messages locked while they are worked on. The client would do it for what it pushes, but over a connection that
 * was cut meanwhile it forgets to stop, and what it could not settle stays locked for minutes. Locks are in real time.
 */
function renewLocks(
  receiver: ServiceBusReceiver,
  messages: readonly ServiceBusReceivedMessage[],
  { maxAutoLockRenewalDuration }: ServiceBusSettings,
): () => void {
  const first = messages[0]?.lockedUntilUtc;
  const every = Math.max(1000, ((first?.getTime() ?? Date.now() + 30_000) - Date.now()) / 2);
  const until = Date.now() + maxAutoLockRenewalDuration;
  const timer = setInterval(() => {
    if (Date.now() >= until) clearInterval(timer);
    for (const message of messages) receiver.renewMessageLock(message).catch(() => undefined);
  }, every);
  return () => clearInterval(timer);
}
