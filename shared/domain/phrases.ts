import type { HoldReason, SuppressedReason } from "./run.ts";
import type { Interaction } from "./trigger.ts";

/** What is said of runs in one language. Arguments are names and moments, ready to be shown. */
export interface Phrases {
  /** Locale of its dates. */
  readonly locale: string;
  readonly quoted: (name: string) => string;

  readonly entered: (trigger: string) => string;
  readonly mail: (name: string) => string;
  readonly survey: (name: string) => string;
  readonly step: (id: string) => string;
  readonly cameTo: (what: string) => string;
  readonly aCode: string;
  readonly aBranch: string;
  readonly theExit: string;
  readonly waitsUntil: (when: string) => string;
  readonly waitsForUntil: (what: string, when: string) => string;

  readonly sent: (what: string) => string;
  readonly sentToSurvivor: (what: string) => string;
  readonly suppressed: (why: string) => string;
  readonly suppressedWhy: Readonly<Record<SuppressedReason, string>>;
  readonly failed: (what: string, why: string) => string;
  readonly unknown: (what: string) => string;
  readonly drew: string;
  readonly chose: (arm: string) => string;
  readonly choseNone: string;
  readonly waitOver: string;
  readonly unanswered: (survey: string) => string;
  readonly inVain: (trigger: string) => string;
  readonly answered: (survey: string) => string;
  readonly happened: (trigger: string) => string;
  readonly interactions: Readonly<Record<Interaction, string>>;
  readonly held: (why: string) => string;
  readonly heldWhy: Readonly<Record<HoldReason, string>>;
  readonly goal: (name: string) => string;
  readonly exit: (name: string) => string;
  readonly completed: string;
  readonly paused: string;
  readonly resumed: string;
  readonly stopped: string;
  readonly moved: (to: string) => string;
  readonly migrated: (version: string) => string;
  /** What a newer build wrote and this one has no word for. */
  readonly other: string;

  /** Each goes on after "Waits for". */
  readonly waits: {
    readonly timeOver: string;
    readonly answer: (survey: string) => string;
    readonly held: Readonly<Record<HoldReason, string>>;
  };
}
