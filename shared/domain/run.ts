import type { TriggerEvent } from "./event.ts";
import type { Columns } from "./value.ts";

/** The result of a step's effect, or of its wait. */
export type Outcome =
  /** `survivor`: to whom the run's person became by a merge. */
  | { readonly kind: "sent"; readonly survivor?: true }
  | { readonly kind: "suppressed"; readonly reason: SuppressedReason }
  | { readonly kind: "failed"; readonly reason: string }
  /** 24 h without an answer from the provider: shown to operators; the run goes on as after `sent`. */
  | { readonly kind: "unknown" }
  | { readonly kind: "drew"; readonly code: string }
  | { readonly kind: "chose"; readonly arm: string }
  | { readonly kind: "elapsed" }
  | { readonly kind: "happened"; readonly event: TriggerEvent };

export type SuppressedReason = "no-consent" | "unsubscribed" | "no-address" | "inactive" | "person-missing";
export type HoldReason = "lease" | "throttled" | "no-answer" | "pool-empty" | "paused" | "dataverse";

/** Waits for something outside the journey. Times in state are milliseconds. */
export interface Hold {
  readonly until: number;
  readonly reason: HoldReason;
  /** When it began: lets an operator see how long. */
  readonly since: number;
}

export type EndedAs = "goal" | "exit" | "completed" | "stopped";

/** Everything a run is, JSON-safe. One row of the store; only the run's own activities write it. */
export interface RunState {
  /** Version of this row's shape; raised with a forward migration. */
  readonly schema: 1;
  readonly run: string;
  readonly member: string;
  readonly journey: string;
  readonly version: number;
  readonly enteredAt: number;
  /** Inbox rows from this time on are the run's. */
  readonly since: number;
  readonly entry: TriggerEvent;
  /** Where it stands; null once it ended. */
  readonly at: Standing | null;
  /** The step's effect is still to be made, or its wait runs until then. */
  readonly pending: { readonly kind: "act" } | { readonly kind: "wait"; readonly until: number } | null;
  readonly hold: Hold | null;
  /** The hold that its step was just let out of, to try again: the same once more is no news. */
  readonly held: Pick<Hold, "reason" | "since"> | null;
  readonly paused: boolean;
  readonly visits: Readonly<Record<string, number>>;
  readonly surveys: Readonly<Record<string, Columns>>;
  readonly codes: Readonly<Record<string, string>>;
  readonly awaited: Readonly<Record<string, TriggerEvent>>;
  /** Steps that migrations gave another name: old name → today's. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** Ids of events and commands that it took. */
  readonly taken: readonly string[];
  /** The last gate epoch that it followed. */
  readonly epoch: number;
  readonly ended: { readonly as: EndedAs; readonly name: string | null; readonly at: number } | null;
}

/** One visit of a step. */
export interface Standing {
  readonly step: string;
  readonly visit: number;
  readonly since: number;
  /** Where a migration renamed the step meanwhile: what the visit was called when it began. */
  readonly begunAs?: { readonly step: string; readonly visit: number };
}

/** What a run does next; the orchestrator carries it out. `until` is ISO 8601. */
export type Next =
  | { readonly kind: "act"; readonly seq: number; readonly status: Status }
  | { readonly kind: "wait"; readonly seq: number; readonly until: string; readonly status: Status }
  | { readonly kind: "end"; readonly seq: number; readonly status: Status };

/** The orchestration's custom status: plain words, no personal data. */
export interface Status {
  readonly journey: string;
  readonly step: string | null;
  readonly waitingFor: string | null;
  readonly until: string | null;
}

/** One thing that happened to a run, for its trace and for analytics. */
export interface Fact {
  readonly at: number;
  readonly kind: FactKind;
  readonly step: string | null;
  readonly visit: number | null;
  /** What kind says more: a reason, an arm, a trigger, a goal's name. No personal data. */
  readonly detail: string | null;
  /** The event it came from, if it came from one. */
  readonly event: string | null;
}

export type FactKind =
  | "entered"
  | "arrived"
  | "sent"
  | "suppressed"
  | "failed"
  | "unknown"
  | "drew"
  | "chose"
  | "elapsed"
  | "happened"
  | "held"
  | "goal"
  | "exit"
  | "completed"
  | "paused"
  | "resumed"
  | "stopped"
  | "moved"
  | "migrated";

/** What an operator asks of one run. */
export type Command =
  | { readonly kind: "stop" }
  | { readonly kind: "pause" }
  | { readonly kind: "resume" }
  | { readonly kind: "move"; readonly step: string }
  | ({ readonly kind: "migrate" } & Migration);

/** What stands over a whole journey; every activity reads it before its effect. */
export interface Gate {
  readonly state: "open" | "paused" | "stopped";
  /** Raised by each change of the gate. */
  readonly epoch: number;
  /** Runs of other versions that have not followed this epoch move to the version, step by step as mapped. */
  readonly migrate: (Migration & { readonly epoch: number }) | null;
}

/** To which version, and which step becomes which; unmapped ones keep their name. */
export interface Migration {
  readonly version: number;
  readonly steps: Readonly<Record<string, string>>;
}
