import type { Clock } from "../../clock/virtual-clock.ts";
import { Content } from "../message/content.ts";
import { Duplicates } from "./duplicates.ts";
import type { Journal, Op } from "./journal.ts";
import { Schedule } from "./schedule.ts";

export interface IntakeOptions {
  /** How long a message id is remembered, in virtual milliseconds; undefined for no duplicate detection. */
  readonly windowMs?: number;
  nextSeq(): number;
  /** Told the numbers that a journal shows to be taken. */
  used?(seq: number): void;
  /** Lets a message in; with its number if it was scheduled before. */
  deliver(content: Content, enqueuedSeq?: number): void;
}

/** The door of a queue or topic: turns duplicates away and keeps what is to come in later. */
export class Intake {
  readonly name: string;
  readonly schedule: Schedule;
  readonly #clock: Clock;
  readonly #journal: Journal;
  readonly #duplicates: Duplicates | undefined;
  readonly #options: IntakeOptions;

  constructor(name: string, around: { clock: Clock; journal: Journal }, options: IntakeOptions) {
    this.name = name;
    this.#clock = around.clock;
    this.#journal = around.journal;
    this.#options = options;
    this.#duplicates = options.windowMs === undefined ? undefined : new Duplicates(options.windowMs);
    this.schedule = new Schedule(name, around.clock, around.journal, (content, seq) => options.deliver(content, seq));
  }

  /** Takes a message in; a duplicate is dropped without a word. Answers its number if it has to wait for its time. */
  accept(content: Content): number | undefined {
    if (!this.admits(content)) return undefined;
    const now = this.#clock.now();
    if (content.scheduledFor === undefined || content.scheduledFor <= now) {
      this.#options.deliver(content);
      return undefined;
    }
    const seq = this.#options.nextSeq();
    this.schedule.add(seq, content, content.scheduledFor);
    return seq;
  }

  /** Whether a message is no duplicate; its id is remembered. Asked of those that another entity forwards, too. */
  admits({ messageId: id }: Content): boolean {
    if (this.#duplicates === undefined || id === undefined) return true;
    const now = this.#clock.now();
    if (!this.#duplicates.admit(id, now)) return false;
    this.#journal.append({ op: "seen", entity: this.name, id, at: now });
    return true;
  }

  /** As `accept`, but answers a number in every case: the client asked for one. */
  acceptScheduled(content: Content): number {
    return this.accept(content) ?? this.#options.nextSeq();
  }

  *snapshot(): Generator<Op> {
    yield* this.schedule.snapshot();
    for (const [id, at] of this.#duplicates?.entries() ?? []) yield { op: "seen", entity: this.name, id, at };
  }

  restore(op: Extract<Op, { op: "put" }>): void {
    this.used(op.seq);
    this.schedule.restore(op, new Content(op.raw));
  }

  restoreSeen(id: string, at: number): void {
    this.#duplicates?.restore(id, at);
  }

  used(seq: number): void {
    this.#options.used?.(seq);
  }

  close(): void {
    this.schedule.close();
  }
}
