import type { Disregarded } from "../authors.ts";
import type { Message, Via } from "../change.ts";
import type { Operator } from "../condition.ts";
import type { Standing } from "../decision.ts";
import type { RefusalCode } from "../refusal.ts";
import type { EndedAs, HoldReason, SuppressedReason } from "../run.ts";
import type { CausePhrases } from "./cause-phrases.ts";
import type { TwicePhrases } from "./twice-phrases.ts";

/** Links of the chain, in its order. */
export const LINKS = ["change", "trigger", "filter", "entry", "consent", "send", "delivery"] as const;
export type LinkKind = (typeof LINKS)[number];

/** What an answer to "why?" says in one language. Arguments are names, values and moments, ready to be shown. */
export interface WhyPhrases {
  readonly locale: string;
  readonly colon: string;
  readonly quoted: (text: string) => string;
  readonly links: Readonly<Record<LinkKind, string>>;
  readonly outcomes: Readonly<Record<"yes" | "no" | "not-reached" | "unknown", string>>;

  readonly yes: string;
  readonly no: string;
  readonly nothing: string;
  /** In the place of personal data. */
  readonly leftOut: string;
  readonly aRow: (table: string) => string;
  /** What an id stands for, where nobody knows its name. */
  readonly someRow: string;
  readonly aUser: string;
  readonly thePerson: string;
  /** A row by its name, or without one. */
  readonly row: (table: string, name: string | null) => string;

  /** Fields that are no column of the record. */
  readonly fields: {
    readonly before: (column: string) => string;
    readonly ofPerson: (column: string) => string;
    readonly ofRelated: (column: string, lookup: string) => string;
    readonly by: string;
    readonly depth: string;
    readonly tag: string;
    readonly message: string;
    readonly answer: (question: string) => string;
    readonly code: string;
    readonly rows: (table: string) => string;
    readonly valuesBefore: string;
    readonly anything: string;
  };
  /** What a trigger listens to, and one of each. */
  readonly messages: Readonly<Record<Message, string>>;
  readonly oneMessage: Readonly<Record<Message, string>>;
  /** What was needed, as words that go on after "needed". */
  readonly needed: Readonly<
    Record<Operator | "count" | "empty" | "has" | "has-no" | "missing", (value: string) => string>
  >;
  readonly neededNot: (needed: string) => string;
  readonly span: (parts: readonly string[]) => string;
  readonly oneOf: (values: readonly string[]) => string;
  /** Of one comparison: what was seen, what was needed. */
  readonly isNeeded: (field: string, seen: string, needed: string) => string;
  readonly movedNeeded: (field: string, before: string, seen: string, needed: string) => string;
  readonly readAt: (sentence: string, when: string) => string;

  readonly change: {
    readonly made: Readonly<Record<Message, (row: string, by: string) => string>>;
    readonly moved: (column: string, before: string, after: string) => string;
    /** How it came, where not at once by the webhook, and when. */
    readonly via: Readonly<Record<Exclude<Via, "webhook">, (when: string) => string>>;
    readonly unkept: (row: string) => string;
    /** A custom event, or what a person did with a mail. */
    readonly event: (trigger: string) => string;
  };
  readonly trigger: {
    readonly fired: (trigger: string) => string;
    readonly not: (trigger: string, why: string) => string;
    readonly notIncluded: (columns: string) => string;
    readonly notIncludedAny: string;
    readonly notChanged: (columns: string) => string;
    readonly notChangedAny: string;
    readonly oversize: string;
    readonly listensTo: (messages: readonly string[], came: string) => string;
    readonly listensToNothing: string;
    readonly justPublished: string;
    readonly aside: Readonly<Record<Disregarded, string>>;
    readonly unknown: (asks: string) => string;
    readonly unkept: string;
    readonly none: string;
  };
  readonly filter: {
    readonly holds: string;
    readonly none: string;
    readonly not: (why: string) => string;
    readonly unkept: string;
    readonly notAsked: string;
  };
  readonly entry: {
    readonly entered: (person: string, journey: string) => string;
    readonly turnedAway: (person: string, journey: string, why: string) => string;
    readonly nobody: (why: string) => string;
    readonly pending: (journey: string, where: string) => string;
    /** By which column of the record the person was found, and what the person's row said. */
    readonly foundBy: (column: string) => string;
    readonly standing: Readonly<Record<Standing, string>>;
    readonly noJourney: string;
    readonly notReached: string;
    readonly why: Readonly<Record<RefusalCode, string>>;
    readonly people: Readonly<Record<PersonReason, string>>;
    readonly nameless: Readonly<Record<"unknown" | "ambiguous", (trigger: string) => string>>;
  };
  readonly where: {
    readonly parked: (when: string) => string;
    readonly spilled: string;
    readonly deadLettered: string;
    readonly underWay: string;
  };
  readonly consent: {
    readonly given: string;
    readonly notReached: (where: string) => string;
  };
  readonly standing: {
    readonly waits: (what: string, until: string | null) => string;
    readonly ended: Readonly<Record<EndedAs, string>>;
    readonly goesOn: string;
  };
  readonly send: {
    readonly held: (why: string, nextTry: string | null) => string;
    readonly not: string;
    readonly sent: (when: string) => string;
  };
  readonly delivery: {
    readonly delivered: string;
    readonly failed: Readonly<Record<FailedDelivery, string>>;
    readonly noWord: string;
    readonly notSent: string;
    readonly opened: string;
    readonly clicked: string;
  };

  /** First lines. */
  readonly answer: {
    readonly suppressed: (mail: string, why: string, when: string) => string;
    readonly sent: (mail: string, who: string, when: string) => string;
    readonly delivered: (mail: string, who: string, when: string) => string;
    readonly undelivered: (mail: string, who: string, why: string, when: string) => string;
    readonly failed: (mail: string, who: string, why: string) => string;
    readonly unknown: (mail: string) => string;
    readonly held: (mail: string, why: string) => string;
    readonly onTheWay: (who: string, journey: string, where: string) => string;
    readonly endedUnsent: (who: string, journey: string, where: string) => string;
    readonly notEntered: (who: string, journey: string, why: string) => string;
    readonly nobody: (row: string, why: string) => string;
    readonly notFired: (row: string, trigger: string, why: string) => string;
    readonly noTrigger: (table: string) => string;
    readonly noJourney: (trigger: string) => string;
    /** What it did to a run that was under way. */
    readonly led: (journey: string, what: string) => string;
    readonly pending: (journey: string, where: string) => string;
    readonly neverSeen: (row: string, why: string) => string;
    readonly neverSeenPerson: (who: string, days: number) => string;
    readonly notAbout: (row: string, journey: string) => string;
    readonly notFiredBy: (row: string, trigger: string) => string;
    /** Said after these two, where not all was looked through. */
    readonly amongNewest: string;
  };
  /** Where a reason can be said of somebody by name; all are said in the words of a run's story. */
  readonly suppressedWhy: Readonly<Partial<Record<SuppressedReason, (who: string) => string>>>;

  /** Second lines: what would change it. */
  readonly mend: {
    readonly condition: (needed: string) => string;
    readonly notIncluded: (columns: string) => string;
    readonly notChanged: (columns: string) => string;
    readonly message: (messages: readonly string[]) => string;
    readonly oversize: string;
    readonly unknown: string;
    readonly refused: Readonly<Record<RefusalCode, string>>;
    readonly suppressed: Readonly<Partial<Record<SuppressedReason, string>>>;
    readonly address: string;
    readonly held: Readonly<Partial<Record<HoldReason, string>>>;
    readonly goesOn: string;
    readonly pending: string;
    readonly noJourney: string;
    readonly noTrigger: string;
    readonly nothing: string;
    readonly askRecord: string;
    readonly newChange: string;
  };
  readonly causes: CausePhrases;
  readonly twice: TwicePhrases;
  readonly search: {
    readonly several: string;
    readonly nobody: Readonly<Record<"no-match" | "no-row" | "empty" | "unavailable", string>>;
    readonly mend: string;
  };
  readonly text: {
    readonly title: (what: string) => string;
    readonly mend: string;
    readonly chain: string;
    readonly changes: string;
    readonly causes: string;
    readonly more: string;
    readonly without: string;
  };
}

/** Why an event led to nobody, as far as its reason is one of ours. */
export type PersonReason =
  | "names-nobody"
  | "account-gone"
  | "no-primary-contact"
  | "contact-gone"
  | "lead-gone"
  | "merge-circle"
  | "no-such-person"
  | "several-persons"
  | "lookup-empty";

/** Statuses of a delivery report that say that nobody got the mail. */
export type FailedDelivery = "Bounced" | "Failed" | "Suppressed" | "FilteredSpam" | "Quarantined";
