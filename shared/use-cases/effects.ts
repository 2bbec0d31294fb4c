import { countingsOf, fieldsOf, holds } from "../domain/evaluate.ts";
import type { JourneyVersion } from "../domain/journey.ts";
import { begunAs } from "../domain/rename-steps.ts";
import type { Outcome, RunState } from "../domain/run.ts";
import { type BranchStep, OTHERWISE } from "../domain/steps/branch.ts";
import type { DiscountStep } from "../domain/steps/discount.ts";
import { assertNever, ParcoursError } from "../errors.ts";
import type { Deps } from "./deps.ts";
import { sendMail } from "./send-mail.ts";
import type { Wait } from "./settle-send.ts";
import { readValues } from "./values.ts";

type Made = { readonly kind: "outcome"; readonly outcome: Outcome } | Wait;

/** How long an empty pool is left alone before it is looked at again. */
const POOL_PAUSE_MS = 15 * 60_000;

/** The effect of the step that the run stands at: idempotent, so that a step that is taken twice acts once. */
export async function makeEffect(
  state: RunState,
  version: JourneyVersion,
  freed: string | undefined,
  now: number,
  deps: Deps,
): Promise<Made> {
  const step = state.at === null ? undefined : version.journey.steps[state.at.step];
  if (step === undefined)
    throw new ParcoursError("DEFINITION_INVALID", `no step ${state.at?.step} in ${version.journey.slug}`);
  switch (step.kind) {
    case "email":
    case "survey":
      return sendMail(state, version, step, freed, now, deps);
    case "discount":
      return drawCode(state, step, now, deps);
    case "branch":
      return { kind: "outcome", outcome: { kind: "chose", arm: await chooseArm(state, step, now, deps) } };
    case "wait":
    case "wait-for":
    case "exit":
      throw new ParcoursError("DEFINITION_INVALID", `a ${step.kind} step has no effect`);
    default:
      return assertNever(step);
  }
}

async function drawCode(
  state: RunState,
  step: DiscountStep,
  now: number,
  deps: Pick<Deps, "clock" | "codes">,
): Promise<Made> {
  if (state.at === null) throw new ParcoursError("DEFINITION_INVALID", "a run that ended draws nothing");
  const drawer = { run: state.run, ...begunAs(state.at) };
  const code = await deps.codes.draw(step.pool, drawer, () => deps.clock.random(), now);
  if (code === undefined) return { kind: "wait", until: now + POOL_PAUSE_MS, reason: "pool-empty" };
  return { kind: "outcome", outcome: { kind: "drew", code } };
}

async function chooseArm(
  state: RunState,
  step: BranchStep,
  now: number,
  deps: Pick<Deps, "changes" | "clock" | "dataverse">,
): Promise<string> {
  const { lookup, counts } = await readValues(
    step.arms.flatMap((arm) => fieldsOf(arm.when)),
    state,
    deps,
    step.arms.flatMap((arm) => countingsOf(arm.when)),
  );
  return step.arms.find((arm) => holds(arm.when, lookup, now, counts))?.name ?? OTHERWISE;
}
