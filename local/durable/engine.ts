import type { SQLInputValue } from "node:sqlite";
import type { Dispatch } from "./dispatch.ts";
import type { Entities } from "./entities.ts";
import { entityOf } from "./entity-messages.ts";
import * as made from "./events.ts";
import type { HistoryEvent } from "./history.ts";
import { parseEvents } from "./history.ts";
import { newClientExecutionId, newExecutionId } from "./ids.ts";
import { rewound } from "./rewind.ts";
import { hasEnded, type InstanceRow, type Store } from "./store.ts";
import type { Versioning } from "./versioning.ts";
import type { Kind, WorkQueue } from "./work-queue.ts";

export interface StartRequest {
  readonly name: string;
  readonly id?: string;
  readonly version?: string;
  /** JSON text; null for none. */
  readonly input: string | null;
  /** Begun again from an earlier instance rather than by a client of its own. */
  readonly restart?: boolean;
}

export type Told = "accepted" | "missing" | "ended";

/** What clients ask of the hub. Each call answers once what it did is in the file. */
export class Engine {
  readonly #store: Store;
  readonly #queue: WorkQueue;
  readonly #dispatch: Dispatch;
  readonly #versioning: Versioning;

  constructor(store: Store, queue: WorkQueue, dispatch: Dispatch, versioning: Versioning) {
    this.#store = store;
    this.#queue = queue;
    this.#dispatch = dispatch;
    this.#versioning = versioning;
  }

  find(id: string): InstanceRow | undefined {
    return this.#dispatch.find(id);
  }

  get entities(): Entities {
    return this.#dispatch.entities;
  }

  /** The functions of a kind that connected instances know. */
  known(kind: Kind): string[] {
    return this.#queue.known(kind);
  }

  committed(): Promise<void> {
    return this.#store.committed();
  }

  ended(row: InstanceRow): boolean {
    return hasEnded(row.status);
  }

  history(row: InstanceRow): HistoryEvent[] {
    if (row.name === row.id && entityOf(row.id)) return [entityStarted(row)];
    return this.#store.history(row.key).flatMap(parseEvents);
  }

  query(query: { from: string; prefix: string; where: string; values: SQLInputValue[]; limit: number }): InstanceRow[] {
    return this.#store.list(query);
  }

  /** Starts an instance; answers the row of the one that runs under this id, if one does. */
  async start(request: StartRequest): Promise<InstanceRow | { readonly id: string }> {
    const id = request.id ?? newExecutionId();
    const running = this.find(id);
    if (running && !this.ended(running)) return running;
    const event = made.executionStarted(
      {
        instance: { InstanceId: id, ExecutionId: request.restart ? newExecutionId() : newClientExecutionId() },
        name: request.name,
        version: request.version ?? this.#versioning.defaultVersion ?? null,
        input: request.input,
        parent: null,
        generation: running ? (running.generation ?? 0) + 1 : 0,
      },
      this.#dispatch.stamps.next(),
    );
    this.#dispatch.start(event);
    await this.#store.committed();
    return { id };
  }

  raise(id: string, name: string, input: string): Promise<Told> {
    return this.#tell(id, made.eventRaised(name, input, this.#dispatch.stamps.next()));
  }

  async terminate(id: string, reason: string | null): Promise<Told> {
    if (this.#dispatch.endUnrunnable(id, reason)) {
      await this.#store.committed();
      return "accepted";
    }
    return this.#tell(id, made.executionTerminated(reason, this.#dispatch.stamps.next()));
  }

  suspend(id: string, reason: string | null): Promise<Told> {
    return this.#tell(id, made.executionSuspended(reason, this.#dispatch.stamps.next()));
  }

  resume(id: string, reason: string | null): Promise<Told> {
    return this.#tell(id, made.executionResumed(reason, this.#dispatch.stamps.next()));
  }

  /** Takes the failures out of a failed instance's history, and its failed children's, and runs it again from there. */
  async rewind(id: string, reason: string | null): Promise<void> {
    const orchestration = this.#dispatch.load(id);
    if (!orchestration) return;
    const { events, children } = rewound(orchestration.events);
    orchestration.rewrite(events);
    // The output stays what it was, the failure, until there is another.
    orchestration.row.status = "Pending";
    orchestration.row.updated = this.#dispatch.stamps.next();
    this.#store.save(orchestration.row);
    for (const child of children) await this.rewind(child, reason);
    // Only what failed itself is woken; its parents go on when it has ended well.
    if (children.length === 0) this.#dispatch.send(id, null, made.genericEvent(reason, this.#dispatch.stamps.next()));
    await this.#store.committed();
  }

  async purge(rows: readonly InstanceRow[]): Promise<void> {
    for (const row of rows) {
      this.#dispatch.forget(row.id);
      this.#store.remove(row);
    }
    await this.#store.committed();
  }

  async #tell(id: string, event: HistoryEvent): Promise<Told> {
    const row = this.find(id);
    if (!row) return "missing";
    if (this.ended(row)) return "ended";
    this.#dispatch.send(id, null, event);
    await this.#store.committed();
    return "accepted";
  }
}

/** An entity begins anew with each batch, so its history is only that beginning. */
function entityStarted({ id, execution, input, created }: InstanceRow): HistoryEvent {
  const instance = { InstanceId: id, ExecutionId: execution };
  return made.executionStarted({ instance, name: id, version: null, input, parent: null, generation: null }, created);
}
