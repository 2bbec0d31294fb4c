import type { Failed } from "./evaluate.ts";

/** Why an event did not let its person into a journey. */
export type RefusalCode =
  | "filter"
  | "entered-before"
  | "too-soon"
  | "stopped"
  | "too-old"
  | "own-write"
  | "nobody"
  | "parked"
  /** It waits at the surge brake; given up: an operator decided so. */
  | "held"
  | "given-up";

/** `reason` is for the log and the API, in English; the code is what pages translate. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly reason: string;
  /** Of a filter: the comparison that decided, with what it saw. */
  readonly failed?: Failed;
}

/** Rows that were written before codes were kept have the reason alone. */
export function codeOfReason(reason: string): RefusalCode {
  if (reason === "the entry filter does not hold") return "filter";
  if (reason === "entered before") return "entered-before";
  if (reason === "entered a shorter time ago than the journey asks") return "too-soon";
  if (reason === "the journey is stopped") return "stopped";
  if (/^happened over \d+ days ago$/.test(reason)) return "too-old";
  if (reason === "Parcours made this change itself") return "own-write";
  return reason.startsWith("parked: ") ? "parked" : "nobody";
}
