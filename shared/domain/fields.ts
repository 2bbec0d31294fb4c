import { lookupIn } from "./child-rows.ts";
import type { Condition } from "./condition.ts";
import { countingsOf, fieldsOf } from "./evaluate.ts";
import type { Journey, JourneyUses } from "./journey.ts";
import { awaitedBy } from "./steps/kinds.ts";

/** A field path, taken apart: `event.order.total` is column `total` of the event awaited by step `order`. */
export type FieldPath =
  | {
      readonly scope: "event" | "before" | "record" | "audience" | "change";
      readonly step: null;
      readonly name: string;
    }
  | { readonly scope: "event" | "survey" | "discount"; readonly step: string; readonly name: string }
  | { readonly scope: "related"; readonly lookup: string; readonly name: string };

/** Takes a path apart, or undefined where it is none. `survey.link` and `discount.code` are the nearest step's. */
export function parseField(path: string): FieldPath | undefined {
  const [scope, first, second, ...rest] = path.split(".");
  if (first === undefined || rest.length > 0) return undefined;
  switch (scope) {
    case "event":
      return second === undefined ? { scope, step: null, name: first } : { scope, step: first, name: second };
    case "before":
    case "record":
    case "audience":
    case "change":
      return second === undefined ? { scope, step: null, name: first } : undefined;
    case "survey":
    case "discount":
      return second === undefined ? undefined : { scope, step: first, name: second };
    case "related":
      return second === undefined ? undefined : { scope, lookup: first, name: second };
    default:
      return undefined;
  }
}

/** The record's lookups by which a condition reaches other rows: an event that brings them saves reading its record. */
export function lookupsOf(condition: Condition | undefined): readonly string[] {
  if (condition === undefined) return [];
  const related = fieldsOf(condition).flatMap((path) => {
    const field = parseField(path);
    return field?.scope === "related" ? [field.lookup] : [];
  });
  return [...new Set([...related, ...countingsOf(condition).flatMap(({ whose }) => lookupIn(whose) ?? [])])];
}

/** A condition and the trigger whose event its `event.<column>` means. */
interface Asked {
  readonly trigger: string;
  readonly condition: Condition;
}

/** Every condition of a journey, with the trigger that it is asked about. */
export function conditionsOf(journey: Journey): readonly Asked[] {
  const asked: Asked[] = [];
  const { entry, goals, exits, steps } = journey;
  if (entry.filter !== undefined) asked.push({ trigger: entry.trigger, condition: entry.filter });
  for (const ending of [...goals, ...exits])
    if (ending.condition !== undefined) asked.push({ trigger: ending.trigger, condition: ending.condition });
  for (const step of Object.values(steps)) {
    const awaited = awaitedBy(step);
    if (awaited?.condition !== undefined) asked.push({ trigger: awaited.trigger, condition: awaited.condition });
    if (step.kind === "branch")
      for (const arm of step.arms) asked.push({ trigger: entry.trigger, condition: arm.when });
  }
  return asked;
}

/** Columns that goals, exits and waits ask of an event of the trigger when it arrives. */
export function askedOnArrival(journey: Journey, trigger: string): Record<"event" | "before", ReadonlySet<string>> {
  const asked = { event: new Set<string>(), before: new Set<string>() };
  const awaited = Object.values(journey.steps).flatMap((step) => awaitedBy(step) ?? []);
  for (const one of [...journey.goals, ...journey.exits, ...awaited])
    for (const path of one.trigger === trigger && one.condition !== undefined ? fieldsOf(one.condition) : []) {
      const field = parseField(path);
      if (field?.scope === "event" || field?.scope === "before") asked[field.scope].add(field.name);
    }
  return asked;
}

/**
 * What messages must carry for a journey: the columns that its conditions and its mails' templates name, by trigger.
 * `templateFields` are the paths that its mails name.
 */
export function usesOfJourney(journey: Journey, templateFields: readonly string[]): JourneyUses {
  const columns = new Map<string, Set<string>>();
  const need = (trigger: string, path: string): void => {
    const owned = ownerOf(parseField(path), trigger, journey);
    if (owned !== undefined) columns.set(owned.trigger, (columns.get(owned.trigger) ?? new Set()).add(owned.column));
  };
  for (const { trigger, condition } of conditionsOf(journey))
    for (const path of fieldsOf(condition)) need(trigger, path);
  for (const path of templateFields) need(journey.entry.trigger, path);
  // An event that brings the lookups by which its entry's filter reaches other rows saves reading its record first.
  const { entry } = journey;
  for (const lookup of lookupsOf(entry.filter)) need(entry.trigger, `event.${lookup}`);
  const awaited = Object.values(journey.steps).flatMap((step) => awaitedBy(step)?.trigger ?? []);
  return {
    cares: [...new Set([...journey.goals, ...journey.exits].map((ending) => ending.trigger).concat(awaited))].sort(),
    columns: Object.fromEntries([...columns].map(([trigger, names]) => [trigger, [...names].sort()])),
  };
}

/** The trigger whose event must carry the field, and the column, if an event must. */
function ownerOf(
  field: FieldPath | undefined,
  trigger: string,
  journey: Journey,
): { trigger: string; column: string } | undefined {
  if (field?.scope === "before") return { trigger, column: field.name };
  if (field?.scope !== "event") return undefined;
  if (field.step === null) return { trigger, column: field.name };
  const step = journey.steps[field.step];
  const awaited = step === undefined ? undefined : awaitedBy(step);
  // `event.customerid.name` is a part of a column's value: there is no such step.
  return awaited === undefined ? { trigger, column: field.step } : { trigger: awaited.trigger, column: field.name };
}
