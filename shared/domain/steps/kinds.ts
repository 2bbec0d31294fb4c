import { z } from "zod";
import type { Outcome } from "../run.ts";
import { type BranchStep, branch } from "./branch.ts";
import { type DiscountStep, discount } from "./discount.ts";
import { type EmailStep, email } from "./email.ts";
import { type ExitStep, exit } from "./exit.ts";
import type { Awaited, Move, StepKind, Target, Uses } from "./step.ts";
import { type SurveyStep, survey } from "./survey.ts";
import { type WaitStep, wait } from "./wait.ts";
import { type WaitForStep, waitFor } from "./wait-for.ts";

export type Step = EmailStep | SurveyStep | DiscountStep | WaitStep | WaitForStep | BranchStep | ExitStep;

/** Every kind of step that this build knows: a new kind is one file and one line here. */
const KINDS = { email, survey, discount, wait, "wait-for": waitFor, branch, exit } as const;

export const step: z.ZodType<Step> = z.union([
  email.schema,
  survey.schema,
  discount.schema,
  wait.schema,
  waitFor.schema,
  branch.schema,
  exit.schema,
]);

/** Whether this build can carry a step of that kind; a newer build may have published others. */
export function isKnown(kind: string): boolean {
  return Object.hasOwn(KINDS, kind);
}

// A union of kinds can't be called with a union of steps: the table pairs them by `kind`, which the compiler can't see.
function kindOf(one: Step): StepKind<Step> {
  return KINDS[one.kind] as unknown as StepKind<Step>;
}

export function exitsOf(one: Step): Readonly<Record<string, Target>> {
  return kindOf(one).exits(one);
}

export function usesOf(one: Step): Uses {
  return kindOf(one).uses(one);
}

export function arrive(one: Step, now: number): Move | { readonly kind: "act" } {
  return kindOf(one).arrive(one, now);
}

export function advanceStep(one: Step, outcome: Outcome, now: number): Move {
  return kindOf(one).advance(one, outcome, now);
}

export function awaitedBy(one: Step): Awaited | undefined {
  return kindOf(one).awaits?.(one);
}
