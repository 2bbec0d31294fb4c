/** Of more than that, the other side can do the first while this side still makes the last: both cores are used. */
const MOST = 50;

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
    const count = this.#waiting.push(message);
    if (count === MOST) this.flush();
    else if (count === 1) setImmediate(() => this.flush());
  }

  flush(): void {
    if (this.#waiting.length === 0) return;
    const batch = this.#waiting;
    this.#waiting = [];
    this.#send(batch);
  }
}
