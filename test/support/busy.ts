/** What is under way, so that a test knows when nothing is any more. */
export class Busy {
  #open = 0;
  #waiting: (() => void)[] = [];

  /** Counts a piece of work until it is done, however it ends. */
  during<T>(work: Promise<T>): Promise<T> {
    const done = this.#begin();
    work.then(done, done);
    return work;
  }

  /** Work that waits for time or a wake does not count meanwhile; the answer ends the pause. */
  pause(): () => void {
    this.#end();
    return () => void this.#begin();
  }

  async idle(): Promise<void> {
    while (this.#open > 0) await new Promise<void>((done) => this.#waiting.push(done));
  }

  #begin(): () => void {
    this.#open += 1;
    return () => this.#end();
  }

  #end(): void {
    this.#open -= 1;
    if (this.#open > 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const done of waiting) done();
  }
}
