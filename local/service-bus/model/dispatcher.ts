import type { Busy } from "../../clock/virtual-clock.ts";
import type { Journal } from "./journal.ts";
import type { StoredMessage } from "./message.ts";
import type { Queue } from "./queue.ts";
import type { SessionHold } from "./sessions.ts";

/** A receiver that is attached to a queue. */
export interface Consumer {
  /** In the second mode a message is gone as soon as it is handed out. */
  readonly mode: "peek-lock" | "receive-and-delete";
  /** The session it holds, in a queue with sessions. */
  readonly hold?: SessionHold | undefined;
  /** How many messages it wants now. */
  credit(): number;
  deliver(message: StoredMessage): void;
}

/** A receiver that waits for any session that has messages. */
export interface SessionWaiter {
  readonly lost: () => void;
  granted(hold: SessionHold): void;
}

/**
 * For how long (real time) a queue counts as being served after a receiver last wanted something: a receiver asks for
 * more only after it settled, and an instance that was killed is soon back.
 */
const SERVED_MS = 3000;

/** Hands a queue's messages to its receivers, in turn. */
export class Dispatcher {
  readonly queue: Queue;
  readonly #journal: Journal;
  readonly #busy: Busy;
  /** With each, how many messages are on their way to it that its credit does not show yet. */
  readonly #consumers = new Map<Consumer, { underway: number }>();
  readonly #waiters = new Set<SessionWaiter>();
  #pumpAsked = false;
  #wantedAt = Number.NEGATIVE_INFINITY;
  #done: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(queue: Queue, journal: Journal, busy: Busy) {
    this.queue = queue;
    this.#journal = journal;
    this.#busy = busy;
  }

  attach(consumer: Consumer): void {
    this.#consumers.set(consumer, { underway: 0 });
    this.pump();
  }

  /** The receiver is gone. What it has locked stays locked until the lock expires. */
  detach(consumer: Consumer): void {
    this.#consumers.delete(consumer);
  }

  /** Grants the waiter the next free session with messages, now or later. Answers how to stop waiting. */
  awaitSession(waiter: SessionWaiter): () => void {
    this.#waiters.add(waiter);
    this.pump();
    return () => this.#waiters.delete(waiter);
  }

  /** Hands out what can be handed out, once all that was accepted before is durable; then calls back. */
  pump(after?: () => void): void {
    if (after === undefined && this.#pumpAsked) return;
    this.#pumpAsked = true;
    const done = this.#busy.open(`service-bus: ${this.queue.name} is about to hand out`);
    this.#journal.whenDurable(() => {
      this.#pumpAsked = false;
      this.#handOut();
      // What was handed out and deleted in one goes first.
      this.#journal.whenDurable(() => {
        after?.();
        done();
      });
    });
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#done?.();
  }

  #handOut(): void {
    this.#grantSessions();
    let hungry = [...this.#consumers].map(([consumer, { underway }]) => ({
      consumer,
      left: consumer.credit() - underway,
    }));
    hungry = hungry.filter(({ left }) => left > 0);
    if (hungry.length > 0 || this.#waiters.size > 0) this.#wantedAt = performance.now();
    // In turns: two instances of an app share the work.
    while (hungry.length > 0) hungry = hungry.filter((turn) => turn.left-- > 0 && this.#handOne(turn.consumer));
    this.#watch();
  }

  #handOne(consumer: Consumer): boolean {
    const message = this.queue.take(consumer.hold);
    if (message === undefined) return false;
    if (consumer.mode === "peek-lock") consumer.deliver(message);
    else this.#deleteAndDeliver(consumer, message);
    this.#toBack(consumer);
    return true;
  }

  /** Whoever got something is last in turn, so that single messages too are shared out. */
  #toBack(consumer: Consumer): void {
    const counts = this.#consumers.get(consumer);
    if (counts === undefined || this.#consumers.size === 1) return;
    this.#consumers.delete(consumer);
    this.#consumers.set(consumer, counts);
  }

  /** Gone before it is sent: a crash in between loses it, which is what this mode promises, and never doubles it. */
  #deleteAndDeliver(consumer: Consumer, message: StoredMessage): void {
    const counts = this.#consumers.get(consumer);
    this.queue.complete(message);
    if (counts !== undefined) counts.underway++;
    this.#journal.whenDurable(() => {
      if (counts !== undefined) counts.underway--;
      consumer.deliver(message);
    });
  }

  #grantSessions(): void {
    const { sessions } = this.queue;
    for (const waiter of this.#waiters) {
      const free = sessions?.nextFree();
      if (free === undefined || sessions === undefined) return;
      this.#waiters.delete(waiter);
      const hold = sessions.accept(free, waiter.lost);
      if (hold !== undefined) waiter.granted(hold);
    }
  }

  /** Holds busy open while messages wait in a queue that is being served. */
  #watch(): void {
    const left = this.#wantedAt + SERVED_MS - performance.now();
    if (this.queue.ready > 0 && left > 0) {
      this.#done ??= this.#busy.open(`service-bus: a message of ${this.queue.name} waits for its receiver`);
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#watch();
      }, left);
    } else {
      this.#done?.();
      this.#done = undefined;
    }
  }
}
