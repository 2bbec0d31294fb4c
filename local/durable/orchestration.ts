import type { Completion, Decision } from "./decision.ts";
import * as made from "./events.ts";
import { eventsText, type HistoryEvent, parseEvents } from "./history.ts";
import { newExecutionId } from "./ids.ts";
import { carriedOut, type Outgoing } from "./outgoing.ts";
import type { Stamp, Stamps } from "./stamp.ts";
import { hasEnded, type InstanceRow, type Message, type Store } from "./store.ts";
import { triggerParts } from "./trigger.ts";
import type { TriggerParts } from "./worker.ts";

let histories = 0;

/** One instance in memory: its row, its history as text and as events, and what it has yet to take in. */
export class Orchestration {
  readonly row: InstanceRow;
  /** Messages that arrived and that no episode has taken. */
  inbox: Message[] = [];
  state: "idle" | "queued" | "running" = "idle";
  /** Another number for each text that does not go on from what was there before. */
  #history = ++histories;
  /** Never read here: so it stays a chain of its pieces, which costs nothing to make longer. */
  #past: string;
  #pieces: string[];
  #events: HistoryEvent[];
  #episode: { readonly fresh: readonly HistoryEvent[]; readonly ids: readonly number[] } | undefined;
  readonly #store: Store;

  constructor(row: InstanceRow, store: Store, kept = store.history(row.key)) {
    this.row = row;
    this.#store = store;
    this.#past = kept.join(",");
    this.#pieces = this.#past === "" ? [] : [this.#past];
    this.#events = parseEvents(this.#past);
  }

  get events(): readonly HistoryEvent[] {
    return this.#events;
  }

  /** It goes on as new, and its next episode is there already. */
  get continues(): boolean {
    return this.#episode !== undefined;
  }

  get ended(): boolean {
    return hasEnded(this.row.status);
  }

  /** It has not begun. A rewound instance is Pending too, but has a history; one that continues as new has none. */
  get isNew(): boolean {
    return this.row.status === "Pending" && this.#events.length === 0;
  }

  /** The events of the episode to come: what has arrived for this execution. Their messages go when it is committed. */
  take(stamps: Stamps): readonly HistoryEvent[] {
    if (this.#episode) return this.#episode.fresh;
    const taken: HistoryEvent[] = [];
    const ids: number[] = [];
    for (const message of this.inbox) {
      if (message.execution === null || message.execution === this.row.execution) {
        taken.push(JSON.parse(message.body) as HistoryEvent);
        ids.push(message.id);
      } else this.#store.dropMessage(message.id);
    }
    this.inbox = [];
    if (taken.length === 0) return [];
    // A new execution starts with its own event, whatever overtook it.
    taken.sort((a, b) => Number(b.EventType === 0) - Number(a.EventType === 0));
    const fresh = [made.orchestratorStarted(stamps.next()), ...taken];
    this.#episode = { fresh, ids };
    return fresh;
  }

  /** Drops what arrived and will never be taken. */
  emptyInbox(): void {
    for (const { id } of this.inbox) this.#store.dropMessage(id);
    this.inbox = [];
  }

  trigger(fresh: readonly HistoryEvent[]): TriggerParts {
    return triggerParts(this.#history, this.row, { past: this.#past, pieces: this.#pieces }, fresh);
  }

  /** Writes what the episode that was taken brought into history and row, and answers what is to be sent. */
  commit(customStatus: string | null, decisions: readonly Decision[], stamps: Stamps): Outgoing[] {
    const { fresh, ids } = this.#episode ?? { fresh: [], ids: [] };
    this.#episode = undefined;
    for (const id of ids) this.#store.dropMessage(id);
    for (const event of fresh) event.IsPlayed = event.EventType !== 12;
    const { row } = this;
    for (const event of fresh) follow(row, event);
    row.customStatus = customStatus;
    this.#store.save(row);
    const results = decisions.map((decision) => carriedOut(decision, row, stamps));
    const all = [...fresh, ...results.flatMap(({ event }) => event ?? [])];
    if (all.at(-1)?.EventType !== 13) all.push(made.orchestratorCompleted(stamps.next()));
    row.updated = stamps.next();
    const end = decisions.find(isCompletion);
    if (end?.kind === "continueAsNew") {
      this.#continue(end, stamps);
    } else {
      this.#append(all);
      if (end) {
        row.status = end.status;
        row.output = end.failure ? `${end.failure.ErrorType}: ${end.failure.ErrorMessage}` : end.result;
      }
    }
    return results.flatMap(({ send }) => send ?? []);
  }

  /** Begins an execution anew: a client's start over an ended one, or continueAsNew. */
  restart(execution: string): void {
    this.row.execution = execution;
    this.#store.clearHistory(this.row.key);
    this.#history = ++histories;
    this.#past = "";
    this.#pieces = [];
    this.#events = [];
  }

  /** Ends it without an episode. */
  terminate(reason: string | null, at: Stamp): void {
    Object.assign(this.row, { status: "Terminated", output: reason, updated: at } satisfies Partial<InstanceRow>);
    this.#store.save(this.row);
  }

  /** Puts other events in the place of the history: rewind. */
  rewrite(events: readonly HistoryEvent[]): void {
    this.restart(this.row.execution);
    this.#append(events);
  }

  #append(events: readonly HistoryEvent[]): void {
    const text = eventsText(events);
    this.#past = this.#past === "" ? text : `${this.#past},${text}`;
    this.#pieces.push(text);
    this.#events.push(...events);
    this.#store.appendHistory(this.row.key, text);
  }

  /** The next execution's first episode runs at once; should the platform die before it, the messages begin it. */
  #continue(end: Extract<Completion, { kind: "continueAsNew" }>, stamps: Stamps): void {
    const { row } = this;
    this.restart(newExecutionId());
    const instance = { InstanceId: row.id, ExecutionId: row.execution };
    const { name, version, parent } = row;
    const opening = { instance, name, version, parent, input: end.input, generation: null };
    const start = made.executionStarted(opening, stamps.next());
    row.input = end.input;
    row.created = start.Timestamp;
    row.status = "Running";
    const ids = [start, ...end.carried].map((event) => {
      const body = JSON.stringify(event);
      return this.#store.newMessage({ instance: row.id, execution: row.execution, kind: "event", due: null, body }).id;
    });
    const first = made.orchestratorStarted(stamps.next());
    const last = made.orchestratorCompleted(stamps.next());
    this.#episode = { fresh: [first, start, ...end.carried, last], ids };
  }
}

/** Only these events change the state: one that was rewound has begun before, so it stays Pending until it ends. */
function follow(row: InstanceRow, event: HistoryEvent): void {
  if (event.EventType === 0) row.status = "Running";
  if (event.EventType === 19) row.status = "Suspended";
  else if (event.EventType === 20) row.status = "Running";
  else return;
  row.output = event.Reason;
}

function isCompletion(decision: Decision): decision is Completion {
  return decision.kind === "complete" || decision.kind === "continueAsNew";
}
