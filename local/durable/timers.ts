import type { Clock } from "../clock/virtual-clock.ts";
import type { Message } from "./store.ts";

/** Messages that are to be delivered later, by the virtual clock. */
export class Timers {
  readonly #clock: Clock;
  readonly #deliver: (message: Message) => void;
  readonly #cancels = new Map<string, Map<number, () => void>>();

  constructor(clock: Clock, deliver: (message: Message) => void) {
    this.#clock = clock;
    this.#deliver = deliver;
  }

  add(message: Message): void {
    const { id, instance, due } = message;
    const cancel = this.#clock.at(due ?? 0, () => {
      this.#remove(instance, id);
      this.#deliver(message);
    });
    const mine = this.#cancels.get(instance);
    if (mine) mine.set(id, cancel);
    else this.#cancels.set(instance, new Map([[id, cancel]]));
  }

  /** Takes back all of an instance; answers the messages' ids. Its execution is over, nobody would listen. */
  cancel(instance: string): number[] {
    const mine = this.#cancels.get(instance);
    if (!mine) return [];
    this.#cancels.delete(instance);
    for (const cancel of mine.values()) cancel();
    return [...mine.keys()];
  }

  clear(): void {
    for (const instance of [...this.#cancels.keys()]) this.cancel(instance);
  }

  #remove(instance: string, id: number): void {
    const mine = this.#cancels.get(instance);
    mine?.delete(id);
    if (mine?.size === 0) this.#cancels.delete(instance);
  }
}
