import type { ServiceBusReceivedMessage, ServiceBusReceiver } from "@azure/service-bus";
import type { ServiceBusSettings } from "./host-json.ts";

/** How long a first message waits for company before a batch is handed over. */
const BATCH_WINDOW_MS = 20;

/** The messages of one batch; none where none came in time. The client alone would wait a second after the first. */
export async function takeBatch(
  receiver: ServiceBusReceiver,
  host: ServiceBusSettings,
  waitMs: number,
  abortSignal: AbortSignal,
): Promise<ServiceBusReceivedMessage[]> {
  const [first] = await receiver.receiveMessages(1, { maxWaitTimeInMs: waitMs, abortSignal });
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
