import { columnOf } from "./change-lookup.ts";
import type { Lookup } from "./compare.ts";
import type { Comparison, Condition } from "./condition.ts";
import { fieldsOf, holds, isAtHand } from "./evaluate.ts";
import { parseField } from "./fields.ts";
import { same } from "./sameness.ts";
import { needsRows, restOf } from "./split.ts";
import type { RecordTrigger } from "./trigger.ts";
import type { Columns } from "./value.ts";

/** Whether a condition held at a change of which only the row as it is now is known. */
export type Guess = "yes" | "no" | "unknown";

/** A row's creation or last save, as far as the row itself tells of it. */
export interface PastChange {
  readonly message: "create" | "update";
  /** ISO 8601. */
  readonly at: string;
  /** The row as it is now. */
  readonly now: Columns;
}

/** The changes of a row, since a moment, that the trigger listens to: its creation and its last save. */
export function pastChanges(trigger: RecordTrigger, row: Columns, since: number): readonly PastChange[] {
  const created = momentIn(row.createdon);
  const modified = momentIn(row.modifiedon);
  const changes: PastChange[] = [];
  if (trigger.created && created !== undefined && created >= since)
    changes.push({ message: "create", at: new Date(created).toISOString(), now: row });
  // A save in the very second of the creation can't be told from it.
  if (trigger.updated !== undefined && modified !== undefined && modified >= since && modified !== created)
    changes.push({ message: "update", at: new Date(modified).toISOString(), now: row });
  return changes;
}

/** What a trigger would have done at a past change: `no` is sure as far as the row still is as it was. */
export function couldFire(trigger: RecordTrigger, change: PastChange, now: number): Guess {
  const guess = trigger.condition === undefined ? "yes" : couldHold(trigger.condition, change, now);
  // Who made it is kept nowhere.
  return guess === "yes" && asksWho(trigger) ? "unknown" : guess;
}

/** Whether it matters to the trigger who or what made a change. */
export function asksWho({ by, ignore, condition }: RecordTrigger): boolean {
  if (by !== undefined || (ignore !== undefined && (ignore.imports || ignore.users.length > 0))) return true;
  return condition !== undefined && fieldsOf(condition).some((field) => /^change\.(by|depth|tag)$/.test(field));
}

function couldHold(condition: Condition, change: PastChange, now: number): Guess {
  switch (condition.kind) {
    case "all":
    case "any": {
      const guesses = condition.of.map((part) => couldHold(part, change, now));
      const deciding: Guess = condition.kind === "all" ? "no" : "yes";
      if (guesses.includes(deciding)) return deciding;
      if (guesses.includes("unknown")) return "unknown";
      return condition.kind === "all" ? "yes" : "no";
    }
    case "not":
      return INVERSE[couldHold(condition.of, change, now)];
    case "compare":
      return compared(condition, change, now);
    // How many there were then is kept nowhere.
    case "has":
    case "has-no":
    case "count":
      return "unknown";
  }
}

/**
 * What of the trigger's condition rows can still tell when the past change is brought now; what nobody knows of it
 * counts for it, as a perhaps does. Undefined where no row is asked.
 */
export function restAt(trigger: RecordTrigger, change: PastChange, now: number): Condition | undefined {
  if (trigger.condition === undefined || !needsRows(trigger.condition)) return undefined;
  const rest = restOf(ofRows(trigger.condition, change, now, true), () => undefined);
  return typeof rest === "boolean" ? undefined : rest;
}

/** The condition with each part that asks no row as it came out, or as it would have to. */
function ofRows(condition: Condition, change: PastChange, now: number, towards: boolean): Condition {
  switch (condition.kind) {
    case "all":
    case "any":
      return { kind: condition.kind, of: condition.of.map((part) => ofRows(part, change, now, towards)) };
    case "not":
      return { kind: "not", of: ofRows(condition.of, change, now, !towards) };
    default: {
      if (needsRows(condition)) return condition;
      const guess = couldHold(condition, change, now);
      return { kind: guess === "yes" || (guess === "unknown" && towards) ? "all" : "any", of: [] };
    }
  }
}

const INVERSE: Readonly<Record<Guess, Guess>> = { yes: "no", no: "yes", unknown: "unknown" };

function compared(comparison: Comparison, change: PastChange, now: number): Guess {
  const field = parseField(comparison.field);
  if (field === undefined) return "no";
  if (!isAtHand(comparison.field)) return "unknown";
  // Who made it, and by what, is kept nowhere.
  if (field.scope === "change" && field.name !== "message") return "unknown";
  if (change.message === "update") {
    if (field.scope === "before" || comparison.op === "changed" || comparison.op === "changed-from") return "unknown";
    if (comparison.op === "changed-to")
      return same(columnOf(change.now, field.name), comparison.value) ? "unknown" : "no";
  }
  return holds(comparison, lookupOf(change), now) ? "yes" : "no";
}

function lookupOf({ message, now }: PastChange): Lookup {
  return (path) => {
    const dot = path.indexOf(".");
    const scope = path.slice(0, dot);
    if (scope === "change") return message;
    return scope === "event" ? columnOf(now, path.slice(dot + 1)) : null;
  };
}

function momentIn(value: unknown): number | undefined {
  const at = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}
