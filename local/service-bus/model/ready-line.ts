import { Heap } from "../../clock/heap.ts";
import type { StoredMessage } from "./message.ts";

/** Messages in the order in which they were enqueued; one that was given up goes back to its place. */
export class ReadyLine {
  readonly #heap = new Heap<StoredMessage>((a, b) => a.seq - b.seq);

  add(message: StoredMessage): void {
    this.#heap.push(message);
  }

  /** The next ready message, left where it is. Drops those that have gone in the meantime. */
  peek(): StoredMessage | undefined {
    for (;;) {
      const first = this.#heap.peek();
      if (first === undefined || first.state === "ready") return first;
      this.#heap.pop();
    }
  }

  next(): StoredMessage | undefined {
    const first = this.peek();
    if (first !== undefined) this.#heap.pop();
    return first;
  }
}
