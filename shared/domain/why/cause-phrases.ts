import type { ParkedKind, RegistrationFault } from "./evidence.ts";

/** Why Parcours may never have seen a change, in the order in which people look. */
export const CAUSES = [
  "not-in-save",
  "bypassed",
  "registration-off",
  "webhook-lost",
  "before-trigger",
  "older-than-kept",
  "another-environment",
  "stuck",
] as const;
export type CauseKind = (typeof CAUSES)[number];

/** What was found out about each cause, in one language. Arguments are names and moments, ready to be shown. */
export interface CausePhrases {
  readonly names: Readonly<Record<CauseKind, string>>;
  readonly verdicts: Readonly<Record<"found" | "ruled-out" | "unknown", string>>;

  readonly onlyCreated: (when: string) => string;
  readonly noTriggerOfTable: string;
  readonly listened: (triggers: readonly string[]) => string;
  readonly listenedAny: (trigger: string) => string;
  /** Of one trigger: what it listens to. */
  readonly listensToNothing: string;
  readonly listens: (trigger: string, to: string) => string;
  readonly unchangedSince: (columns: string, when: string) => string;
  readonly movedSince: (columns: string, when: string) => string;
  readonly columnsUnknown: (triggers: readonly string[]) => string;
  readonly noChangeSince: (when: string) => string;

  readonly bypassedByExclusion: string;
  readonly bypassedUnknown: string;
  readonly bypassedNot: string;

  readonly faults: Readonly<Record<RegistrationFault, string>>;
  readonly offSince: (what: string, since: string | null, by: string | null) => string;
  readonly offThen: (from: string, to: string) => string;
  readonly registrationFine: string;
  readonly registrationUnknown: string;
  readonly registrationOfNoTrigger: string;

  readonly jobFailed: (when: string, message: string | null) => string;
  readonly jobWaiting: (when: string) => string;
  readonly noJob: string;
  readonly jobsUnknown: string;

  readonly changedBefore: (changed: string, published: string) => string;
  readonly changedWhileStopped: (changed: string) => string;
  readonly changedAfter: (changed: string, published: string) => string;
  readonly publishedUnknown: string;

  readonly tooOld: (changed: string, days: number) => string;
  readonly kept: (changed: string, days: number) => string;
  readonly changeTimeUnknown: string;

  readonly otherHost: (asked: string, connected: string) => string;
  readonly foreign: (when: string) => string;
  readonly rowMissing: string;
  readonly sameEnvironment: string;
  readonly environmentUnknown: string;

  readonly parked: (where: string, when: string, reason: string) => string;
  readonly spilled: string;
  readonly deadLettered: string;
  readonly deadUnknown: string;
  readonly notStuck: (lookedAt: number | null) => string;

  readonly mend: Readonly<Record<CauseKind | "none", string>>;
  readonly noneFound: string;
  readonly sources: Readonly<Record<ParkedKind, string>>;
}
