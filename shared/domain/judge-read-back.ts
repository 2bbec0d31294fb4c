import { disregarded } from "./authors.ts";
import type { Change } from "./change.ts";
import { factsOf } from "./change-lookup.ts";
import { compare, fieldAfter, fieldBefore } from "./compare.ts";
import type { Comparison, Condition } from "./condition.ts";
import { explain, fieldsOf, isAtHand } from "./evaluate.ts";
import type { NotFired } from "./judge.ts";
import { listens } from "./listens.ts";
import { differs, known } from "./read-back.ts";
import { same } from "./sameness.ts";
import { type Known, restOf } from "./split.ts";
import type { RecordTrigger } from "./trigger.ts";
import type { FieldValue } from "./value.ts";

/** What can be told of a trigger at a change that was read back. `asks`: what would have to be known, as field paths. */
export type Told =
  | { readonly kind: "fired"; readonly rest?: Condition }
  | { readonly kind: "not-fired"; readonly failed: NotFired }
  | { readonly kind: "unknown"; readonly asks: readonly string[] }
  | { readonly kind: "not-meant" };

/** Whether a trigger fires on a change that came without its values: what these decide is told, the rest is unknown. */
export function judgeReadBack(trigger: RecordTrigger, change: Change, now: number): Told {
  if (trigger.table !== change.table || !listens(trigger, change.message)) return { kind: "not-meant" };
  const aside = disregarded(trigger, change);
  if (aside !== undefined) return { kind: "not-fired", failed: aside };
  const columns = toldByColumns(trigger, change);
  if (columns === "not-changed") return { kind: "not-fired", failed: columns };
  const asks = [...columns, ...askedOfAudience(trigger, change)];
  const condition = toldByCondition(trigger, change, now);
  if (condition.kind === "not-fired") return condition;
  if (condition.kind === "unknown") asks.push(...condition.asks);
  return asks.length > 0 ? { kind: "unknown", asks: [...new Set(asks)] } : condition;
}

/** What must be known of the columns that an update has to touch; nothing where it is. */
function toldByColumns({ updated }: RecordTrigger, change: Change): "not-changed" | readonly string[] {
  if (change.message !== "update" || updated === undefined) return [];
  // Any update includes some column.
  if (updated.columns === "any") return updated.onlyWhenChanged && change.written.length === 0 ? ["before.*"] : [];
  const each = updated.columns.map((column) => [column, differs(change, column)] as const);
  if (each.some(([, differ]) => differ === true)) return [];
  const open = each.filter(([, differ]) => differ === undefined);
  // As far as was seen: there and back between two changes that never came leaves no trace.
  if (updated.onlyWhenChanged && open.length === 0) return "not-changed";
  return (open.length === 0 ? each : open).map(([column]) => fieldBefore(`event.${column}`));
}

/** Where a row is gone, nobody may know whom it was about. */
function askedOfAudience({ audience }: RecordTrigger, { after, before }: Change): string[] {
  if (audience.some(({ column }) => column === "self" || isKnown(after, column) || isKnown(before, column))) return [];
  return audience.map(({ column }) => (after === null ? `before.${column}` : `event.${column}`));
}

/** A null after a delete is no answer: who it was about stood in the values before. */
function isKnown(columns: Change["after"], column: string): boolean {
  return columns !== null && known(columns, column) !== undefined;
}

function toldByCondition(
  { condition }: RecordTrigger,
  change: Change,
  now: number,
): Exclude<Told, { kind: "not-meant" }> {
  if (condition === undefined) return { kind: "fired" };
  const { lookup } = factsOf(change);
  const outcome: Known = (part) => (part.kind === "compare" ? outcomeOf(part, change, now) : undefined);
  const rest = restOf(condition, outcome);
  if (rest === true) return { kind: "fired" };
  if (rest === false) {
    const failed = explain(leaning(condition, outcome, true), lookup, now);
    return { kind: "not-fired", failed: failed ?? "not-changed" };
  }
  const asks = fieldsOf(rest).filter((field) => isAtHand(field) && knownValue(change, field) === undefined);
  return asks.length > 0 ? { kind: "unknown", asks } : { kind: "fired", rest };
}

/** What a comparison comes out as; undefined where a value that it needs is unknown, or only rows tell it. */
function outcomeOf(comparison: Comparison, change: Change, now: number): boolean | undefined {
  const { field, op } = comparison;
  if (!isAtHand(field)) return undefined;
  const needed = fieldsOf(comparison);
  if (needed.every((each) => knownValue(change, each) !== undefined))
    return compare(comparison, factsOf(change).lookup, now);
  // One of the two sides may say already that it can't be.
  const side = op === "changed-to" ? fieldAfter(field) : op === "changed-from" ? fieldBefore(field) : undefined;
  const seen = side === undefined ? undefined : knownValue(change, side);
  return seen !== undefined && "value" in comparison && !same(seen, comparison.value) ? false : undefined;
}

function knownValue(change: Change, field: string): FieldValue | undefined {
  const [scope = "", name = ""] = field.split(".");
  if (scope === "event") return known(change.after, name);
  if (scope === "before") return known(change.before, name);
  if (change.readBack?.why !== "oversize" && name === "tag" && change.tag === null) return undefined;
  if (change.readBack?.why === "change-tracking" && name === "depth") return undefined;
  return factsOf(change).lookup(field);
}

/** The condition with each unknown part as it would have to be for the whole to hold: what fails then is known to. */
function leaning(condition: Condition, outcome: Known, towards: boolean): Condition {
  switch (condition.kind) {
    case "all":
    case "any":
      return { kind: condition.kind, of: condition.of.map((part) => leaning(part, outcome, towards)) };
    case "not":
      return { kind: "not", of: leaning(condition.of, outcome, !towards) };
    default:
      return outcome(condition) === undefined ? { kind: towards ? "all" : "any", of: [] } : condition;
  }
}
