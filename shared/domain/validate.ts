import type { Condition } from "./condition.ts";
import { countingsOf, fieldsOf } from "./evaluate.ts";
import { conditionsOf, parseField } from "./fields.ts";
import type { Journey } from "./journey.ts";
import { OTHERWISE } from "./steps/branch.ts";
import { awaitedBy, exitsOf } from "./steps/kinds.ts";

/** What keeps a journey from being published, where, and how to mend it. */
export interface Problem {
  readonly at: string;
  readonly problem: string;
}

/** Problems that the document itself shows; what it points at is checked where that is at hand. */
export function problemsOf(journey: Journey): readonly Problem[] {
  return [
    ...badTargets(journey),
    ...loops(journey),
    ...unreachable(journey),
    ...sameArms(journey),
    ...badFields(journey),
  ];
}

function badTargets(journey: Journey): Problem[] {
  const problems: Problem[] = [];
  if (journey.steps[journey.start] === undefined)
    problems.push({ at: "start", problem: `there is no step "${journey.start}": name one of ${names(journey)}` });
  for (const [id, step] of Object.entries(journey.steps))
    for (const [exit, to] of Object.entries(exitsOf(step)))
      if (to !== null && journey.steps[to] === undefined)
        problems.push({
          at: `steps.${id}.${exit}`,
          problem: `leads to "${to}", which is no step: name one of ${names(journey)}, or null for the end`,
        });
  return problems;
}

function names(journey: Journey): string {
  return Object.keys(journey.steps).join(", ");
}

/** A loop must pass a step that takes time, else a run would turn in it for ever. */
function loops(journey: Journey): Problem[] {
  const state = new Map<string, "open" | "done">();
  const problems: Problem[] = [];
  const visit = (id: string): void => {
    const step = journey.steps[id];
    if (step === undefined || step.kind === "wait" || step.kind === "wait-for" || state.get(id) === "done") return;
    if (state.get(id) === "open") {
      problems.push({ at: `steps.${id}`, problem: "stands in a loop without a wait: put a wait into the loop" });
      return;
    }
    state.set(id, "open");
    for (const to of Object.values(exitsOf(step))) if (to !== null) visit(to);
    state.set(id, "done");
  };
  for (const id of Object.keys(journey.steps)) visit(id);
  return problems;
}

function unreachable(journey: Journey): Problem[] {
  const reached = new Set<string>();
  const open = [journey.start];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const step = journey.steps[id];
    if (step === undefined || reached.has(id)) continue;
    reached.add(id);
    for (const to of Object.values(exitsOf(step))) if (to !== null) open.push(to);
  }
  return Object.keys(journey.steps)
    .filter((id) => !reached.has(id))
    .map((id) => ({ at: `steps.${id}`, problem: "no way leads to it: connect it or delete it" }));
}

/** An arm's name is the exit that it leaves by: two of one name would leave by the same. */
function sameArms(journey: Journey): Problem[] {
  return Object.entries(journey.steps).flatMap(([id, step]) => {
    if (step.kind !== "branch") return [];
    const names = [OTHERWISE, ...step.arms.map((arm) => arm.name)];
    return step.arms
      .filter((arm, n) => names.indexOf(arm.name) <= n)
      .map(({ name }) => ({ at: `steps.${id}.arms`, problem: `has two arms "${name}": name each otherwise` }));
  });
}

/** Scopes that need nothing read: all that waits, goals and exits may ask, since they are asked of each event. */
const AT_HAND = new Set(["event", "before", "change"]);

function badFields(journey: Journey): Problem[] {
  const problems: Problem[] = [];
  for (const { condition } of conditionsOf(journey))
    for (const path of fieldsOf(condition)) {
      const field = parseField(path);
      if (field === undefined) problems.push({ at: path, problem: "is no field: write scope.column" });
      else if ("step" in field && field.step !== null)
        problems.push(...badStep(journey, path, field.scope, field.step));
    }
  for (const ending of [...journey.goals, ...journey.exits])
    problems.push(...notAtHand(`ending "${ending.name}"`, ending.condition));
  for (const [id, step] of Object.entries(journey.steps))
    problems.push(...notAtHand(`steps.${id}.condition`, awaitedBy(step)?.condition));
  return problems;
}

function badStep(journey: Journey, path: string, scope: string, id: string): Problem[] {
  const wanted = { event: "wait-for", survey: "survey", discount: "discount" }[scope];
  const step = journey.steps[id];
  return step?.kind === wanted ? [] : [{ at: path, problem: `there is no ${wanted} step "${id}" in this journey` }];
}

function notAtHand(at: string, condition: Condition | undefined): Problem[] {
  if (condition === undefined) return [];
  const counted = countingsOf(condition).map(({ table }) => `how many rows of ${table} there are`);
  const asked = fieldsOf(condition).filter((path) => {
    const field = parseField(path);
    return field !== undefined && (!AT_HAND.has(field.scope) || ("step" in field && field.step !== null));
  });
  return [...asked, ...counted].map((what) => ({
    at,
    problem: `asks ${what}, but is asked of the event that arrives: only event.…, before.… and change.… can be asked here`,
  }));
}
