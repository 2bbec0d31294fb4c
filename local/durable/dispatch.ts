import type { Busy, Clock } from "../clock/virtual-clock.ts";
import { activityEvent } from "./activity-event.ts";
import { type Answer, answerOf } from "./answer.ts";
import { HTTP_ACTIVITY } from "./calls.ts";
import { Entities } from "./entities.ts";
import { decide } from "./episode.ts";
import type { ExecutionStarted, HistoryEvent } from "./history.ts";
import { type HttpOutcome, runHttp } from "./http-activity.ts";
import { Orchestration } from "./orchestration.ts";
import type { ActivityCall, Outgoing } from "./outgoing.ts";
import { unknownFunction } from "./problems.ts";
import { dueMsOf, Stamps } from "./stamp.ts";
import type { InstanceRow, Message, Store } from "./store.ts";
import { Timers } from "./timers.ts";
import { activityText, triggerText } from "./trigger.ts";
import { runsVersion, type Versioning, versionMismatch } from "./versioning.ts";
import type { Knows } from "./walk.ts";
import type { WorkItem, WorkQueue } from "./work-queue.ts";
import type { Outcome } from "./worker.ts";

export interface DispatchOptions {
  readonly store: Store;
  readonly queue: WorkQueue;
  readonly clock: Clock;
  readonly busy: Busy;
  readonly versioning: Versioning;
  readonly log: (message: string) => void;
  /** How many idle instances stay in memory. */
  readonly cached: number;
}

/** Brings messages to instances, episodes and activities to workers, and what they answer back into the store. */
export class Dispatch {
  readonly stamps: Stamps;
  readonly entities: Entities;
  readonly #options: DispatchOptions;
  readonly #loaded = new Map<string, Orchestration>();
  readonly #timers: Timers;
  /** Ready, but only to be handed out once what made them ready is in the file. */
  #ready: (() => void)[] = [];

  constructor(options: DispatchOptions) {
    this.#options = options;
    this.stamps = new Stamps(options.clock);
    this.entities = new Entities(options.store, options.queue, this);
    this.#timers = new Timers(options.clock, (message) => this.deliver(message));
  }

  /** Takes up what waited when the store was opened. */
  resume(): void {
    for (const message of this.#options.store.messages()) this.#route(message);
  }

  close(): void {
    this.#timers.clear();
  }

  find(id: string): InstanceRow | undefined {
    return this.#loaded.get(id)?.row ?? this.#options.store.find(id);
  }

  load(id: string): Orchestration | undefined {
    const known = this.#loaded.get(id);
    if (known) {
      this.#loaded.delete(id);
      this.#loaded.set(id, known);
      return known;
    }
    const row = this.#options.store.find(id);
    return row && this.#keep(new Orchestration(row, this.#options.store));
  }

  forget(id: string): void {
    this.#loaded.delete(id);
    this.#timers.cancel(id);
  }

  /** Makes an instance, or begins an ended one anew, and queues its start. */
  start(event: ExecutionStarted): void {
    const { store } = this.#options;
    const { InstanceId: id, ExecutionId: execution } = event.OrchestrationInstance;
    const old = this.load(id);
    const row: InstanceRow = {
      key: old?.row.key ?? store.newKey(),
      id,
      name: event.Name,
      version: event.Version,
      execution,
      generation: event.Generation,
      parent: event.ParentInstance,
      status: "Pending",
      input: event.Input,
      // A client's start makes the row anew; a child's is merged into it, and nothing yet stands for its output.
      output: event.ParentInstance ? (old?.row.output ?? null) : null,
      customStatus: null,
      created: event.Timestamp,
      updated: event.Timestamp,
    };
    if (old) this.#replace(old);
    store.save(row);
    this.#keep(new Orchestration(row, store, []));
    this.send(id, execution, event);
  }

  /** What was there under the id is gone, even if it runs: its timers, its messages, and what it is still answering. */
  #replace(old: Orchestration): void {
    this.#options.store.clearHistory(old.row.key);
    this.#dropTimers(old.row.id);
    old.emptyInbox();
  }

  #dropTimers(instance: string): void {
    for (const id of this.#timers.cancel(instance)) this.#options.store.dropMessage(id);
  }

  /** Queues an event for an instance. */
  send(instance: string, execution: string | null, event: HistoryEvent): void {
    const body = JSON.stringify(event);
    this.deliver(this.#options.store.newMessage({ instance, execution, kind: "event", due: null, body }));
  }

  /** Ends an instance that no host would run, for want of its version: nobody else could. True if it was one. */
  endUnrunnable(id: string, reason: string | null): boolean {
    const orchestration = this.load(id);
    if (orchestration?.row.status !== "Pending") return false;
    if (runsVersion(this.#options.versioning, orchestration.row.version)) return false;
    orchestration.terminate(reason, this.stamps.next());
    this.#rest(orchestration);
    return true;
  }

  deliver(message: Message): void {
    const orchestration = this.load(message.instance);
    if (!orchestration || orchestration.ended) {
      this.#options.store.dropMessage(message.id);
      return;
    }
    orchestration.inbox.push(message);
    this.#wake(orchestration);
  }

  #route(message: Message): void {
    if (message.kind === "activity") this.#callActivity(message);
    else if (message.kind === "entity") this.entities.deliver(message);
    else if (message.due !== null) this.#timers.add(message);
    else this.deliver(message);
  }

  #keep(orchestration: Orchestration): Orchestration {
    this.#loaded.set(orchestration.row.id, orchestration);
    if (this.#loaded.size > this.#options.cached) {
      for (const [id, old] of this.#loaded) {
        if (old === orchestration || old.state !== "idle" || old.inbox.length > 0) continue;
        this.#loaded.delete(id);
        break;
      }
    }
    return orchestration;
  }

  /** Runs that once what was changed so far is in the file; until then the clock counts it as under way. */
  whenCommitted(what: string, run: () => void): void {
    const close = this.#options.busy.open(`durable ${what}`);
    this.#later(() => {
      run();
      close();
    });
  }

  #later(run: () => void): void {
    if (this.#ready.length === 0) {
      this.#options.store.afterCommit(() => {
        const ready = this.#ready;
        this.#ready = [];
        for (const one of ready) one();
        this.#options.queue.pump();
      });
    }
    this.#ready.push(run);
  }

  #wake(orchestration: Orchestration): void {
    if (orchestration.state !== "idle") return;
    const { queue, versioning } = this.#options;
    const { row } = orchestration;
    if (!runsVersion(versioning, row.version)) {
      if (versioning.versionFailureStrategy !== "Fail") return;
      this.whenCommitted("orchestrator", () => this.#takeIn(orchestration));
      return;
    }
    orchestration.state = "queued";
    const why = () => unknownFunction(row.name, "orchestrator", queue.known("orchestrator"));
    const item: WorkItem = {
      kind: "orchestrator",
      name: row.name,
      run: async (worker) => {
        if (this.#isGone(orchestration)) return () => undefined;
        orchestration.state = "running";
        const fresh = orchestration.take(this.stamps);
        if (fresh.length === 0) return () => this.#rest(orchestration);
        const parts = orchestration.trigger(fresh);
        const outcome = await worker.runOrchestrator(row.name, row.id, triggerText(parts), parts);
        return () => this.#takeIn(orchestration, answerOf(outcome));
      },
      // Never begun: it fails as on the host. One that was begun waits for a build that knows it.
      ...(orchestration.isNew && {
        unknown: () => this.#takeIn(orchestration, answerOf({ kind: "threw", message: why() })),
      }),
    };
    this.whenCommitted("orchestrator", () => queue.push(item));
  }

  /** Purged, or another instance has its id, while an episode was under way. */
  #isGone(orchestration: Orchestration): boolean {
    return this.#loaded.get(orchestration.row.id) !== orchestration;
  }

  /** Without an answer, for it was not asked, an instance fails for its version. */
  #takeIn(orchestration: Orchestration, answer?: Answer): void {
    if (this.#isGone(orchestration)) return;
    const fresh = orchestration.take(this.stamps);
    const knows: Knows = (kind, name) => this.#options.queue.knows(kind, name);
    const defaultVersion = this.#options.versioning.defaultVersion ?? null;
    const events = [...orchestration.events, ...fresh];
    const decisions = answer
      ? decide({ events, answer, knows, defaultVersion })
      : [versionMismatch(orchestration.events.length)];
    const { id, execution } = orchestration.row;
    const outgoing = orchestration.commit(answer?.customStatus ?? null, decisions, this.stamps);
    const over = orchestration.ended || orchestration.continues;
    if (over) this.#dropTimers(id);
    for (const one of outgoing) if (!over || one.kind !== "timer") this.#send(id, execution, one);
    this.#rest(orchestration);
  }

  #rest(orchestration: Orchestration): void {
    orchestration.state = "idle";
    if (orchestration.ended) {
      orchestration.emptyInbox();
      this.#loaded.delete(orchestration.row.id);
    } else if (orchestration.continues || orchestration.inbox.length > 0) this.#wake(orchestration);
  }

  #send(instance: string, execution: string, one: Outgoing): void {
    const { store } = this.#options;
    switch (one.kind) {
      case "activity": {
        const body = JSON.stringify(one.call);
        this.#callActivity(store.newMessage({ instance, execution, kind: "activity", due: null, body }));
        return;
      }
      case "timer": {
        const body = JSON.stringify(one.event);
        const due = dueMsOf(one.event.FireAt);
        this.#timers.add(store.newMessage({ instance, execution, kind: "event", due, body }));
        return;
      }
      case "start":
        // As on the host, which looks for duplicates of clients only, a child takes its id even from one that runs.
        this.start(one.event);
        return;
      case "entity":
        this.entities.sendEvent(one.to, one.name, one.input);
        return;
      case "parent":
        this.send(one.to, one.execution, one.event);
    }
  }

  #callActivity(message: Message): void {
    const call = JSON.parse(message.body) as ActivityCall;
    if (call.name === HTTP_ACTIVITY) {
      const close = this.#options.busy.open("durable http");
      this.#later(() => {
        void runHttp(call.input ?? "{}").then((outcome) => {
          this.#activityDone(message, call, outcome);
          close();
        });
      });
      return;
    }
    const item: WorkItem = {
      kind: "activity",
      name: call.name,
      run: async (worker) => {
        const outcome = await worker.runActivity(call.name, message.instance, activityText(call.input));
        return () => this.#activityDone(message, call, outcome);
      },
    };
    this.whenCommitted("activity", () => this.#options.queue.push(item));
  }

  #activityDone(message: Message, call: ActivityCall, outcome: Outcome | HttpOutcome): void {
    const event = activityEvent(call, outcome, this.stamps.next());
    // The same message, now the answer: killed between, the activity runs again or its answer is there.
    const answer: Message = { ...message, kind: "event", body: JSON.stringify(event) };
    this.#options.store.putMessage(answer);
    this.deliver(answer);
  }
}
