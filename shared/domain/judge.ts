import { type Disregarded, disregarded } from "./authors.ts";
import type { Change } from "./change.ts";
import { type ChangeFacts, factsOf } from "./change-lookup.ts";
import { compare } from "./compare.ts";
import type { Condition } from "./condition.ts";
import { isOfEachSave } from "./each-save.ts";
import { explainAtHand, type Failed, fieldsOf, isAtHand } from "./evaluate.ts";
import { listens } from "./listens.ts";
import { type Known, needsRows, restOf } from "./split.ts";
import type { RecordTrigger } from "./trigger.ts";

/** Why a trigger that was looked at did not fire. `oversize`: the change came without the values it would need. */
export type NotFired = Failed | Disregarded | "not-included" | "not-changed" | "oversize";

export type Verdict =
  /** `rest`: what of the condition only rows can tell; the consumer reads them, once, and decides. */
  | { readonly kind: "fired"; readonly rest?: Condition }
  | { readonly kind: "not-fired"; readonly failed: NotFired }
  | { readonly kind: "not-meant" };

const FIRED: Verdict = { kind: "fired" };
/** Of another table, or of a message that the trigger does not listen to. */
const NOT_MEANT: Verdict = { kind: "not-meant" };

/** Whether one trigger fires on one change, and why not. The rule itself; the matcher's index only skips calls to it. */
export function judge(
  trigger: RecordTrigger,
  change: Change,
  now: number,
  facts: ChangeFacts = factsOf(change),
): Verdict {
  if (trigger.table !== change.table || !listens(trigger, change.message)) return NOT_MEANT;
  const aside = disregarded(trigger, change);
  if (aside !== undefined) return notFired(aside);
  if (change.oversize && needsValues(trigger, change)) return notFired("oversize");
  if (change.message === "update" && trigger.updated !== undefined) {
    const { columns, onlyWhenChanged } = trigger.updated;
    const meant = columns === "any" ? change.written : columns;
    let included = false;
    let differs = false;
    for (const column of meant) {
      if (columns !== "any" && !change.written.includes(column)) continue;
      included = true;
      differs = onlyWhenChanged && facts.differs(column) && !(columns === "any" && isOfEachSave(column, change));
      if (differs) break;
    }
    // An oversize change names no columns; who listens to any of them needs none named.
    if (!included && !change.oversize) return notFired("not-included");
    if (onlyWhenChanged && !differs) return notFired("not-changed");
  }
  if (trigger.condition === undefined) return FIRED;
  const failed = explainAtHand(trigger.condition, facts.lookup, now);
  if (failed !== undefined) return notFired(failed);
  const rest = needsRows(trigger.condition) ? restOf(trigger.condition, atHand(facts, now)) : true;
  return typeof rest === "boolean" ? FIRED : { kind: "fired", rest };
}

/** What the change itself tells of a condition's parts. */
function atHand({ lookup }: ChangeFacts, now: number): Known {
  return (part) => (part.kind === "compare" && isAtHand(part.field) ? compare(part, lookup, now) : undefined);
}

/** The platform left out what was written and all images: only facts about the change itself can be asked. */
function needsValues(trigger: RecordTrigger, change: Change): boolean {
  if (change.message === "update" && (trigger.updated?.columns !== "any" || trigger.updated.onlyWhenChanged))
    return true;
  return trigger.condition !== undefined && asksForColumns(trigger.condition);
}

function asksForColumns(condition: Condition): boolean {
  return fieldsOf(condition).some((field) => isAtHand(field) && !field.startsWith("change."));
}

function notFired(failed: NotFired): Verdict {
  return { kind: "not-fired", failed };
}
