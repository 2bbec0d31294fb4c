import type { Busy } from "../clock/virtual-clock.ts";
import type { EventGridEvent } from "./event-grid.ts";
import type { MailStore, OutboxRow } from "./mail-store.ts";

export type Publish = (event: EventGridEvent) => Promise<void>;

/** Real time: the bus being down is nothing that a moved clock would mend. */
const SHORTEST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;
const LONGEST_CLOSE_MS = 1_000;
/** How many reports are under way at once; the order of reports is not promised, as in Event Grid. */
const AT_ONCE = 16;

/** Publishes the outbox, each report at least once, and again until it is taken. */
export class ReportPublisher {
  readonly #store: MailStore;
  readonly #publish: Publish;
  readonly #busy: Busy;
  readonly #log: (line: string) => void;
  readonly #waiting: { readonly row: OutboxRow; readonly done: () => void }[] = [];
  readonly #open = new Set<() => void>();
  readonly #sleeping = new Map<NodeJS.Timeout, () => void>();
  #lanes = 0;
  #closed = false;
  #atRest: (() => void) | undefined;

  constructor(store: MailStore, publish: Publish, busy: Busy, log: (line: string) => void) {
    this.#store = store;
    this.#publish = publish;
    this.#busy = busy;
    this.#log = log;
    this.add(store.outbox());
  }

  /** Takes over reports that lie in the outbox. Until each is published, the platform counts as busy. */
  add(rows: readonly OutboxRow[]): void {
    for (const row of rows) {
      const done = this.#busy.open("mail report");
      this.#open.add(done);
      this.#waiting.push({ row, done });
    }
    while (this.#lanes < AT_ONCE && this.#waiting.length > 0) void this.#work();
  }

  /** Stops; what was not taken stays in the outbox for the next start. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const [timer, wake] of this.#sleeping) {
      clearTimeout(timer);
      wake();
    }
    if (this.#lanes > 0) await this.#rest();
    for (const done of this.#open) done();
  }

  /** Answers when no publish is under way, or soon: one that hangs must not hold up the end of the process. */
  #rest(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LONGEST_CLOSE_MS);
      this.#atRest = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** One lane: takes reports until none waits. */
  async #work(): Promise<void> {
    this.#lanes++;
    for (let next = this.#waiting.shift(); next !== undefined && !this.#closed; next = this.#waiting.shift()) {
      if (!(await this.#deliver(next.row))) break;
      this.#open.delete(next.done);
      next.done();
    }
    // No await since the queue was seen empty, so that a report added now finds its lane free.
    this.#lanes--;
    if (this.#lanes === 0) this.#atRest?.();
  }

  async #deliver(row: OutboxRow): Promise<boolean> {
    for (let wait = SHORTEST_WAIT_MS; !this.#closed; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
      try {
        await this.#publish(row.event);
        this.#store.published(row.seq);
        return true;
      } catch (error) {
        this.#log(`mail report not published, again in ${wait} ms: ${error instanceof Error ? error.message : error}`);
        await this.#sleep(wait);
      }
    }
    return false;
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((wake) => {
      const timer = setTimeout(() => {
        this.#sleeping.delete(timer);
        wake();
      }, ms);
      this.#sleeping.set(timer, wake);
    });
  }
}
