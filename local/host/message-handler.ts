import type { ServiceBusReceivedMessage, ServiceBusReceiver } from "@azure/service-bus";
import type { TypedData } from "./core-types.ts";
import type { LogEntry, RegisteredFunction } from "./function-app.ts";
import type { ServiceBusSettings } from "./host-json.ts";
import type { Invoker } from "./invoker.ts";
import { batchMetadata, messageMetadata } from "./service-bus-metadata.ts";
import { Settler } from "./settler.ts";

export interface MessageHandlerOptions {
  readonly invoker: Invoker;
  readonly host: ServiceBusSettings;
  readonly log: (entry: LogEntry) => void;
}

/** Hands the messages of one receiver to one function, and settles them by how it ends. */
export class MessageHandler {
  readonly #fn: RegisteredFunction;
  readonly #options: MessageHandlerOptions;
  readonly #settler: Settler;

  constructor(
    fn: RegisteredFunction,
    receiver: ServiceBusReceiver,
    options: MessageHandlerOptions,
    log: (line: string) => void,
  ) {
    this.#fn = fn;
    this.#options = options;
    this.#settler = new Settler(receiver, log);
  }

  /** One message in one invocation. Answers once it is settled, whatever came of it. */
  one(message: ServiceBusReceivedMessage): Promise<void> {
    const body = textOf(message);
    const data = this.#binary ? { bytes: bytesOf(message) } : { string: body };
    return this.#run([message], data, messageMetadata(message, body));
  }

  /** Several messages in one invocation: they fare alike. */
  many(messages: readonly ServiceBusReceivedMessage[]): Promise<void> {
    const data = this.#binary
      ? { collectionBytes: { bytes: messages.map(bytesOf) } }
      : { collectionString: { string: messages.map(textOf) } };
    return this.#run(messages, data, batchMetadata(messages));
  }

  get #binary(): boolean {
    return this.#fn.trigger.settings.dataType === "binary";
  }

  async #run(
    messages: readonly ServiceBusReceivedMessage[],
    data: TypedData,
    metadata: Record<string, TypedData>,
  ): Promise<void> {
    const { invoker, host } = this.#options;
    let failed = false;
    try {
      await invoker.invoke(this.#fn, { data, metadata });
    } catch {
      failed = true;
    }
    if (!failed && !completes(this.#fn, host)) return;
    await Promise.all(messages.map((message) => this.#settler.settle(message, failed ? "abandon" : "complete")));
  }
}

function completes(fn: RegisteredFunction, host: ServiceBusSettings): boolean {
  const own = fn.trigger.settings.autoCompleteMessages;
  return typeof own === "boolean" ? own : host.autoCompleteMessages;
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
