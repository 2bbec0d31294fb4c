import type { Busy, Clock } from "../../clock/virtual-clock.ts";
import type { Changes, Content } from "../message/content.ts";
import { Expiry } from "./expiry.ts";
import type { Journal, Op } from "./journal.ts";
import { Locks } from "./locks.ts";
import type { Lock, StoredMessage } from "./message.ts";
import type { DeadLetterReason, Origin, QueueSettings } from "./queue-settings.ts";
import { ReadyLine } from "./ready-line.ts";
import { type SessionHold, Sessions } from "./sessions.ts";

/** What a queue needs around it. */
export interface QueueSurroundings {
  readonly clock: Clock;
  readonly busy: Busy;
  readonly journal: Journal;
  /** Puts a message that leaves this queue where its dead letters go. */
  bury(from: Queue, message: StoredMessage, why: DeadLetterReason): void;
  /** Told when there may be something new to hand out. */
  readied(queue: Queue): void;
}

type Put = Extract<Op, { op: "put" }>;

/** The messages of a queue, a subscription or a dead letter queue, and what may become of them. No I/O but the journal. */
export class Queue {
  readonly settings: QueueSettings;
  readonly locks: Locks;
  readonly sessions: Sessions | undefined;
  readonly #around: QueueSurroundings;
  readonly #messages = new Map<number, StoredMessage>();
  readonly #line = new ReadyLine();
  readonly #expiry: Expiry;
  #ready = 0;
  #nextSeq = 1;

  constructor(settings: QueueSettings, around: QueueSurroundings) {
    this.settings = settings;
    this.#around = around;
    this.locks = new Locks(settings.name, settings.lockMs, around.busy, (message) => this.abandon(message));
    this.#expiry = new Expiry(around.clock, (message) => this.#expire(message));
    if (settings.requiresSession)
      this.sessions = new Sessions(settings.lockMs, (message, end) =>
        end === "expired" ? this.abandon(message) : this.release(message),
      );
  }

  get name(): string {
    return this.settings.name;
  }

  /** How many messages could be handed out now. */
  get ready(): number {
    return this.#ready;
  }

  /** A sequence number that no other message of this queue has or had. */
  nextSeq(): number {
    return this.#nextSeq++;
  }

  /** Takes a message in. */
  put(content: Content, origin: Origin = {}): StoredMessage {
    const seq = this.nextSeq();
    const enqueuedAt = origin.enqueuedAt ?? this.#around.clock.now();
    const message: StoredMessage = {
      seq,
      content,
      enqueuedAt,
      enqueuedSeq: origin.enqueuedSeq ?? seq,
      expiresAt: this.#expiryOf(enqueuedAt, content.ttl, origin.ttlMs),
      source: origin.source,
      deliveryCount: origin.deliveryCount ?? 0,
      state: "gone",
      lock: undefined,
    };
    this.#journalPut(message, "ready");
    this.#messages.set(seq, message);
    this.#toLine(message);
    this.#expiry.watch(message);
    return message;
  }

  /** Hands out the next message, out of one session if this queue has sessions; it is then locked. */
  take(hold?: SessionHold): StoredMessage | undefined {
    const line = hold === undefined ? this.#line : hold.session.line;
    for (let message = line.next(); message !== undefined; message = line.next()) {
      if (this.#isOver(message)) {
        this.#expire(message);
        continue;
      }
      this.#lock(message, hold);
      return message;
    }
    return undefined;
  }

  /** Locks a deferred message; undefined if there is none of this number. */
  takeDeferred(seq: number, hold?: SessionHold): StoredMessage | undefined {
    const message = this.#messages.get(seq);
    if (message?.state !== "deferred") return undefined;
    if (hold !== undefined && message.content.sessionId !== hold.session.id) return undefined;
    // A deferred message outlives its time until somebody asks for it.
    if (this.#isOver(message)) {
      this.#expire(message);
      return undefined;
    }
    this.#lock(message, hold);
    return message;
  }

  /** The message is done with. */
  complete(message: StoredMessage): void {
    this.#remove(message);
  }

  /** The message was handed out in vain: back to its place, or to the dead letters if that was the last time. */
  abandon(message: StoredMessage, changes?: Changes): void {
    const lock = this.#unlock(message);
    message.deliveryCount++;
    if (changes !== undefined) message.content = message.content.changed(changes);
    if (message.deliveryCount >= this.settings.maxDeliveries) {
      const description = `Message could not be consumed after ${this.settings.maxDeliveries} delivery attempts.`;
      this.deadLetter(message, { reason: "MaxDeliveryCountExceeded", description });
      return;
    }
    if (changes !== undefined) this.#journalPut(message, lock?.from ?? "ready");
    else {
      const { seq, deliveryCount } = message;
      this.#around.journal.append({ op: "count", queue: this.name, seq, deliveryCount });
    }
    this.#back(message, lock);
  }

  /** Gives a message back as if it had not been handed out. */
  release(message: StoredMessage): void {
    this.#back(message, this.#unlock(message));
  }

  /** Sets the message aside: from now on it is only found by its number. */
  defer(message: StoredMessage, changes?: Changes): void {
    this.#unlock(message);
    message.state = "deferred";
    if (changes === undefined) this.#around.journal.append({ op: "defer", queue: this.name, seq: message.seq });
    else {
      message.content = message.content.changed(changes);
      this.#journalPut(message, "deferred");
    }
  }

  deadLetter(message: StoredMessage, why: DeadLetterReason, changes?: Changes): void {
    if (changes !== undefined) message.content = message.content.changed(changes);
    this.#remove(message);
    this.#around.bury(this, message, why);
  }

  /** All messages from a number on, in order, of one session if it is given. Looks only. */
  peek(from: number, max: number, session?: string): StoredMessage[] {
    const found: StoredMessage[] = [];
    for (const message of this.#messages.values())
      if (
        message.seq >= from &&
        (message.state === "deferred" || !this.#isOver(message)) &&
        (session ?? message.content.sessionId) === message.content.sessionId
      )
        found.push(message);
    return found.sort((a, b) => a.seq - b.seq).slice(0, max);
  }

  /** Everything that must be written to keep this queue. */
  *snapshot(): Generator<Op> {
    yield { op: "next", queue: this.name, seq: this.#nextSeq };
    for (const message of this.#messages.values())
      yield this.#putOp(message, (message.lock?.from ?? message.state) === "deferred" ? "deferred" : "ready");
    for (const { id, state } of this.sessions?.all() ?? [])
      if (state !== undefined) yield { op: "session", queue: this.name, session: id, raw: state };
  }

  /** Takes back a message that a journal kept. What was locked is ready again. */
  restore(op: Put, content: Content): void {
    const { seq, enqueuedSeq, enqueuedAt, expiresAt, source, deliveryCount } = op;
    const state = op.state === "deferred" ? "deferred" : "gone";
    const message: StoredMessage = {
      seq,
      enqueuedSeq,
      enqueuedAt,
      expiresAt,
      source,
      deliveryCount,
      content,
      state,
      lock: undefined,
    };
    this.#messages.set(seq, message);
    this.used(seq);
    if (state === "gone") this.#toLine(message);
    this.#expiry.watch(message);
  }

  /** Notes that a number is taken. */
  used(seq: number): void {
    this.#nextSeq = Math.max(this.#nextSeq, seq + 1);
  }

  close(): void {
    this.locks.close();
    this.sessions?.close();
    this.#expiry.close();
  }

  #lock(message: StoredMessage, hold: SessionHold | undefined): void {
    if (message.state === "ready") this.#ready--;
    this.locks.grant(message, hold?.until);
    hold?.session.handed.add(message);
  }

  #unlock(message: StoredMessage): Lock | undefined {
    const { lock } = message;
    this.locks.end(message);
    if (this.sessions !== undefined) this.sessions.of(message.content.sessionId ?? "").handed.delete(message);
    return lock;
  }

  #back(message: StoredMessage, lock: Lock | undefined): void {
    message.state = lock?.from === "deferred" ? "deferred" : "gone";
    if (this.#isOver(message)) this.#expire(message);
    else if (message.state !== "deferred") this.#toLine(message);
  }

  #toLine(message: StoredMessage): void {
    message.state = "ready";
    this.#ready++;
    const line = this.sessions === undefined ? this.#line : this.sessions.of(message.content.sessionId ?? "").line;
    line.add(message);
    this.#around.readied(this);
  }

  #remove(message: StoredMessage): void {
    if (message.state === "ready") this.#ready--;
    this.#unlock(message);
    message.state = "gone";
    this.#messages.delete(message.seq);
    this.#around.journal.append({ op: "delete", queue: this.name, seq: message.seq });
  }

  /** The shortest of what the sender and the entities on its way allow. */
  #expiryOf(enqueuedAt: number, ...ttls: readonly (number | undefined)[]): number | undefined {
    const lives = Math.min(...[...ttls, this.settings.ttlMs].map((ttl) => ttl ?? Number.POSITIVE_INFINITY));
    return this.settings.keepsForever || lives === Number.POSITIVE_INFINITY ? undefined : enqueuedAt + lives;
  }

  #isOver({ expiresAt }: StoredMessage): boolean {
    return expiresAt !== undefined && expiresAt <= this.#around.clock.now();
  }

  #expire(message: StoredMessage): void {
    if (!this.settings.deadLetterExpired) this.#remove(message);
    else
      this.deadLetter(message, {
        reason: "TTLExpiredException",
        description: "The message expired and was dead lettered.",
      });
  }

  #journalPut(message: StoredMessage, state: Put["state"]): void {
    this.#around.journal.append(this.#putOp(message, state));
  }

  #putOp(message: StoredMessage, state: Put["state"]): Put {
    const { seq, enqueuedSeq, enqueuedAt, expiresAt, source, deliveryCount, content } = message;
    return {
      op: "put",
      queue: this.name,
      seq,
      enqueuedSeq,
      enqueuedAt,
      expiresAt,
      deliveryCount,
      state,
      source,
      raw: content.raw,
    };
  }
}
