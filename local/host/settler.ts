import type { ServiceBusReceivedMessage, ServiceBusReceiver } from "@azure/service-bus";

export type Settlement = "complete" | "abandon";

interface Waiting {
  readonly message: ServiceBusReceivedMessage;
  readonly settlement: Settlement;
  readonly done: () => void;
}

/**
 * Settles the messages of one receiver. Never two outcomes at once: the AMQP client sends adjacent deliveries settled
 * in one turn as one range with the *first* outcome, so that `complete(a), abandon(b)` would lose b.
 */
export class Settler {
  readonly #receiver: ServiceBusReceiver;
  readonly #log: (line: string) => void;
  readonly #waiting: Waiting[] = [];
  #running = false;

  constructor(receiver: ServiceBusReceiver, log: (line: string) => void) {
    this.#receiver = receiver;
    this.#log = log;
  }

  /** Answers once settled. A lost lock is no error here: the message will be delivered again. */
  settle(message: ServiceBusReceivedMessage, settlement: Settlement): Promise<void> {
    return new Promise((done) => {
      this.#waiting.push({ message, settlement, done });
      if (!this.#running) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      const { settlement } = first;
      const other = this.#waiting.findIndex((next) => next.settlement !== settlement);
      const together = this.#waiting.splice(0, other < 0 ? this.#waiting.length : other);
      await Promise.all(together.map((one) => this.#settleOne(one)));
    }
    this.#running = false;
  }

  async #settleOne({ message, settlement, done }: Waiting): Promise<void> {
    try {
      if (settlement === "complete") await this.#receiver.completeMessage(message);
      else await this.#receiver.abandonMessage(message);
    } catch (error) {
      const why = error instanceof Error ? error.message : error;
      this.#log(`message ${message.messageId} could not be settled (${settlement}): ${why}`);
    }
    done();
  }
}
