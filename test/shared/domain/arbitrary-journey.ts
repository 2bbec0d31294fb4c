import fc from "fast-check";
import { type Journey, journey } from "../../../shared/domain/journey.ts";
import { exitsOf } from "../../../shared/domain/steps/kinds.ts";

export const TRIGGERS = ["case-resolved", "order-created", "case-touched", "mail-clicked"] as const;
const IDS = ["a", "b", "c", "d", "e", "f"] as const;

const trigger = fc.constantFrom(...TRIGGERS);
const target = fc.option(fc.constantFrom(...IDS), { nil: null, freq: 3 });
const duration = fc.constantFrom("PT1S", "PT1H", "P1D", "P1M", "P7DT1H", "P2W", "PT0S", "P99999Y");
const condition = fc.option(
  fc.record({
    kind: fc.constant("compare"),
    field: fc.constantFrom("event.amount", "before.amount", "change.depth", "event.a.amount", "survey.a.q"),
    op: fc.constantFrom("gt", "ne"),
    value: fc.nat({ max: 3 }),
  }),
  { nil: undefined },
);

const step = fc.oneof(
  fc.record({ kind: fc.constant("email"), mail: fc.constant("m"), next: target }),
  fc.record({
    ...{ kind: fc.constant("survey"), survey: fc.constant("s"), mail: fc.constant("m") },
    ...{ within: duration, answered: target, unanswered: target },
  }),
  fc.record({ kind: fc.constant("discount"), pool: fc.constant("p"), next: target }),
  fc.record({ kind: fc.constant("wait"), duration, next: target }),
  fc.record({
    ...{ kind: fc.constant("wait-for"), trigger, condition, sameRecord: fc.boolean(), within: duration },
    ...{ since: fc.constantFrom("entry", "now"), happened: target, elapsed: target },
  }),
  fc.record({
    kind: fc.constant("branch"),
    arms: fc.array(
      fc.record({
        name: fc.constantFrom("left", "right", "otherwise"),
        when: fc.constant({ kind: "compare", field: "event.amount", op: "gt", value: 1 }),
        next: target,
      }),
      { minLength: 1, maxLength: 3 },
    ),
    otherwise: target,
  }),
  fc.record({ kind: fc.constant("exit"), reason: fc.constant("enough") }),
);

const ending = fc.record({ name: fc.constantFrom("one", "two"), trigger, condition, sameRecord: fc.boolean() });

/** Documents as careless authors write them: some are journeys, some are not. */
export const document = fc.record({
  slug: fc.constant("random"),
  name: fc.constant("Random"),
  entry: fc.record({ trigger }),
  goals: fc.array(ending, { maxLength: 2 }),
  exits: fc.array(ending, { maxLength: 2 }),
  start: fc.constantFrom(...IDS),
  steps: fc.dictionary(fc.constantFrom(...IDS), step, { minKeys: 1 }),
});

/** The journey that a document is, without the steps that no way leads to; undefined where no schema reads it. */
export function readable(given: unknown): Journey | undefined {
  const parsed = journey.safeParse(given);
  if (!parsed.success) return undefined;
  const reached = reachable(parsed.data);
  return {
    ...parsed.data,
    steps: Object.fromEntries(Object.entries(parsed.data.steps).filter(([id]) => reached.has(id))),
  };
}

function reachable({ start, steps }: Journey): Set<string> {
  const reached = new Set<string>();
  const open = [start];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const one = steps[id];
    if (one === undefined || reached.has(id)) continue;
    reached.add(id);
    for (const to of Object.values(exitsOf(one))) if (to !== null) open.push(to);
  }
  return reached;
}

/** Whether some way through the journey comes back to where it was. */
export function turns({ steps }: Journey): boolean {
  const open = new Set<string>();
  const done = new Set<string>();
  const visit = (id: string): boolean => {
    const one = steps[id];
    if (one === undefined || done.has(id)) return false;
    if (open.has(id)) return true;
    open.add(id);
    const back = Object.values(exitsOf(one)).some((to) => to !== null && visit(to));
    open.delete(id);
    done.add(id);
    return back;
  };
  return Object.keys(steps).some(visit);
}
