import type { Condition } from "./condition.ts";
import { isAtHand } from "./evaluate.ts";

/** What one part of a condition comes out as; undefined where only rows can tell. */
export type Known = (part: Exclude<Condition, { readonly kind: "all" | "any" | "not" }>) => boolean | undefined;

/** What decided parts leave of a condition: an answer, or the smaller condition that rows must still decide. */
export function restOf(condition: Condition, known: Known): Condition | boolean {
  switch (condition.kind) {
    case "all":
    case "any": {
      const deciding = condition.kind === "any";
      const open: Condition[] = [];
      for (const part of condition.of) {
        const rest = restOf(part, known);
        if (rest === deciding) return deciding;
        if (typeof rest !== "boolean") open.push(rest);
      }
      const [first, ...others] = open;
      if (first === undefined) return !deciding;
      return others.length === 0 ? first : { kind: condition.kind, of: open };
    }
    case "not": {
      const rest = restOf(condition.of, known);
      return typeof rest === "boolean" ? !rest : { kind: "not", of: rest };
    }
    default:
      return known(condition) ?? condition;
  }
}

/** Whether a part can only be decided by reading rows: the person's, a related one, or rows that are counted. */
function asksRows(part: Condition): boolean {
  switch (part.kind) {
    case "compare":
      return !isAtHand(part.field);
    case "all":
    case "any":
      return part.of.some(needsRows);
    case "not":
      return needsRows(part.of);
    default:
      return true;
  }
}

/** Whether some part of a condition asks rows. Remembered: it is asked at each change. */
export function needsRows(condition: Condition): boolean {
  let needs = NEEDS.get(condition);
  if (needs === undefined) {
    needs = asksRows(condition);
    NEEDS.set(condition, needs);
  }
  return needs;
}

const NEEDS = new WeakMap<Condition, boolean>();
