import type { ServiceBusMessage } from "@azure/service-bus";
import type { BindingInfo, TypedData } from "./core-types.ts";
import type { ServiceBusClients } from "./service-bus-clients.ts";
import { resolveNames, type Settings } from "./settings.ts";

/** Carries out a Service Bus output binding: an array sends one message an element; `[]` and null send nothing. */
export async function writeServiceBus(
  binding: BindingInfo,
  value: TypedData,
  clients: ServiceBusClients,
  settings: Settings,
): Promise<void> {
  const messages = messagesOf(value);
  if (messages.length === 0) return;
  const { queueName, topicName, connection } = binding as {
    queueName?: string;
    topicName?: string;
    connection?: string;
  };
  const entity = resolveNames(queueName ?? topicName ?? "", settings);
  const sender = await clients.sender(connection, entity);
  for (const message of messages) await sender.sendMessages(message);
}

function messagesOf(value: TypedData): ServiceBusMessage[] {
  if (value.bytes !== undefined) return [message(Buffer.from(value.bytes), "application/octet-stream")];
  if (value.string !== undefined) return [textMessage(value.string)];
  if (value.int !== undefined) return [textMessage(String(value.int))];
  if (value.double !== undefined) return [textMessage(String(value.double))];
  if (value.json === undefined) return [];
  const parsed: unknown = JSON.parse(value.json);
  if (!Array.isArray(parsed)) return [jsonMessage(parsed)];
  return parsed.map((one) => (typeof one === "string" ? textMessage(one) : jsonMessage(one)));
}

function textMessage(text: string): ServiceBusMessage {
  return message(Buffer.from(text), "text/plain");
}

function jsonMessage(value: unknown): ServiceBusMessage {
  return message(Buffer.from(JSON.stringify(value)), "application/json");
}

/** Bodies go as bytes: given a string, the client would encode it as JSON. */
function message(body: Buffer, contentType: string): ServiceBusMessage {
  return { body, contentType };
}
