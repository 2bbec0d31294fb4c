import type { StoredMessage } from "./message.ts";
import { ReadyLine } from "./ready-line.ts";

/** Messages that belong together, taken in order by one receiver at a time. */
export interface Session {
  readonly id: string;
  readonly line: ReadyLine;
  /** The messages that its holder was handed and has not settled. */
  readonly handed: Set<StoredMessage>;
  state: Buffer | undefined;
  hold: SessionHold | undefined;
}

/** A receiver's hold on a session, in real time. */
export interface SessionHold {
  readonly session: Session;
  until: number;
  /** Called when the time is over and nobody renewed. */
  readonly lost: () => void;
  timer: NodeJS.Timeout | undefined;
}

/** How a hold ended: in the first case its messages count as handed out in vain. */
export type SessionEnd = "expired" | "closed";

/** The sessions of one queue. */
export class Sessions {
  readonly #durationMs: number;
  readonly #giveBack: (message: StoredMessage, end: SessionEnd) => void;
  readonly #sessions = new Map<string, Session>();

  constructor(durationMs: number, giveBack: (message: StoredMessage, end: SessionEnd) => void) {
    this.#durationMs = durationMs;
    this.#giveBack = giveBack;
  }

  of(id: string): Session {
    let session = this.#sessions.get(id);
    if (session === undefined) {
      session = { id, line: new ReadyLine(), handed: new Set(), state: undefined, hold: undefined };
      this.#sessions.set(id, session);
    }
    return session;
  }

  all(): Iterable<Session> {
    return this.#sessions.values();
  }

  /** The free session whose next message is the oldest. */
  nextFree(): Session | undefined {
    let found: { session: Session; seq: number } | undefined;
    for (const session of this.#sessions.values()) {
      const seq = session.hold === undefined ? session.line.peek()?.seq : undefined;
      if (seq !== undefined && (found === undefined || seq < found.seq)) found = { session, seq };
    }
    return found?.session;
  }

  /** Gives a session to a receiver; undefined if another has it. */
  accept(session: Session, lost: () => void): SessionHold | undefined {
    if (session.hold !== undefined) return undefined;
    const hold: SessionHold = { session, until: 0, lost, timer: undefined };
    session.hold = hold;
    this.renew(hold);
    return hold;
  }

  /** Starts the hold's time again, that of its messages too, and answers until when it lasts. */
  renew(hold: SessionHold): number {
    clearTimeout(hold.timer);
    hold.until = Date.now() + this.#durationMs;
    for (const { lock } of hold.session.handed) if (lock) lock.until = hold.until;
    hold.timer = setTimeout(() => {
      this.#end(hold, "expired");
      hold.lost();
    }, this.#durationMs);
    return hold.until;
  }

  /** Gives a session back, as its receiver closes. */
  release(hold: SessionHold): void {
    if (hold.session.hold === hold) this.#end(hold, "closed");
  }

  close(): void {
    for (const { hold } of this.#sessions.values()) clearTimeout(hold?.timer);
  }

  #end(hold: SessionHold, end: SessionEnd): void {
    clearTimeout(hold.timer);
    const { session } = hold;
    session.hold = undefined;
    const messages = [...session.handed];
    session.handed.clear();
    for (const message of messages) this.#giveBack(message, end);
    if (session.state === undefined && session.line.peek() === undefined && session.hold === undefined)
      this.#sessions.delete(session.id);
  }
}
