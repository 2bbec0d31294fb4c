import type { Change } from "./change.ts";
import { changeLookup, columnOf } from "./change-lookup.ts";
import type { Condition } from "./condition.ts";
import { explain, type Failed, fieldsOf, type Lookup } from "./evaluate.ts";
import { same } from "./sameness.ts";
import type { RecordTrigger } from "./trigger.ts";

/** Why a trigger that was looked at did not fire. `oversize`: the change came without the values it would need. */
export type NotFired = Failed | "not-included" | "not-changed" | "oversize";

export type Verdict =
  | { readonly kind: "fired" }
  | { readonly kind: "not-fired"; readonly failed: NotFired }
  | { readonly kind: "not-meant" };

const FIRED: Verdict = { kind: "fired" };
/** Of another table, or of a message that the trigger does not listen to. */
const NOT_MEANT: Verdict = { kind: "not-meant" };

/** Columns that each save writes: they tell nothing about what the author meant by "any column changed". */
const AUDIT = new Set(["modifiedon", "modifiedby", "modifiedonbehalfby", "versionnumber", "timezoneruleversionnumber"]);

/** Whether one trigger fires on one change, and why not. The rule itself; the matcher's index only skips calls to it. */
export function judge(
  trigger: RecordTrigger,
  change: Change,
  now: number,
  lookup: Lookup = changeLookup(change),
): Verdict {
  if (trigger.table !== change.table || !listens(trigger, change)) return NOT_MEANT;
  if (change.oversize && needsValues(trigger, change)) return notFired("oversize");
  if (change.message === "update" && trigger.updated !== undefined) {
    const { columns, onlyWhenChanged } = trigger.updated;
    const included = columns === "any" ? change.written : columns.filter((column) => change.written.includes(column));
    // An oversize change names no columns; who listens to any of them needs none named.
    if (included.length === 0 && !change.oversize) return notFired("not-included");
    if (onlyWhenChanged && !included.some((column) => changed(column, change, columns === "any")))
      return notFired("not-changed");
  }
  if (trigger.condition === undefined) return FIRED;
  const failed = explain(trigger.condition, lookup, now);
  return failed === undefined ? FIRED : notFired(failed);
}

function listens(trigger: RecordTrigger, change: Change): boolean {
  switch (change.message) {
    case "create":
      return trigger.created;
    case "update":
      return trigger.updated !== undefined;
    case "delete":
      return trigger.deleted;
  }
}

/** The platform left out what was written and all images: only facts about the change itself can be asked. */
function needsValues(trigger: RecordTrigger, change: Change): boolean {
  if (change.message === "update" && (trigger.updated?.columns !== "any" || trigger.updated.onlyWhenChanged))
    return true;
  return trigger.condition !== undefined && asksForColumns(trigger.condition);
}

function asksForColumns(condition: Condition): boolean {
  return fieldsOf(condition).some((field) => !field.startsWith("change."));
}

/** Against the pre-image, in which a column that is absent is null. */
function changed(column: string, change: Change, any: boolean): boolean {
  const after = columnOf(change.after, column);
  // The primary key is written with each save, and no pre-image need hold it.
  if (any && (AUDIT.has(column) || after === change.record)) return false;
  return !same(columnOf(change.before, column), after);
}

function notFired(failed: NotFired): Verdict {
  return { kind: "not-fired", failed };
}
