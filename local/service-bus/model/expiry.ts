import { Heap } from "../../clock/heap.ts";
import type { Clock } from "../../clock/virtual-clock.ts";
import type { StoredMessage } from "./message.ts";

const HOUR_MS = 3_600_000;

/** Ends messages whose time to live is over. An expired message is never handed out, however late this looks. */
export class Expiry {
  readonly #clock: Clock;
  readonly #expire: (message: StoredMessage) => void;
  readonly #heap = new Heap<{ at: number; message: StoredMessage }>((a, b) => a.at - b.at);
  #due: number | undefined;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, expire: (message: StoredMessage) => void) {
    this.#clock = clock;
    this.#expire = expire;
  }

  watch(message: StoredMessage): void {
    if (message.expiresAt === undefined) return;
    this.#heap.push({ at: message.expiresAt, message });
    this.#arm();
  }

  close(): void {
    this.#cancel?.();
  }

  /**
   * One timer for all. It is rounded up, to a minute for long lives: an advance of the clock stops at each due instant,
   * and thousands of messages that expire one after the other should not make thousands of stops.
   */
  #arm(): void {
    const first = this.#first();
    if (first === undefined) return;
    const step = first - this.#clock.now() > HOUR_MS ? 60_000 : 1;
    const due = Math.ceil(first / step) * step;
    if (this.#due !== undefined && this.#due <= due) return;
    this.#cancel?.();
    this.#due = due;
    this.#cancel = this.#clock.at(due, () => {
      this.#due = undefined;
      this.#sweep();
      this.#arm();
    });
  }

  #sweep(): void {
    for (let at = this.#first(); at !== undefined && at <= this.#clock.now(); at = this.#first()) {
      const message = this.#heap.pop()?.message;
      // One that is locked is looked at again when its lock ends, one that is deferred when somebody asks for it.
      if (message?.state === "ready") this.#expire(message);
    }
  }

  /** When the first message that is still there expires. */
  #first(): number | undefined {
    while (this.#heap.peek()?.message.state === "gone") this.#heap.pop();
    return this.#heap.peek()?.at;
  }
}
