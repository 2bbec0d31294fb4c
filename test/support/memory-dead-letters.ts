import type { DeadLetter, DeadLetters } from "../../shared/ports/dead-letters.ts";
import type { Queue } from "../../shared/wire/parked.ts";

/** What queues put aside, as a test leaves it there. */
export class MemoryDeadLetters implements DeadLetters {
  readonly letters = new Map<Queue, DeadLetter[]>();

  async peek(queue: Queue, after: number, most: number): Promise<readonly DeadLetter[]> {
    return (this.letters.get(queue) ?? []).slice(after, after + most);
  }

  async take(
    queue: Queue,
    wanted: (letter: DeadLetter) => boolean,
    most: number,
    work: (letter: DeadLetter) => Promise<void>,
  ): Promise<{ readonly taken: number; readonly looked: number }> {
    const all = this.letters.get(queue) ?? [];
    const looked = all.slice(0, most);
    const gone = new Set<DeadLetter>();
    for (const letter of looked.filter(wanted))
      try {
        await work(letter);
        gone.add(letter);
      } catch {
        // It stays.
      }
    this.letters.set(
      queue,
      all.filter((letter) => !gone.has(letter)),
    );
    return { taken: gone.size, looked: looked.length };
  }
}
