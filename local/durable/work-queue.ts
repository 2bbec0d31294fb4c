import type { Busy } from "../clock/virtual-clock.ts";
import { InstanceGone, type Worker } from "./worker.ts";

export type Kind = "orchestrator" | "activity" | "entity";

/** One thing to do on some instance that knows the function. */
export interface WorkItem {
  readonly kind: Kind;
  readonly name: string;
  /** Does it and answers how to take in the result; called again elsewhere if the instance dies before that. */
  run(worker: Worker): Promise<() => void>;
  /** Called, and the item dropped, when instances are connected but none knows the function. Without it, it waits. */
  unknown?(): void;
}

/** How many of each kind one instance is given at a time (host.json: `maxConcurrent…Functions`). */
export interface Limits {
  readonly orchestrator: number;
  readonly activity: number;
  readonly entity: number;
}

interface Attached {
  readonly worker: Worker;
  readonly inFlight: Record<Kind, number>;
  /** What to call when the instance is gone, whether or not it answers for what it had: one for each item it has. */
  readonly lost: Set<(reason: InstanceGone) => void>;
}

interface Queued {
  readonly item: WorkItem;
  /** Marks the clock busy while the item can still be done. */
  close: (() => void) | undefined;
}

/** An instance that answers with a fault of its own is not asked again at once. */
const PAUSE_AFTER_FAULT_MS = 1000;

/** Hands work to the instances that are connected: oldest first for each function, to the one with least to do. */
export class WorkQueue {
  readonly #limits: Limits;
  readonly #busy: Busy;
  readonly #attached = new Set<Attached>();
  readonly #waiting = new Map<string, Queued[]>();
  readonly #log: (message: string) => void;
  #closed = false;

  constructor(limits: Limits, busy: Busy, log: (message: string) => void) {
    this.#limits = limits;
    this.#busy = busy;
    this.#log = log;
  }

  get anyAttached(): boolean {
    return this.#attached.size > 0;
  }

  attach(worker: Worker): () => void {
    const attached: Attached = { worker, inFlight: { orchestrator: 0, activity: 0, entity: 0 }, lost: new Set() };
    this.#attached.add(attached);
    this.#mark();
    this.pump();
    return () => {
      if (!this.#attached.delete(attached)) return;
      for (const tell of attached.lost) tell(new InstanceGone(worker.id));
      this.#mark();
    };
  }

  /** Hands out nothing more, and takes in nothing of what is still under way. */
  close(): void {
    this.#closed = true;
  }

  /** Whether a connected instance's build has the function. */
  knows(kind: Kind, name: string): boolean {
    for (const { worker } of this.#attached) if (has(worker, kind, name)) return true;
    return false;
  }

  /** All functions of a kind that connected instances know. */
  known(kind: Kind): string[] {
    const names = new Set<string>();
    for (const { worker } of this.#attached)
      for (const name of worker.functions) if (has(worker, kind, name)) names.add(name);
    return [...names];
  }

  push(item: WorkItem): void {
    this.#enqueue({ item, close: undefined }, false);
  }

  /** Hands out what can be handed out. */
  pump(): void {
    if (this.#closed) return;
    for (const [key, queue] of this.#waiting) {
      let queued = queue[0];
      while (queued) {
        const to = this.#pick(queued.item);
        if (!to) break;
        queue.shift();
        this.#hand(queued, to);
        queued = queue[0];
      }
      if (queue.length === 0) this.#waiting.delete(key);
    }
  }

  #enqueue(queued: Queued, first: boolean): void {
    if (queued.item.unknown && !this.#open(queued.item)) {
      queued.item.unknown();
      queued.close?.();
      return;
    }
    const key = `${queued.item.kind} ${queued.item.name}`;
    const queue = this.#waiting.get(key);
    if (!queue) this.#waiting.set(key, [queued]);
    else if (first) queue.unshift(queued);
    else queue.push(queued);
    if (this.#open(queued.item)) queued.close ??= this.#busy.open(`durable ${queued.item.kind}`);
  }

  #pick({ kind, name }: WorkItem): Attached | undefined {
    let best: Attached | undefined;
    for (const attached of this.#attached) {
      if (attached.inFlight[kind] >= this.#limits[kind] || !has(attached.worker, kind, name)) continue;
      if (!best || attached.inFlight[kind] < best.inFlight[kind]) best = attached;
    }
    return best;
  }

  #hand(queued: Queued, to: Attached): void {
    const { item } = queued;
    queued.close ??= this.#busy.open(`durable ${item.kind}`);
    to.inFlight[item.kind]++;
    // Not a race with one long-lived promise: that would keep something of every item until the instance is gone.
    const { promise, resolve, reject } = Promise.withResolvers<() => void>();
    to.lost.add(reject);
    item.run(to.worker).then(resolve, reject);
    promise
      .finally(() => {
        to.lost.delete(reject);
        to.inFlight[item.kind]--;
      })
      .then(
        (takeIn) => this.#takeIn(queued, takeIn),
        (fault: unknown) => this.#again(queued, fault),
      );
  }

  #takeIn(queued: Queued, takeIn: () => void): void {
    if (this.#closed) return;
    try {
      takeIn();
    } catch (fault) {
      // One instance's history that cannot be worked on must not stop the others.
      this.#log(`durable ${queued.item.kind} ${queued.item.name}: ${fault instanceof Error ? fault.stack : fault}`);
    }
    queued.close?.();
    if (this.#waiting.size > 0) this.pump();
  }

  #again(queued: Queued, fault: unknown): void {
    const { kind, name } = queued.item;
    const hand = (): void => {
      this.#enqueue(queued, true);
      this.pump();
    };
    if (fault instanceof InstanceGone) {
      hand();
      return;
    }
    this.#log(`durable ${kind} ${name}: ${String(fault)}`);
    setTimeout(hand, PAUSE_AFTER_FAULT_MS);
  }

  /** Work that nobody connected can ever do must not hold the clock; with nobody connected, somebody is awaited. */
  #open(item: WorkItem): boolean {
    return !this.anyAttached || this.knows(item.kind, item.name);
  }

  #mark(): void {
    for (const [key, queue] of [...this.#waiting]) {
      this.#waiting.delete(key);
      for (const queued of queue) {
        const before = queued.close;
        queued.close = undefined;
        this.#enqueue(queued, false);
        before?.();
      }
    }
  }
}

function has(worker: Worker, kind: Kind, name: string): boolean {
  return worker.functions.has(name) && (worker.kinds?.get(name) ?? kind) === kind;
}
