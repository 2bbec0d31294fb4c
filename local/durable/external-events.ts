import { Task } from "./task.ts";

/** Waits and raised events of one execution, matched by name regardless of case. */
export class ExternalEvents {
  /** Newest first: an abandoned waiter must not swallow the event of the current one. */
  readonly #waiters = new Map<string, Task[]>();
  /** Raised before anybody waited, oldest first. */
  readonly #buffered = new Map<string, string[]>();

  wait(name: string): Task {
    const key = name.toLowerCase();
    const task = new Task();
    const early = this.#buffered.get(key)?.shift();
    if (early !== undefined) {
      // The newest waiter is this one, so the host hands it the buffered event at once.
      task.settle({ ok: true, value: early });
      return task;
    }
    const waiters = this.#waiters.get(key);
    if (waiters) waiters.push(task);
    else this.#waiters.set(key, [task]);
    return task;
  }

  raise(name: string, input: string): void {
    const key = name.toLowerCase();
    const waiter = this.#waiters.get(key)?.pop();
    const buffered = this.#buffered.get(key);
    if (waiter) waiter.settle({ ok: true, value: input });
    else if (buffered) buffered.push(input);
    else this.#buffered.set(key, [input]);
  }
}
