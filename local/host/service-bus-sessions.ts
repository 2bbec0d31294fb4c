import { isServiceBusError, type ServiceBusClient, type ServiceBusSessionReceiver } from "@azure/service-bus";
import type { RegisteredFunction } from "./function-app.ts";
import type { ServiceBusSettings } from "./host-json.ts";
import type { EntityName, Listener } from "./listener.ts";
import { MessageHandler, type MessageHandlerOptions } from "./message-handler.ts";
import { logOf, receiverTrouble } from "./receiver-log.ts";
import { takeBatch } from "./take-batch.ts";

/** The extension leaves a session that has been without messages for as long as one try of its client may take. */
const IDLE_MS = 60_000;
const RETRY_MS = 500;
/** No session has messages, another has it, or it was idle past its lock: all of them the way of things. */
const NO_FAULT = new Set(["ServiceTimeout", "SessionCannotBeLocked", "SessionLockLost"]);

/** As many sessions at once as host.json allows, the messages of each one after the other, in their order. */
export function sessions(
  fn: RegisteredFunction,
  client: ServiceBusClient,
  entity: EntityName,
  options: MessageHandlerOptions,
): Listener {
  const log = logOf(fn, options.log);
  const stop = new AbortController();
  const many = fn.trigger.settings.cardinality === "many";

  const serveOne = async (): Promise<void> => {
    const receiver = await nextSession(client, entity, stop.signal);
    const handler = new MessageHandler(fn, receiver, options, log);
    const renewal = keepLocked(receiver, options.host);
    try {
      for (;;) {
        const messages = await take(receiver, many, options.host, stop.signal);
        const [first] = messages;
        if (first === undefined) return;
        renewal.again();
        await (many ? handler.many(messages) : handler.one(first));
      }
    } finally {
      renewal.stop();
      await receiver.close();
    }
  };
  const serve = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      try {
        await serveOne();
      } catch (error) {
        if (stop.signal.aborted) return;
        if (isServiceBusError(error) && NO_FAULT.has(error.code)) continue;
        log(receiverTrouble(error, entity));
        await new Promise((wake) => setTimeout(wake, RETRY_MS));
      }
    }
  };
  const running = Array.from({ length: options.host.maxConcurrentSessions }, serve);
  return {
    async close() {
      stop.abort();
      await Promise.all(running);
    },
  };
}

function nextSession(
  client: ServiceBusClient,
  entity: EntityName,
  abortSignal: AbortSignal,
): Promise<ServiceBusSessionReceiver> {
  const raw = { skipParsingBodyAsJson: true, skipConvertingDate: true } as const;
  const asked = { abortSignal, ...raw, maxAutoLockRenewalDurationInMs: 0 };
  return entity.length === 1 ? client.acceptNextSession(entity[0], asked) : client.acceptNextSession(...entity, asked);
}

function take(receiver: ServiceBusSessionReceiver, many: boolean, host: ServiceBusSettings, abortSignal: AbortSignal) {
  const waitMs = host.sessionIdleTimeout ?? IDLE_MS;
  return many
    ? takeBatch(receiver, host, waitMs, abortSignal)
    : receiver.receiveMessages(1, { maxWaitTimeInMs: waitMs, abortSignal });
}

/** Prolongs a session's lock, in real time, for as long after each of its messages as host.json allows. */
function keepLocked(receiver: ServiceBusSessionReceiver, { maxAutoLockRenewalDuration }: ServiceBusSettings) {
  let until = Date.now() + maxAutoLockRenewalDuration;
  const every = Math.max(1000, (receiver.sessionLockedUntilUtc.getTime() - Date.now()) / 2);
  const timer = setInterval(() => {
    if (Date.now() < until) receiver.renewSessionLock().catch(() => undefined);
  }, every);
  return {
    again: () => {
      until = Date.now() + maxAutoLockRenewalDuration;
    },
    stop: () => clearInterval(timer),
  };
}
