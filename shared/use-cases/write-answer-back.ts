import { ownTag, type TriggerEvent } from "../domain/event.ts";
import { nameNow } from "../domain/rename-steps.ts";
import type { Columns } from "../domain/value.ts";
import { isRetryable } from "../errors.ts";
import { hash } from "../stores/hash.ts";
import type { Deps } from "./deps.ts";

/**
 * Writes a survey's answer to the columns that the survey names, before the run hears of it: a branch on the record
 * sees it. A record that can't be written is parked; the journey goes on with the answer itself.
 */
export async function writeAnswerBack(
  event: TriggerEvent,
  deps: Pick<Deps, "clock" | "dataverse" | "journeys" | "members" | "parked" | "surveys">,
): Promise<void> {
  const { record, run, member, step } = event;
  if (record === null || run === null || member === null || step === null) return;
  const values = await columnsFor(event, { run, member, step }, deps);
  if (Object.keys(values).length === 0) return;
  try {
    await deps.dataverse.update(record.table, record.id, values, ownTag(event.hops + 1));
  } catch (fault) {
    if (isRetryable(fault)) throw fault;
    const reason = fault instanceof Error ? fault.message : String(fault);
    const id = hash("write-back", event.id);
    await deps.parked.put({
      id,
      at: deps.clock.now(),
      source: "trigger-events",
      kind: "permanent",
      reason,
      body: JSON.stringify(event),
      journey: null,
    });
  }
}

async function columnsFor(
  event: TriggerEvent,
  of: { run: string; member: string; step: string },
  deps: Pick<Deps, "journeys" | "members" | "surveys">,
): Promise<Columns> {
  const state = (await deps.members.run(of.member, of.run))?.row.state;
  const version = state === undefined ? undefined : await deps.journeys.revision(state.journey, state.version);
  const step = state && version?.journey.steps[nameNow(state, of.step)];
  if (version === undefined || step?.kind !== "survey") return {};
  const survey = await deps.surveys.revision(step.survey, version.surveys[step.survey] ?? 0);
  const values: Record<string, number> = {};
  for (const question of survey?.questions ?? []) {
    const answer = event.after[question.id];
    if (question.kind === "rating" && question.writeTo !== undefined && typeof answer === "number")
      values[question.writeTo] = answer;
  }
  return values;
}
