import type { Via } from "./change.ts";
import type { Counting } from "./child-rows.ts";
import type { Failed } from "./evaluate.ts";
import type { RefusalCode } from "./refusal.ts";
import type { Columns } from "./value.ts";

/** What was considered for a change. Times are milliseconds. */
export interface ChangeDecision {
  readonly kind: "change";
  readonly at: number;
  readonly change: string;
  readonly fired: readonly string[];
  /** Of those that fired: whose conditions were still to be asked of rows; a decision of its own says what came of it. */
  readonly open?: readonly string[];
  readonly considered: readonly { readonly trigger: string; readonly failed: unknown }[];
  /** Of the catalogue that decided. */
  readonly generation: number;
  readonly changeRef: string | null;
  /** How Parcours heard of it, where not by the webhook, and when (ISO 8601). */
  readonly via?: Via;
  readonly received?: string;
  /** Triggers of which nobody can tell whether they fire, with what would have to be known. */
  readonly unknown?: readonly { readonly trigger: string; readonly asks: readonly string[] }[];
}

/** Whether an event let its person into a journey. */
export interface EntryDecision {
  readonly kind: "entry";
  readonly at: number;
  readonly event: string;
  readonly journey: string;
  readonly member: string | null;
  readonly outcome: "entered" | "turned-away";
  readonly reason: string | null;
  readonly run: string | null;
  /** What follows is absent in rows that were written before it was kept. */
  readonly trigger?: string;
  /** The change that fired it, and its record as `table:id`. */
  readonly change?: string | null;
  readonly record?: string | null;
  readonly version?: number;
  readonly code?: RefusalCode;
  readonly failed?: Failed;
  /** When it was decided: what a filter reads of rows, it reads then. */
  readonly decidedAt?: number;
  /** The way that led from the record to the person, and what their row said against writing to them. */
  readonly way?: string;
  readonly standing?: readonly Standing[];
}

/** `merged`: the record names a contact that became another one, who is meant now. */
export type Standing = "merged" | "inactive" | "no-address";

/** A custom event that could not be told whom it is about. */
export interface EventDecision {
  readonly kind: "event";
  readonly at: number;
  readonly event: string;
  readonly trigger: string;
  readonly outcome: "unknown" | "ambiguous";
  readonly reason: string;
}

/**
 * What a trigger's condition asked of rows when its event came, and what they said: where it did not hold, the trigger
 * did not fire. Decided once for each event.
 */
export interface RowsDecision {
  readonly kind: "rows";
  readonly at: number;
  readonly event: string;
  readonly trigger: string;
  readonly change: string | null;
  readonly outcome: "fired" | "not-fired";
  readonly failed: Failed | null;
  /** Values of the fields that were asked, and numbers of rows, counted no further than it took. */
  readonly values: Columns;
  readonly counts: readonly { readonly counting: Counting; readonly found: number }[];
  readonly decidedAt: number;
}

/** A custom event whose person is known, and which no journey used: none began with it, no run waited for it. */
export interface UnusedDecision {
  readonly kind: "unused";
  readonly at: number;
  readonly event: string;
  readonly trigger: string;
}

/** Why a change fired or not, why a person entered or not. */
export type Decision = ChangeDecision | EntryDecision | EventDecision | RowsDecision | UnusedDecision;
