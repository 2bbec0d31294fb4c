import { z } from "zod";
import type { Condition } from "../condition.ts";
import { addDuration } from "../duration.ts";
import type { Outcome } from "../run.ts";
import { slug } from "../value.ts";

/** A step's name within its journey; part of field paths such as `survey.ask.satisfaction`. */
export const stepId = slug;
/** Where an exit leads: another step, or null for the journey's end. */
export const target = stepId.nullable();
export type Target = string | null;

const TEN_YEARS_MS = 3_653 * 86_400_000;

/** ISO 8601 duration: `P7D`, `PT1H`. */
export const duration = z
  .string()
  .regex(/^P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?$/, {
    error: "an ISO 8601 duration such as P7D or PT1H",
    abort: true,
  })
  .refine(isSensible, "longer than nothing, for a loop passes it, and ten years at most");

function isSensible(text: string): boolean {
  const length = addDuration(0, text);
  return length > 0 && length <= TEN_YEARS_MS;
}

/** What an outcome makes of the step: it leaves by a named exit, or waits where it is. */
export type Move =
  | { readonly kind: "leave"; readonly exit: string }
  | { readonly kind: "wait"; readonly until: number }
  | { readonly kind: "end"; readonly reason: string };

/** An event that a step waits for. */
export interface Awaited {
  readonly trigger: string;
  readonly condition: Condition | undefined;
  readonly sameRecord: boolean;
  /** Counts what came since the run entered, or only what comes from now on. */
  readonly since: "entry" | "now";
  /** Only an interaction with what this very step sent. */
  readonly own: boolean;
}

/** What a definition points at, found statically. */
export interface Uses {
  readonly conditions?: readonly Condition[];
  readonly mails?: readonly string[];
  readonly surveys?: readonly string[];
  readonly pools?: readonly string[];
}

/** One kind of step: pure, small, in a file of its own. */
export interface StepKind<S> {
  readonly schema: z.ZodType<S>;
  /** Named exits and where they lead. */
  exits(step: S): Readonly<Record<string, Target>>;
  uses(step: S): Uses;
  /** On arrival: `act` calls for an effect; a move needs none. Times are milliseconds. */
  arrive(step: S, now: number): Move | { readonly kind: "act" };
  /** What the outcome of the effect, or of the wait, leads to. */
  advance(step: S, outcome: Outcome, now: number): Move;
  /** The event that ends this step's wait, if one does. */
  awaits?(step: S): Awaited;
}
