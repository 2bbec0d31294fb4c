import { conditionProblems, type Place, tablesAsked } from "../domain/check-condition.ts";
import { peopleOf } from "../domain/check-trigger.ts";
import type { Condition } from "../domain/condition.ts";
import { countingsOf } from "../domain/evaluate.ts";
import type { Journey } from "../domain/journey.ts";
import { needsRows } from "../domain/split.ts";
import { awaitedBy } from "../domain/steps/kinds.ts";
import type { Trigger } from "../domain/trigger.ts";
import type { Problem } from "../domain/validate.ts";
import type { Deps } from "./deps.ts";
import { tablesNamed } from "./tables-named.ts";

type Scopes = Place["scopes"];

const ARRIVING: Scopes = ["event", "before", "change"];
const ENTERING: Scopes = [...ARRIVING, "record", "audience", "related"];
const WITHIN: Scopes = [...ENTERING, "survey", "discount"];

/** A condition of a journey: where it stands, the trigger that its events come from, and what can be asked there. */
interface Located {
  readonly at: string;
  readonly trigger: string;
  readonly condition: Condition;
  readonly scopes: Scopes;
}

/**
 * What the organisation says against a journey's conditions: columns that are gone, values that do not fit, rows that
 * can't be reached. What interactions bring, and attributes of custom events, is checked elsewhere.
 * @throws DATAVERSE_UNAVAILABLE, DATAVERSE_REFUSED
 */
export async function checkConditions(
  journey: Journey,
  deps: Pick<Deps, "metadata" | "triggers">,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const each of conditionsIn(journey)) {
    // What can't be asked of an arriving event is said by the document's own check.
    if (each.scopes === ARRIVING && needsRows(each.condition)) continue;
    const published = (await deps.triggers.listed(each.trigger))?.published ?? null;
    const trigger = published === null ? undefined : await deps.triggers.revision(each.trigger, published);
    if (trigger !== undefined) problems.push(...(await problemsIn(each, trigger, deps)));
  }
  return problems;
}

async function problemsIn(
  { at, condition, scopes }: Located,
  trigger: Trigger,
  { metadata }: Pick<Deps, "metadata">,
): Promise<readonly Problem[]> {
  const record = trigger.table === undefined ? undefined : await metadata.table(trigger.table, true);
  const people = trigger.kind === "record" ? peopleOf(trigger) : personTables(trigger);
  const place: Place = {
    scopes,
    instead: "is not known here yet: ask it in a branch after the step that brings it",
    event: trigger.kind === "record" ? record : undefined,
    ...{ record, people },
    tables: await tablesNamed(tablesAsked(condition, record, people), metadata, true),
    names: countsRows(condition) ? (await metadata.tables()).map(({ table }) => table) : [],
  };
  return conditionProblems(condition, at, place);
}

function personTables({ person }: Extract<Trigger, { kind: "custom" }>): readonly string[] {
  return [...new Set(person.tables.map((table) => (table === "account" ? "contact" : table)))];
}

function conditionsIn({ entry, goals, exits, steps }: Journey): readonly Located[] {
  const found: Located[] = [];
  const add = (at: string, trigger: string, condition: Condition | undefined, scopes: Scopes): void => {
    if (condition !== undefined) found.push({ at, trigger, condition, scopes });
  };
  add("entry.filter", entry.trigger, entry.filter, ENTERING);
  for (const [n, goal] of goals.entries()) add(`goals.${n}.condition`, goal.trigger, goal.condition, ARRIVING);
  for (const [n, exit] of exits.entries()) add(`exits.${n}.condition`, exit.trigger, exit.condition, ARRIVING);
  for (const [id, step] of Object.entries(steps)) {
    const awaited = awaitedBy(step);
    if (awaited !== undefined) add(`steps.${id}.condition`, awaited.trigger, awaited.condition, ARRIVING);
    if (step.kind === "branch")
      for (const [n, arm] of step.arms.entries()) add(`steps.${id}.arms.${n}.when`, entry.trigger, arm.when, WITHIN);
  }
  return found;
}

function countsRows(condition: Condition): boolean {
  return countingsOf(condition).length > 0;
}
