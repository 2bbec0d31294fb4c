import type { TriggerParts } from "../durable/worker.ts";
import type { Episode } from "../host/histories.ts";

/** More than an app instance keeps: what it forgot is told again when it says so. */
const MOST = 20_000;

/** How much of which history one app instance was told, so that it is told only what came since. */
export class ToldHistories {
  readonly #told = new Map<string, { readonly history: number; readonly length: number }>();

  /** What is to be sent for an episode; from now on it counts as told. */
  episode(instanceId: string, { history, past, fresh, rest }: TriggerParts): Episode {
    const told = this.#told.get(instanceId);
    const from = told?.history === history ? told.length : 0;
    this.#told.delete(instanceId);
    this.#told.set(instanceId, { history, length: past.length });
    const [oldest] = this.#told.keys();
    if (this.#told.size > MOST && oldest !== undefined) this.#told.delete(oldest);
    return { history, from, more: past.slice(from), fresh, rest };
  }

  forget(instanceId: string): void {
    this.#told.delete(instanceId);
  }
}
