import { z } from "zod";

/** What each part's fault looks like is the part's own affair; null or nothing means that all goes well. */
const wanted = z.strictObject({
  serviceBus: z.literal("down").nullish(),
  dataverse: z.record(z.string(), z.unknown()).nullish(),
  communication: z.record(z.string(), z.unknown()).nullish(),
  /** Handed to the app's instances, whose store on this machine acts it out: `{ delayMs }`, `{ down: true }`. */
  store: z.record(z.string(), z.unknown()).nullish(),
});

export type WantedFaults = z.infer<typeof wanted>;

/** Each takes the fault of its part, or undefined to end it. A part that refuses throws. */
export interface FaultTargets {
  serviceBus(fault: "down" | undefined): void;
  dataverse(fault: Record<string, unknown> | undefined): void;
  communication(fault: Record<string, unknown> | undefined): void;
  store(fault: Record<string, unknown> | undefined): Promise<void>;
}

/** What goes wrong on demand. Parts that a call does not name stay as they are; `{}` changes nothing. */
export class Faults {
  readonly #targets: FaultTargets;
  #current: WantedFaults = {};

  constructor(targets: FaultTargets) {
    this.#targets = targets;
  }

  get current(): WantedFaults {
    return this.#current;
  }

  /** Answers when the faults stand. Throws a ZodError where the shape does not fit. */
  async set(given: unknown): Promise<void> {
    const faults = wanted.parse(given);
    if (faults.serviceBus !== undefined) this.#targets.serviceBus(faults.serviceBus ?? undefined);
    if (faults.dataverse !== undefined) this.#targets.dataverse(faults.dataverse ?? undefined);
    if (faults.communication !== undefined) this.#targets.communication(faults.communication ?? undefined);
    if (faults.store !== undefined) await this.#targets.store(faults.store ?? undefined);
    const entries = Object.entries({ ...this.#current, ...faults }).filter(([, fault]) => fault !== null);
    this.#current = Object.fromEntries(entries);
  }
}
