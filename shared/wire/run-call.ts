import { z } from "zod";
import type { Next } from "../domain/run.ts";

/** The orchestrator's name. A build whose orchestrator does other things gives it another: see docs/upgrades.md. */
export const ORCHESTRATOR = "journey";
/** Raised with each new name, so that the later of two builds that run side by side is known. */
export const ORCHESTRATOR_GENERATION = 1;

/** What travels through histories: small, and fixed for ever. */
export type { Next };
export interface RunHandle {
  readonly member: string;
  readonly run: string;
}

const resume = z.object({ member: z.string(), run: z.string(), at: z.iso.datetime() });
const step = z.object({ member: z.string(), run: z.string(), seq: z.number().int() });

/** Input of `resume-run`; `at` is the orchestrator's own time, here in milliseconds. */
export function resumeCall(input: unknown): { readonly member: string; readonly run: string; readonly at: number } {
  const { member, run, at } = resume.parse(input);
  return { member, run, at: Date.parse(at) };
}

/** Input of `take-step`: the commit after which the effect is due. */
export function stepCall(input: unknown): { readonly member: string; readonly run: string; readonly seq: number } {
  return step.parse(input);
}
