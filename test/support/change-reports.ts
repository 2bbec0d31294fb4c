import type { BusMessage } from "../../shared/ports/bus.ts";
import { consume } from "../../shared/use-cases/consume.ts";
import { workOnReport } from "../../shared/use-cases/work-on-report.ts";
import type { World } from "./in-process.ts";

/** The subscription `decisions` and its consumer: what the topic holds of it and was not yet worked on. */
export class ChangeReports {
  readonly #world: World;
  readonly #done = new Set<BusMessage>();

  constructor(world: World) {
    this.#world = world;
  }

  /** What waits, the oldest first. */
  get waiting(): readonly BusMessage[] {
    return this.#world.bus.messages.filter((message) => message.subject === "change" && !this.#done.has(message));
  }

  /** Works on one message, as `functions/decisions.ts` does. */
  async work(message: BusMessage): Promise<void> {
    await workOnReport(message.body, this.#world.calm);
    this.#done.add(message);
  }

  /** Works on a few, each for the last time: what fails for the moment is parked. */
  async workSome(most: number): Promise<void> {
    for (const message of this.waiting.slice(0, most)) {
      const { id, body } = message;
      const last = { source: "decisions", messageId: id, body, deliveryCount: 19 } as const;
      await consume(last, () => this.work(message), this.#world.calm);
      this.#done.add(message);
    }
    await this.#world.quiet();
  }

  /** Until nothing waits any more. */
  async workAll(): Promise<void> {
    for (let [message] = this.waiting; message !== undefined; [message] = this.waiting) await this.work(message);
    await this.#world.quiet();
  }
}
