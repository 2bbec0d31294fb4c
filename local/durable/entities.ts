import { randomUUID } from "node:crypto";
import { type BatchAnswer, EntityInMemory, type EntityMessage, type EntityState, type Waiting } from "./entity.ts";
import { type EntityRelease, type EntityRequest, entityOf, responseText, schedulerId } from "./entity-messages.ts";
import * as made from "./events.ts";
import type { HistoryEvent } from "./history.ts";
import { newExecutionId } from "./ids.ts";
import { received, sent } from "./message-sorter.ts";
import type { Stamps } from "./stamp.ts";
import type { InstanceRow, Message, Store } from "./store.ts";
import type { WorkQueue } from "./work-queue.ts";
import type { Outcome } from "./worker.ts";

/** What entities need of those who bring messages to orchestrations. */
export interface Surroundings {
  readonly stamps: Stamps;
  whenCommitted(what: string, run: () => void): void;
  send(instance: string, execution: string | null, event: HistoryEvent): void;
}

/** Entities: each does what it is sent one batch at a time, in order, and may be locked by one orchestration. */
export class Entities {
  readonly #store: Store;
  readonly #queue: WorkQueue;
  readonly #dispatch: Surroundings;
  readonly #loaded = new Map<string, EntityInMemory>();

  constructor(store: Store, queue: WorkQueue, dispatch: Surroundings) {
    this.#store = store;
    this.#queue = queue;
    this.#dispatch = dispatch;
  }

  /** The function's name as its build spells it; entities go by it in lower case. */
  functionOf(name: string): string | undefined {
    return this.#queue.known("entity").find((known) => known.toLowerCase() === name.toLowerCase());
  }

  /** Sends an operation that nobody waits for. */
  signal(to: string, op: string, input: string | undefined): void {
    const request = { op, signal: true, id: randomUUID(), ...(input !== undefined && { input }) };
    this.send(to, { request });
  }

  send(to: string, content: EntityMessage): void {
    const body = JSON.stringify(content);
    this.deliver(this.#store.newMessage({ instance: to, execution: null, kind: "entity", due: null, body }));
  }

  /** Takes an event that an orchestration sent: the texts are those of its history. */
  sendEvent(to: string, name: string, input: string): void {
    const { $type: _, ...content } = JSON.parse(input) as { $type: string } & EntityRequest & EntityRelease;
    this.send(to, name === "release" ? { release: content } : { request: content });
  }

  deliver(message: Message): void {
    const entity = this.#load(message.instance);
    if (!entity) {
      this.#store.dropMessage(message.id);
      return;
    }
    entity.waiting.push({ message, content: JSON.parse(message.body) as EntityMessage });
    this.#work(entity);
  }

  /** The state of an entity that exists, as JSON text. */
  stateOf(row: InstanceRow): EntityState {
    return JSON.parse(row.input ?? '{"exists":false}') as EntityState;
  }

  #load(id: string): EntityInMemory | undefined {
    const known = this.#loaded.get(id);
    if (known) return known;
    const name = entityOf(id);
    if (!name) return undefined;
    const entity = new EntityInMemory(this.#store.find(id) ?? this.#create(id), name);
    this.#loaded.set(id, entity);
    return entity;
  }

  #create(id: string): InstanceRow {
    const now = this.#dispatch.stamps.next();
    return {
      key: this.#store.newKey(),
      id,
      name: id,
      version: null,
      execution: newExecutionId(),
      generation: null,
      parent: null,
      status: "Running",
      input: JSON.stringify({ exists: false }),
      output: null,
      customStatus: JSON.stringify({ entityExists: false }),
      created: now,
      updated: now,
    };
  }

  #work(entity: EntityInMemory): void {
    while (!entity.busy) {
      const next = entity.next();
      const [first] = next;
      if (!first) {
        if (entity.waiting.length === 0) this.#loaded.delete(entity.row.id);
        return;
      }
      if ("release" in first.content) this.#unlock(entity, first);
      else if (first.content.request.op === null) this.#lock(entity, first, first.content.request);
      else this.#run(entity, next);
    }
  }

  #lock(entity: EntityInMemory, waiting: Waiting, request: EntityRequest): void {
    const { lockset = [], pos = 0, parent = "", parentExecution = null, id } = request;
    entity.state = { ...entity.state, lockedBy: parent, sorter: received(entity.state.sorter ?? {}, request) };
    this.#done(entity, [waiting]);
    const next = lockset[pos + 1];
    if (next) this.send(schedulerId(next), { request: { ...request, pos: pos + 1 } });
    else this.#respond(parent, parentExecution, id, responseText("Lock Acquisition Completed"));
  }

  #unlock(entity: EntityInMemory, waiting: Waiting): void {
    const { lockedBy: _, ...unlocked } = entity.state;
    entity.state = unlocked;
    this.#done(entity, [waiting]);
  }

  #run(entity: EntityInMemory, batch: readonly Waiting[]): void {
    entity.busy = true;
    const requests = batch.flatMap(({ content }) => ("request" in content ? [content.request] : []));
    const name = this.functionOf(entity.name.name) ?? entity.name.name;
    this.#dispatch.whenCommitted("entity", () => {
      this.#queue.push({
        kind: "entity",
        name,
        run: async (worker) => {
          const outcome = await worker.runEntity(name, entity.row.id, entity.trigger(requests));
          return () => this.#takeIn(entity, batch, requests, outcome);
        },
      });
    });
  }

  #takeIn(
    entity: EntityInMemory,
    batch: readonly Waiting[],
    requests: readonly EntityRequest[],
    outcome: Outcome,
  ): void {
    const before = entity.state;
    const answer = answerOf(outcome, requests.length, before);
    const { lockedBy } = before;
    let sorter = requests.reduce(received, before.sorter ?? {});
    const now = this.#dispatch.stamps.next();
    const signals = answer.signals.map(({ target, name: op, input }) => {
      const to = schedulerId(target);
      const { sorter: next, ...label } = sent(sorter, to, now);
      sorter = next;
      const request = { op, signal: true, id: randomUUID(), parent: entity.row.id, ...label };
      return { to, request: { ...request, ...(input !== undefined && { input }) } };
    });
    entity.state = {
      exists: answer.entityExists,
      ...(answer.entityState !== undefined && { state: answer.entityState }),
      ...(lockedBy !== undefined && { lockedBy }),
      sorter,
    };
    this.#done(entity, batch);
    requests.forEach(({ signal, parent, parentExecution, id }, i) => {
      if (signal || parent === undefined) return;
      const { result = null, isError } = answer.results[i] ?? {};
      this.#respond(parent, parentExecution ?? null, id, responseText(result, isError ? "Error" : undefined));
    });
    for (const { to, request } of signals) this.send(to, { request });
    entity.busy = false;
    this.#work(entity);
  }

  #done(entity: EntityInMemory, batch: readonly Waiting[]): void {
    entity.waiting = entity.waiting.filter((waiting) => !batch.includes(waiting));
    for (const { message } of batch) this.#store.dropMessage(message.id);
    const now = this.#dispatch.stamps.next();
    entity.row.created = now;
    entity.row.updated = now;
    this.#store.save(entity.row);
  }

  #respond(to: string, execution: string | null, id: string, text: string): void {
    this.#dispatch.send(to, execution, made.eventRaised(id, text, this.#dispatch.stamps.next()));
  }
}

/** A function that failed as a whole fails each operation and changes nothing. */
function answerOf(outcome: Outcome, operations: number, { exists, state }: EntityState): BatchAnswer {
  if (outcome.kind === "returned" && outcome.value !== undefined) return JSON.parse(outcome.value) as BatchAnswer;
  const result = JSON.stringify(outcome.kind === "threw" ? outcome.message : "The entity function returned nothing.");
  return {
    results: Array.from({ length: operations }, () => ({ isError: true, result })),
    signals: [],
    entityExists: exists,
    ...(state !== undefined && { entityState: state }),
  };
}
