import type { Clock } from "../../clock/virtual-clock.ts";
import type { Content } from "../message/content.ts";
import type { Journal, Op } from "./journal.ts";
import type { StoredMessage } from "./message.ts";

type Put = Extract<Op, { op: "put" }>;

/** Messages of a queue or topic that are to be delivered later, by virtual time. */
export class Schedule {
  readonly #entity: string;
  readonly #clock: Clock;
  readonly #journal: Journal;
  readonly #arrive: (content: Content, enqueuedSeq: number) => void;
  readonly #waiting = new Map<number, { message: StoredMessage; due: number; cancel: () => void }>();

  constructor(entity: string, clock: Clock, journal: Journal, arrive: (content: Content, enqueuedSeq: number) => void) {
    this.#entity = entity;
    this.#clock = clock;
    this.#journal = journal;
    this.#arrive = arrive;
  }

  get size(): number {
    return this.#waiting.size;
  }

  add(seq: number, content: Content, due: number): void {
    const enqueuedAt = this.#clock.now();
    this.#journal.append(this.#op({ seq, content, enqueuedAt }, due));
    this.#wait(seq, content, enqueuedAt, due);
  }

  /** Takes a message off; false if it is not (or no longer) waiting. */
  cancel(seq: number): boolean {
    const waiting = this.#waiting.get(seq);
    if (waiting === undefined) return false;
    waiting.cancel();
    this.#drop(seq);
    return true;
  }

  messages(): StoredMessage[] {
    return [...this.#waiting.values()].map(({ message }) => message);
  }

  *snapshot(): Generator<Op> {
    for (const { message, due } of this.#waiting.values()) yield this.#op(message, due);
  }

  restore(op: Put, content: Content): void {
    this.#wait(op.seq, content, op.enqueuedAt, op.due ?? op.enqueuedAt);
  }

  close(): void {
    for (const { cancel } of this.#waiting.values()) cancel();
  }

  #wait(seq: number, content: Content, enqueuedAt: number, due: number): void {
    const cancel = this.#clock.at(due, () => {
      this.#drop(seq);
      // From now on it is a message like one that was sent just now, with a new number.
      this.#arrive(content, seq);
    });
    const message: StoredMessage = {
      seq,
      enqueuedSeq: seq,
      enqueuedAt,
      content,
      expiresAt: undefined,
      source: undefined,
      deliveryCount: 0,
      state: "scheduled",
      lock: undefined,
    };
    this.#waiting.set(seq, { message, due, cancel });
  }

  #drop(seq: number): void {
    this.#waiting.delete(seq);
    this.#journal.append({ op: "delete", queue: this.#entity, seq });
  }

  #op({ seq, content, enqueuedAt }: Pick<StoredMessage, "seq" | "content" | "enqueuedAt">, due: number): Put {
    const { raw } = content;
    return {
      op: "put",
      queue: this.#entity,
      seq,
      enqueuedSeq: seq,
      enqueuedAt,
      deliveryCount: 0,
      state: "scheduled",
      due,
      raw,
    };
  }
}
