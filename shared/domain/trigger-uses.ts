import type { Condition } from "./condition.ts";
import { fieldsOf } from "./evaluate.ts";
import { parseField } from "./fields.ts";
import type { Journey } from "./journey.ts";
import { awaitedBy, usesOf } from "./steps/kinds.ts";

/** One place where a journey uses a trigger: what it is there, and which columns of its events are asked there. */
export interface TriggerUse {
  readonly as: "entry" | "goal" | "exit" | "wait" | "condition" | "template";
  /** Name of the goal or exit, id of the step, slug of the mail; null for the entry. */
  readonly at: string | null;
  readonly columns: readonly string[];
}

/** Fields that a mail's templates name, by the mail's slug. */
export type MailFields = Readonly<Record<string, readonly string[]>>;

/** Where a journey uses a trigger. */
export function usesOfTrigger(trigger: string, journey: Journey, mails: MailFields): readonly TriggerUse[] {
  const { entry, goals, exits, steps } = journey;
  const uses: TriggerUse[] = [];
  const columnsIn = columnsOfEvents(trigger, journey);
  const asked = (condition: Condition | undefined, own: boolean) =>
    condition === undefined ? [] : columnsIn(fieldsOf(condition), own);

  if (entry.trigger === trigger) uses.push({ as: "entry", at: null, columns: asked(entry.filter, true) });
  for (const [as, endings] of [
    ["goal", goals],
    ["exit", exits],
  ] as const)
    for (const ending of endings)
      if (ending.trigger === trigger) uses.push({ as, at: ending.name, columns: asked(ending.condition, true) });
  for (const [id, step] of Object.entries(steps)) {
    const awaited = awaitedBy(step);
    if (awaited?.trigger === trigger) uses.push({ as: "wait", at: id, columns: asked(awaited.condition, true) });
    if (step.kind === "branch") {
      const fields = step.arms.flatMap((arm) => fieldsOf(arm.when));
      const columns = columnsIn(fields, entry.trigger === trigger);
      if (columns.length > 0) uses.push({ as: "condition", at: id, columns });
    }
    for (const mail of usesOf(step).mails ?? []) {
      const columns = columnsIn(mails[mail] ?? [], entry.trigger === trigger);
      if (columns.length > 0 && !uses.some((use) => use.as === "template" && use.at === mail))
        uses.push({ as: "template", at: mail, columns });
    }
  }
  return uses;
}

/** Columns of the trigger's events among fields; `own` where `event.<column>` without a step means its event. */
function columnsOfEvents(trigger: string, journey: Journey) {
  return (fields: readonly string[], own: boolean): readonly string[] => {
    const columns = fields.flatMap((path) => {
      const field = parseField(path);
      if (field?.scope === "before") return own ? [field.name] : [];
      if (field?.scope !== "event") return [];
      if (field.step === null) return own ? [field.name] : [];
      const step = journey.steps[field.step];
      const awaited = step === undefined ? undefined : awaitedBy(step);
      // Without such a step it is a part of a column's value: `event.customerid.name`.
      if (awaited === undefined) return own ? [field.step] : [];
      return awaited.trigger === trigger ? [field.name] : [];
    });
    return [...new Set(columns)].sort();
  };
}
