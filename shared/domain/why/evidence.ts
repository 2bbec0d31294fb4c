import type { Change } from "../change.ts";
import type { ChangeDecision, EntryDecision, EventDecision, RowsDecision, UnusedDecision } from "../decision.ts";
import type { Journey } from "../journey.ts";
import type { Span } from "../published-spans.ts";
import type { EndedAs, Fact } from "../run.ts";
import type { RecordTrigger } from "../trigger.ts";
import type { Columns } from "../value.ts";
import type { Names, Standing } from "../words.ts";

/** Everything that an answer to "why?" is made of, read beforehand. Times are milliseconds. */
export interface Evidence {
  readonly subject: Subject;
  readonly now: number;
  readonly keptDays: number;
  /** Changes of the record that came, oldest first. */
  readonly changes: readonly SeenChange[];
  /** Whom events about the subject let in, or turned away, oldest first. */
  readonly entries: readonly EntryDecision[];
  /** What rows said of conditions that only they can tell. */
  readonly rows: readonly RowsDecision[];
  /** Custom events that could not be told whom they are about. */
  readonly nameless: readonly EventDecision[];
  /** Custom events that came, and that no journey used. */
  readonly unused: readonly UnusedDecision[];
  readonly runs: Readonly<Record<string, RunEvidence>>;
  readonly journeys: Readonly<Record<string, EnteredJourney>>;
  /** Runs that took a change's event: as their goal, as an exit, or in a wait. */
  readonly effects: readonly Effect[];
  /** What waits somewhere, or was given up, and names the subject. */
  readonly stuck: Stuck;
  /** Changes that did not come; null where nothing says that there are any, or nobody asked. */
  readonly unseen: Unseen | null;
  /** More was decided than is told here. */
  readonly more: boolean;
}

export interface Effect {
  readonly change: string;
  readonly trigger: string;
  /** Id of the event, as the run's facts name it. */
  readonly event: string;
  readonly run: string;
}

export interface Subject {
  readonly kind: "record" | "person";
  readonly table: string;
  readonly id: string;
  readonly name: string | null;
}

/** A change that came, and the triggers of its table as they were published then. */
export interface SeenChange {
  readonly decision: ChangeDecision;
  /** Undefined where it is kept no more. */
  readonly body: Change | undefined;
  readonly triggers: readonly RecordTrigger[];
}

/** A journey, as far as an entry into it goes. */
export interface EnteredJourney {
  readonly name: string;
  readonly trigger: string;
  readonly filter: Journey["entry"]["filter"];
  readonly reentry: Journey["entry"]["reentry"];
  readonly timeZone: string;
  /** When its entry was open first; null where that was not kept. */
  readonly openSince: number | null;
}

export interface RunEvidence {
  readonly run: string;
  readonly member: string;
  readonly journey: Journey;
  readonly names: Names;
  readonly facts: readonly Fact[];
  readonly standing: Standing;
  /** When its wait or hold is over. */
  readonly until: number | null;
  readonly ended: EndedAs | null;
  /** What the provider reported of each send, by `<step>~<visit>`, oldest first. */
  readonly reports: Readonly<Record<string, readonly Report[]>>;
}

export interface Report {
  readonly status: string;
  readonly at: number;
}

/** Why something was set aside. `unknown`: nobody can tell what it fires. */
export type ParkedKind = "malformed" | "foreign" | "permanent" | "transient" | "unknown";

/** Where messages may stand that name the subject. */
export interface Stuck {
  readonly parked: readonly {
    readonly kind: ParkedKind;
    readonly source: string;
    readonly at: number;
    readonly reason: string;
  }[];
  /** Published, once the bus takes them. */
  readonly spilled: number;
  /** In the bus's own queue of what nobody could work on; null where that can't be looked at. */
  readonly deadLettered: number | null;
  /** The newest so many of each kind were looked at; there are more. */
  readonly lookedAt: number | null;
}

/** What can be found out about changes of a record that never came. Null: it could not be asked. */
export interface Unseen {
  /** The row as it is now; "missing": the organisation has no such row. */
  readonly row: Row | "missing" | null;
  /** Triggers of the table, with when each was published. */
  readonly triggers: readonly { readonly trigger: RecordTrigger; readonly spans: readonly Span[] }[];
  readonly registrations: RegistrationEvidence | null;
  /** Deliveries to Parcours about this record that Dataverse gave up, or has not made yet. */
  readonly jobs: readonly Job[] | null;
  /** Hosts of the address that was asked about and of the connected organisation, where they differ. */
  readonly elsewhere: { readonly asked: string; readonly connected: string } | null;
}

export interface Row {
  readonly createdAt: number | null;
  readonly modifiedAt: number | null;
  readonly modifiedBy: string | null;
  /** Columns that triggers listen to. */
  readonly values: Columns;
}

export interface RegistrationEvidence {
  /** What is wrong now, of what the table's changes need, and since when. */
  readonly wrong: readonly {
    readonly what: RegistrationFault;
    readonly since: number | null;
    readonly by: string | null;
  }[];
  /** Times in the past when something was wrong, until they were mended. */
  readonly wrongBefore: readonly { readonly from: number; readonly to: number }[];
}

/** What keeps Dataverse from telling. */
export type RegistrationFault =
  | "endpoint-missing"
  | "endpoint-elsewhere"
  | "step-missing"
  | "step-off"
  | "columns-missing";

export interface Job {
  readonly state: "failed" | "waiting";
  readonly at: number;
  readonly message: string | null;
}
