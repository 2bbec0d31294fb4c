import type { EntityName } from "./answer.ts";
import type { EntityRelease, EntityRequest } from "./entity-messages.ts";
import type { Sorter } from "./message-sorter.ts";
import type { InstanceRow, Message } from "./store.ts";

/** What a message for an entity asks: an operation or a lock, or that a lock be given back. */
export type EntityMessage = { readonly request: EntityRequest } | { readonly release: EntityRelease };

/** An entity's own state, kept as JSON in its instance's input as the host keeps its scheduler's. */
export interface EntityState {
  readonly exists: boolean;
  /** JSON text. */
  readonly state?: string;
  /** The orchestration that holds its lock. */
  readonly lockedBy?: string;
  readonly sorter?: Sorter;
}

export interface Waiting {
  readonly message: Message;
  readonly content: EntityMessage;
}

/** One entity in memory: its state, and what it has been sent and has not done. */
export class EntityInMemory {
  readonly row: InstanceRow;
  readonly name: EntityName;
  waiting: Waiting[] = [];
  busy = false;

  constructor(row: InstanceRow, name: EntityName) {
    this.row = row;
    this.name = name;
  }

  get state(): EntityState {
    return JSON.parse(this.row.input ?? '{"exists":false}') as EntityState;
  }

  set state(state: EntityState) {
    this.row.input = JSON.stringify(state);
    this.row.customStatus = JSON.stringify({ entityExists: state.exists, lockedBy: state.lockedBy });
  }

  /** What comes next, in order: the operations that can run now as one batch, or else one lock or release. */
  next(): Waiting[] {
    const { lockedBy } = this.state;
    const batch: Waiting[] = [];
    for (const waiting of this.waiting) {
      const { content } = waiting;
      if ("release" in content) {
        if (content.release.parent === lockedBy) return batch.length > 0 ? batch : [waiting];
        continue;
      }
      const { request } = content;
      if (lockedBy !== undefined && request.parent !== lockedBy) continue;
      if (request.op === null) {
        if (lockedBy !== undefined) continue;
        return batch.length > 0 ? batch : [waiting];
      }
      batch.push(waiting);
    }
    return batch;
  }

  /** The entity trigger's JSON for a batch of operations. */
  trigger(batch: readonly EntityRequest[]): string {
    const { exists, state = null } = this.state;
    return JSON.stringify({
      self: this.name,
      exists,
      state,
      batch: batch.map(({ op, input = null, signal = false, id }) => ({ name: op, input, isSignal: signal, id })),
    });
  }
}

/** What the entity function answered for a batch. */
export interface BatchAnswer {
  readonly results: readonly { readonly isError?: boolean; readonly result?: string }[];
  readonly signals: readonly { readonly target: EntityName; readonly name: string; readonly input?: string }[];
  readonly entityExists: boolean;
  readonly entityState?: string;
}
