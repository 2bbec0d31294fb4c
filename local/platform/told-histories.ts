import type { TriggerParts } from "../durable/worker.ts";
import type { Episode } from "../host/histories.ts";

/** More than an app instance keeps: what it forgot is told again when it says so. */
const MOST = 20_000;

interface Told {
  readonly history: number;
  readonly pieces: number;
  /** In characters. */
  readonly length: number;
}

/** How much of which history one app instance was told, so that it is told only what came since. */
export class ToldHistories {
  readonly #told = new Map<string, Told>();

  /** What is to be sent for an episode; from now on it counts as told. */
  episode(instanceId: string, { history, past, pieces, fresh, rest }: TriggerParts): Episode {
    const before = this.#told.get(instanceId);
    const told = before?.history === history ? before : { pieces: 0, length: 0 };
    const news = pieces.slice(told.pieces).join(",");
    const more = told.length > 0 && news !== "" ? `,${news}` : news;
    this.#told.delete(instanceId);
    this.#told.set(instanceId, { history, pieces: pieces.length, length: past.length });
    const [oldest] = this.#told.keys();
    if (this.#told.size > MOST && oldest !== undefined) this.#told.delete(oldest);
    return { history, from: told.length, more, fresh, rest };
  }

  forget(instanceId: string): void {
    this.#told.delete(instanceId);
  }
}
