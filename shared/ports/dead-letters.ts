import type { Queue } from "../wire/parked.ts";

/** A message that a queue put aside by itself: its consumer crashed over it again and again, or it grew too old. */
export interface DeadLetter {
  /** Its number in the queue: what tells it from every other. */
  readonly sequence: string;
  readonly messageId: string;
  /** When it was sent, ISO 8601. */
  readonly at: string;
  readonly deliveryCount: number;
  readonly reason: string | null;
  readonly description: string | null;
  readonly body: unknown;
}

/** The dead-letter queues of the bus. All throw BUS_UNAVAILABLE. */
export interface DeadLetters {
  /** The next ones after so many, oldest first: looks, and takes none. */
  peek(queue: Queue, after: number, most: number): Promise<readonly DeadLetter[]>;
  /**
   * Hands each that is wanted to `work` and takes it out of the queue once that is done; looks at no more than `most`.
   * What is not wanted, or whose work throws, stays.
   */
  take(
    queue: Queue,
    wanted: (letter: DeadLetter) => boolean,
    most: number,
    work: (letter: DeadLetter) => Promise<void>,
  ): Promise<{ readonly taken: number; readonly looked: number }>;
}
