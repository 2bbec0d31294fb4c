/** Which message ids an entity has seen within its window of virtual time. */
export class Duplicates {
  readonly #windowMs: number;
  /** In the order of their times: a map keeps the order in which keys came. */
  readonly #seen = new Map<string, number>();

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** Remembers an id; false if it came within the window before. A duplicate does not prolong the window. */
  admit(id: string, now: number): boolean {
    this.#forget(now);
    if (this.#seen.has(id)) return false;
    this.#seen.set(id, now);
    return true;
  }

  /** What is remembered now. */
  entries(): Iterable<readonly [id: string, at: number]> {
    return this.#seen;
  }

  /** Takes back what a journal kept. */
  restore(id: string, at: number): void {
    this.#seen.delete(id);
    this.#seen.set(id, at);
  }

  #forget(now: number): void {
    for (const [id, at] of this.#seen) {
      if (now - at < this.#windowMs) return;
      this.#seen.delete(id);
    }
  }
}
