/** A bounded map that forgets what was not asked for longest. */
export class Lru<Key, Value> {
  readonly #kept = new Map<Key, Value>();
  readonly #limit: number;
  #youngest: { readonly key: Key; readonly value: Value } | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The kept value, or what `make` makes now; what it throws is not kept. */
  get(key: Key, make: () => Value): Value {
    if (this.#youngest?.key === key) return this.#youngest.value;
    const found = this.#kept.get(key);
    if (found !== undefined) {
      // A Map iterates in order of insertion: put back, the entry is the youngest again.
      this.#kept.delete(key);
      return this.#put(key, found);
    }
    const made = this.#put(key, make());
    if (this.#kept.size > this.#limit) this.#kept.delete(this.#kept.keys().next().value as Key);
    return made;
  }

  #put(key: Key, value: Value): Value {
    this.#kept.set(key, value);
    this.#youngest = { key, value };
    return value;
  }
}
