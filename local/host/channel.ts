/**
 * Sends many small messages as few large ones: what is posted within one turn of the event loop goes out together,
 * since each send of a process channel is a system call.
 */
export class Channel<Out> {
  readonly #send: (batch: Out[]) => void;
  #waiting: Out[] = [];

  constructor(send: (batch: Out[]) => void) {
    this.#send = send;
  }

  post(message: Out): void {
    if (this.#waiting.push(message) === 1) setImmediate(() => this.flush());
  }

  flush(): void {
    if (this.#waiting.length === 0) return;
    const batch = this.#waiting;
    this.#waiting = [];
    this.#send(batch);
  }
}
