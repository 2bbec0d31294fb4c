import type { Source } from "../model/broker.ts";
import type { Consumer } from "../model/dispatcher.ts";
import { encodeStored, type StoredMessage } from "../model/message.ts";
import type { SessionHold } from "../model/sessions.ts";
import { type Sender, sendable } from "./rhea.ts";
import type { Settlements } from "./settlements.ts";
import { reorderUuid } from "./uuid.ts";

/** A link over which a client receives from an entity. */
export class OutgoingLink implements Consumer {
  readonly mode: Consumer["mode"];
  readonly hold: SessionHold | undefined;
  readonly #link: Sender;
  readonly #source: Source;
  readonly #settlements: Settlements;

  constructor(link: Sender, source: Source, settlements: Settlements, hold?: SessionHold) {
    this.#link = link;
    this.#source = source;
    this.#settlements = settlements;
    this.hold = hold;
    this.mode = link.snd_settle_mode === 1 ? "receive-and-delete" : "peek-lock";
    link.on("sender_flow", () => source.dispatcher.pump());
    link.on("sender_draining", () => source.dispatcher.pump(() => this.#drained()));
    source.dispatcher.attach(this);
    // A client may grant credit along with its attach: look again once our answer went out.
    setImmediate(() => source.dispatcher.pump());
  }

  credit(): number {
    return sendable(this.#link);
  }

  deliver(message: StoredMessage): void {
    if (!this.#link.is_open()) return;
    const { lock } = message;
    if (lock === undefined) this.#link.send(encodeStored(message), reorderUuid(Buffer.alloc(16)), 0);
    else {
      const { id } = this.#link.send(encodeStored(message), reorderUuid(lock.token), 0);
      this.#settlements.track(id, this.#source.queue, message, lock);
    }
  }

  /** The client let go of the link: what is locked stays so until its lock expires, but a session is free at once. */
  detached(): void {
    this.#source.dispatcher.detach(this);
    if (this.hold !== undefined) this.#source.queue.sessions?.release(this.hold);
  }

  /** The connection is gone: even a session stays locked until its time is over, as in Azure. */
  cut(): void {
    this.#source.dispatcher.detach(this);
  }

  #drained(): void {
    this.#link.set_drained(true);
    this.#source.dispatcher.pump();
  }
}
