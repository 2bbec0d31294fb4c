import type { Completion, Decision } from "./decision.ts";
import { ExternalEvents } from "./external-events.ts";
import type { EventRaised, HistoryEvent, OrchestrationInstance } from "./history.ts";
import { misfit, type Scheduled } from "./misfit.ts";
import type { Stamp } from "./stamp.ts";
import { Task } from "./task.ts";

/**
 * One execution replayed from its history: hands out sequence numbers, matches the history against what the code
 * asks for now, and keeps what is new. Rules and texts are DurableTask's `TaskOrchestrationContext`.
 */
export class EngineContext {
  readonly instance: OrchestrationInstance;
  readonly externalEvents = new ExternalEvents();
  /** The time of the episode that is being replayed: the last OrchestratorStarted. */
  now: Stamp = "";
  readonly #decisions = new Map<number, Decision>();
  readonly #open = new Map<number, Task>();
  #nextId = 0;
  #suspended = false;
  #held: HistoryEvent[] = [];
  /** What was decided and not yet carried out when the instance was suspended: it waits for the resume. */
  #shelved: Decision[] = [];
  #next: { input: string | null; carried: EventRaised[] } | undefined;
  #ended = false;

  constructor(instance: OrchestrationInstance) {
    this.instance = instance;
  }

  /** What is new, in order of its sequence numbers. */
  get decisions(): Decision[] {
    return [...this.#decisions.values()];
  }

  get suspended(): boolean {
    return this.#suspended;
  }

  /** While an activity, timer or child is open, the instance neither ends nor continues as new. */
  get hasOpenTasks(): boolean {
    return this.#open.size > 0;
  }

  activity(name: string, input: unknown): Task {
    return this.#schedule({ kind: "activity", id: this.#nextId++, name, input });
  }

  sub(name: string, instanceId: string | undefined, input: unknown, version: string | null): Task {
    const id = this.#nextId++;
    const child = instanceId || `${this.instance.ExecutionId}:${id}`;
    return this.#schedule({ kind: "sub", id, name, instanceId: child, input, version });
  }

  timer(fireAt: Stamp): { readonly task: Task; cancel(): void } {
    const id = this.#nextId++;
    const task = this.#schedule({ kind: "timer", id, fireAt });
    return {
      task,
      cancel: () => {
        // The durable timer stays and will fire; only nobody waits for it any more.
        this.#open.delete(id);
        task.settle({ ok: false, reason: "A task was canceled." });
      },
    };
  }

  send(instanceId: string, name: string, input: string): void {
    const id = this.#nextId++;
    this.#decisions.set(id, { kind: "send", id, instanceId, name, input });
  }

  continueAsNew(input: string | null): void {
    this.#next = { input, carried: this.#next?.carried ?? [] };
  }

  complete(status: "Completed" | "Failed" | "Terminated", result: string | null, details: string | null): void {
    if (this.#ended || (this.#suspended && status !== "Terminated")) return;
    this.#ended = true;
    const id = this.#nextId++;
    const end: Completion =
      status === "Completed" && this.#next
        ? { kind: "continueAsNew", id, input: this.#next.input, carried: this.#next.carried }
        : { kind: "complete", id, status, result, details };
    this.#decisions.set(id, end);
  }

  /** Takes one event of the history; throws NonDeterministic where the code no longer fits it. */
  process(event: HistoryEvent): void {
    if (this.#suspended && event.EventType !== 20 && event.EventType !== 3) {
      // Suspended twice is suspended once, one resume ends it.
      if (event.EventType !== 19) this.#held.push(event);
      return;
    }
    switch (event.EventType) {
      case 4:
        this.#matches(event, "activity");
        return;
      case 7:
        this.#matches(event, "sub");
        return;
      case 10:
        this.#matches(event, "timer");
        return;
      case 14:
        this.#matches(event, "send");
        return;
      case 5:
      case 8:
        this.#settle(event.TaskScheduledId, event.Result);
        return;
      case 6:
      case 9:
        this.#fail(event.TaskScheduledId, event.Reason);
        return;
      case 11:
        this.#settle(event.TimerId, null);
        return;
      case 15:
        if (this.#next) this.#next.carried.push(event);
        else this.externalEvents.raise(event.Name, event.Input);
        return;
      case 3:
        this.complete("Terminated", event.Input, null);
        return;
      case 19:
        this.#suspended = true;
        this.#shelved.push(...this.#decisions.values());
        this.#decisions.clear();
        return;
      case 20:
        this.#resume();
        return;
      default:
        return;
    }
  }

  #schedule(decision: Decision): Task {
    const task = new Task();
    this.#decisions.set(decision.id, decision);
    this.#open.set(decision.id, task);
    return task;
  }

  #settle(id: number, value: string | null): void {
    const task = this.#open.get(id);
    if (!task) return; // a duplicate, or a cancelled timer
    task.settle({ ok: true, value });
    this.#open.delete(id);
  }

  #fail(id: number, reason: string): void {
    const task = this.#open.get(id);
    if (!task) return;
    task.settle({ ok: false, reason });
    this.#open.delete(id);
  }

  #resume(): void {
    this.#suspended = false;
    for (const decision of this.#shelved) this.#decisions.set(decision.id, decision);
    this.#shelved = [];
    const held = this.#held;
    this.#held = [];
    for (const event of held) this.process(event);
  }

  /** A past decision must be what the code decides now under the same sequence number. */
  #matches(event: Scheduled, kind: Decision["kind"]): void {
    const decision = this.#decisions.get(event.EventId);
    const name = "Name" in event ? event.Name : undefined;
    if (decision?.kind !== kind || !isNamed(decision, name)) throw misfit(event, kind, decision);
    this.#decisions.delete(event.EventId);
  }
}

/** Asked of each event of each replay: names are nearly always the same to the letter. */
function isNamed(decision: Decision, name: string | undefined): boolean {
  if (name === undefined || !("name" in decision) || decision.name === name) return true;
  return decision.name.toLowerCase() === name.toLowerCase();
}
