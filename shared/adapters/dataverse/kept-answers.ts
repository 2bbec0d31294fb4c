/** Answers kept for some minutes; who asks while one is fetched waits for that one. Faults are not kept. */
export class KeptAnswers<T> {
  readonly #kept = new Map<string, { readonly answer: Promise<T>; readonly since: number }>();
  readonly #now: () => number;
  readonly #lifetime: number;

  constructor(now: () => number, lifetime: number) {
    this.#now = now;
    this.#lifetime = lifetime;
  }

  /** The answer under this key, not older than `atMost` milliseconds where that is asked for. */
  get(key: string, fetch: () => Promise<T>, atMost = this.#lifetime): Promise<T> {
    const now = this.#now();
    const kept = this.#kept.get(key);
    if (kept !== undefined && now - kept.since < Math.min(atMost, this.#lifetime)) return kept.answer;
    const entry = { answer: fetch(), since: now };
    this.#kept.set(key, entry);
    entry.answer.catch(() => {
      if (this.#kept.get(key) === entry) this.#kept.delete(key);
    });
    return entry.answer;
  }
}
