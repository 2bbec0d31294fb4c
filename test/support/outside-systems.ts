import type { Columns } from "../../shared/domain/value.ts";
import { ParcoursError } from "../../shared/errors.ts";
import type { Bus, BusMessage } from "../../shared/ports/bus.ts";
import type { Dataverse } from "../../shared/ports/dataverse.ts";
import type { Mailer, OutgoingMail, SendAnswer } from "../../shared/ports/mailer.ts";

/** A topic: keeps what was published, drops a message id that it had, hands each on once. */
export class MemoryBus implements Bus {
  readonly messages: BusMessage[] = [];
  down = false;
  #deliver: (message: BusMessage) => void = () => {};
  readonly #seen = new Set<string>();

  subscribe(deliver: (message: BusMessage) => void): void {
    this.#deliver = deliver;
  }

  async publish(messages: readonly BusMessage[]): Promise<void> {
    if (this.down) throw new ParcoursError("BUS_UNAVAILABLE", "the bus is down, as asked for");
    for (const message of messages) {
      if (this.#seen.has(message.id)) continue;
      this.#seen.add(message.id);
      // As it would cross the wire.
      const sent: BusMessage = JSON.parse(JSON.stringify(message));
      this.messages.push(sent);
      this.#deliver(sent);
    }
  }
}

/** What the provider does with a request; without a word it accepts a mail and knows an operation. */
export type MailFault = "ok" | "throttled" | "refused" | "request-lost" | "answer-lost";

/** A provider that drops no repeats: it accepts an operation as often as it is posted, and counts. */
export class MemoryMailer implements Mailer {
  readonly accepted = new Map<string, OutgoingMail[]>();
  fault: (operation: string) => MailFault = () => "ok";
  /** Whether a question about an operation is answered. */
  answers: (operation: string) => boolean = () => true;
  onAccepted: (operation: string) => void = () => {};
  readonly #step: (label: string) => Promise<void>;

  constructor(step: (label: string) => Promise<void>) {
    this.#step = step;
  }

  async send(mail: OutgoingMail, operation: string): Promise<SendAnswer> {
    await this.#step(`post ${operation}`);
    const fault = this.fault(operation);
    if (fault === "throttled") return { kind: "throttled", retryAfterMs: 5_000 };
    if (fault === "refused") return { kind: "refused", reason: "the address does not exist" };
    if (fault === "request-lost") return { kind: "no-answer", reason: "the connection broke" };
    this.accepted.set(operation, [...(this.accepted.get(operation) ?? []), mail]);
    this.onAccepted(operation);
    await this.#step(`answer to post ${operation}`);
    return fault === "answer-lost" ? { kind: "no-answer", reason: "timed out" } : { kind: "accepted" };
  }

  async ask(operation: string): Promise<"found" | "not-found" | "no-answer"> {
    await this.#step(`ask ${operation}`);
    if (!this.answers(operation)) return "no-answer";
    return this.accepted.has(operation) ? "found" : "not-found";
  }

  get mails(): readonly OutgoingMail[] {
    return [...this.accepted.values()].flat();
  }
}

/** An organisation: rows by table and id. */
export class MemoryDataverse implements Dataverse {
  readonly rows = new Map<string, Columns>();
  /** Called at each read: it may throw, or let time pass. */
  onRead: (table: string, id: string) => void = () => {};

  put(table: string, id: string, columns: Columns): void {
    this.rows.set(`${table}:${id}`, columns);
  }

  async read(table: string, id: string, columns: readonly string[]): Promise<Columns | undefined> {
    this.onRead(table, id);
    const row = this.rows.get(`${table}:${id}`);
    return row && Object.fromEntries(columns.map((column) => [column, row[column] ?? null]));
  }

  async update(table: string, id: string, values: Columns): Promise<"updated" | "missing"> {
    const row = this.rows.get(`${table}:${id}`);
    if (row === undefined) return "missing";
    this.rows.set(`${table}:${id}`, { ...row, ...values });
    return "updated";
  }

  async labels(): Promise<Readonly<Record<string, Readonly<Record<string, string>>>>> {
    return {};
  }
}
