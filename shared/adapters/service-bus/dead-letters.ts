import { ServiceBusClient, type ServiceBusReceivedMessage, type ServiceBusReceiver } from "@azure/service-bus";
import { ParcoursError } from "../../errors.ts";
import type { DeadLetter, DeadLetters } from "../../ports/dead-letters.ts";
import type { Queue } from "../../wire/parked.ts";
import type { ServiceBusPublisherOptions } from "./publisher.ts";

/** Where each queue is: topic and subscription. */
export type Subscriptions = Readonly<Record<Queue, readonly [topic: string, subscription: string]>>;

/** How long an empty queue is listened to. */
const WAIT_MS = 2_000;
const AT_ONCE = 50;
const RETRIES = { retryOptions: { maxRetries: 1, timeoutInMs: 10_000 } };

/**
 * `DeadLetters` on the subscriptions' own dead-letter queues: a right to receive from the subscription is enough. Asked
 * by people, now and then: each time over a connection of its own.
 */
export function serviceBusDeadLetters(options: ServiceBusPublisherOptions, subscriptions: Subscriptions): DeadLetters {
  async function receiving<T>(queue: Queue, work: (receiver: ServiceBusReceiver) => Promise<T>): Promise<T> {
    const [topic, subscription] = subscriptions[queue];
    const client =
      "connectionString" in options
        ? new ServiceBusClient(options.connectionString, RETRIES)
        : new ServiceBusClient(options.fullyQualifiedNamespace, options.credential, RETRIES);
    try {
      return await work(client.createReceiver(topic, subscription, { subQueueType: "deadLetter" }));
    } catch (fault) {
      if (fault instanceof ParcoursError) throw fault;
      const said = fault instanceof Error ? fault.message : String(fault);
      throw new ParcoursError("BUS_UNAVAILABLE", `Service Bus: ${said}`, { cause: fault });
    } finally {
      await client.close().catch(() => undefined);
    }
  }

  return {
    peek: (queue, after, most) =>
      receiving(queue, async (receiver) => {
        const found: ServiceBusReceivedMessage[] = [];
        // A page of a queue has no place of its own: each look goes on where the last one of this receiver ended.
        while (found.length < after + most) {
          const page = await receiver.peekMessages(after + most - found.length);
          if (page.length === 0) break;
          found.push(...page);
        }
        return found.slice(after, after + most).map(letterOf);
      }),

    take: (queue, wanted, most, work) =>
      receiving(queue, async (receiver) => {
        const kept: ServiceBusReceivedMessage[] = [];
        let taken = 0;
        let looked = 0;
        while (looked < most) {
          const messages = await receiver.receiveMessages(Math.min(AT_ONCE, most - looked), {
            maxWaitTimeInMs: WAIT_MS,
          });
          if (messages.length === 0) break;
          looked += messages.length;
          for (const message of messages) {
            const letter = letterOf(message);
            if (wanted(letter) && (await done(() => work(letter)))) {
              await receiver.completeMessage(message);
              taken += 1;
            } else kept.push(message);
          }
        }
        // Locked until now, so that none of them was looked at twice.
        for (const message of kept) await receiver.abandonMessage(message).catch(() => undefined);
        return { taken, looked };
      }),
  };
}

async function done(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch {
    return false;
  }
}

function letterOf(message: ServiceBusReceivedMessage): DeadLetter {
  return {
    sequence: message.sequenceNumber?.toString() ?? "",
    messageId: String(message.messageId ?? ""),
    at: (message.enqueuedTimeUtc ?? new Date(0)).toISOString(),
    deliveryCount: message.deliveryCount ?? 0,
    reason: message.deadLetterReason ?? null,
    description: message.deadLetterErrorDescription ?? null,
    body: message.body,
  };
}
