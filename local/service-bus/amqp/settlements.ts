import type { Journal } from "../model/journal.ts";
import type { Lock, StoredMessage } from "../model/message.ts";
import type { Queue } from "../model/queue.ts";
import { PROBLEM } from "./conditions.ts";
import {
  accepted,
  type Disposition,
  forget,
  onDisposition,
  readOutcome,
  rejected,
  type Session,
  settle,
} from "./rhea.ts";

/** The codes of outcomes; any other is taken as "released". */
const OUTCOME = { accepted: 0x24, rejected: 0x25, modified: 0x27 } as const;

interface Handed {
  readonly queue: Queue;
  readonly message: StoredMessage;
  readonly lock: Lock;
}

/**
 * What became of the messages that were handed out over one AMQP session. Settlement has two phases: the receiver says
 * what it wants, unsettled; the answer, settled, tells it whether that was done, and goes out once it is durable.
 */
export class Settlements {
  readonly #session: Session;
  readonly #journal: Journal;
  readonly #handed = new Map<number, Handed>();

  constructor(session: Session, journal: Journal) {
    this.#session = session;
    this.#journal = journal;
    onDisposition(session, (disposition) => this.#settle(disposition));
  }

  /** Notes a delivery, so that the receiver's word on it finds its message. */
  track(id: number, queue: Queue, message: StoredMessage, lock: Lock): void {
    this.#handed.set(id, { queue, message, lock });
    lock.onEnd = () => {
      this.#handed.delete(id);
      forget(this.#session, id);
    };
  }

  #settle({ first, last, settled, state }: Disposition): void {
    if (state === null || state === undefined) return;
    const outcome = readOutcome(state);
    const end = last ?? first;
    const done: boolean[] = [];
    for (let id = first; id <= end; id++) {
      const handed = this.#handed.get(id);
      done.push(handed !== undefined);
      if (handed !== undefined) apply(handed, outcome);
    }
    if (settled !== true) this.#answer(first, done);
  }

  /** Answers ranges of deliveries that fared alike with one frame each. */
  #answer(first: number, done: readonly boolean[]): void {
    this.#journal.whenDurable(() => {
      for (let from = 0; from < done.length; ) {
        let to = from;
        while (to + 1 < done.length && done[to + 1] === done[from]) to++;
        const { condition, description } = PROBLEM.messageLockLost;
        const state = done[from] ? accepted() : rejected(condition, description);
        settle(this.#session, first + from, first + to, state);
        from = to + 1;
      }
    });
  }
}

function apply({ queue, message }: Handed, outcome: ReturnType<typeof readOutcome>): void {
  const changes = outcome.message_annotations as Record<string, unknown> | undefined;
  const changed = changes !== undefined && Object.keys(changes).length > 0 ? changes : undefined;
  if (outcome.code === OUTCOME.accepted) queue.complete(message);
  else if (outcome.code === OUTCOME.rejected) bury(queue, message, { ...outcome.error?.info });
  else if (outcome.code !== OUTCOME.modified) queue.release(message);
  else if (outcome.undeliverable_here === true) queue.defer(message, changed);
  else queue.abandon(message, changed);
}

/** A rejection's info holds the reason, and beside it the properties that the receiver wants changed. */
function bury(queue: Queue, message: StoredMessage, info: Record<string, unknown>): void {
  const { DeadLetterReason: reason, DeadLetterErrorDescription: description, ...changes } = info;
  queue.deadLetter(message, { reason: asText(reason), description: asText(description) }, changes);
}

const asText = (value: unknown) => (value === undefined || value === null ? undefined : String(value));
