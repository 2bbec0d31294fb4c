/** A bounded map that forgets what was not asked for longest. */
export class Lru<Key, Value> {
  readonly #kept = new Map<Key, Value>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The kept value, or what `make` makes now; what it throws is not kept. */
  get(key: Key, make: () => Value): Value {
    const found = this.#kept.get(key);
    if (found !== undefined) {
      // A Map iterates in order of insertion: put back, the entry is the youngest again.
      this.#kept.delete(key);
      this.#kept.set(key, found);
      return found;
    }
    const made = make();
    this.#kept.set(key, made);
    if (this.#kept.size > this.#limit) this.#kept.delete(this.#kept.keys().next().value as Key);
    return made;
  }
}
