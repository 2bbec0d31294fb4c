import { fieldsOf } from "../evaluate.ts";
import { lookupsOf } from "../fields.ts";
import type { RecordTrigger } from "../trigger.ts";
import {
  type ColumnSet,
  columnSet,
  type Endpoint,
  keyOf,
  type RegisteredMessage,
  union,
  type Wanted,
  type WantedStep,
} from "./registration.ts";

/** Columns that published versions use of a trigger's events, by its slug. */
export type UsesByTrigger = ReadonlyMap<string, ReadonlySet<string>>;

/** Dataverse marks the loser of a merge so: `contact-merged` is made of it, whatever triggers there are. */
const MERGES: WantedStep = {
  table: "contact",
  message: "Update",
  columns: ["masterid", "merged"],
  pre: ["merged"],
  post: ["masterid"],
  enabled: true,
};

/**
 * What Dataverse must tell for these triggers: one step for each table and message, with the columns of all triggers
 * on it, and images of just the columns that they need. Nothing at all without triggers.
 */
export function wantedRegistrations(
  triggers: readonly RecordTrigger[],
  uses: UsesByTrigger,
  endpoint: Endpoint,
): Wanted {
  if (triggers.length === 0) return { endpoint: null, steps: [] };
  const steps = triggers.flatMap((trigger) => stepsOf(trigger, uses.get(trigger.slug) ?? new Set()));
  return { endpoint, steps: joined([...steps, MERGES]) };
}

/**
 * What may stand while something is about to be published, or just stopped: the columns that are delivered now, with
 * images that suffice for what comes too; what is only coming is there, switched off. So a change is evaluated with
 * all that it needs, whichever catalogue a process has.
 */
export function prepared(live: Wanted, coming: Wanted): Wanted {
  const enabled = new Map(live.steps.map((step) => [keyOf(step), step]));
  const steps = joined([...live.steps, ...coming.steps]).map((step) => {
    const now = enabled.get(keyOf(step));
    return now === undefined ? { ...step, enabled: false } : { ...step, columns: now.columns };
  });
  return { endpoint: live.endpoint ?? coming.endpoint, steps };
}

/** Without tables and columns that the organisation no longer has: `known` answers undefined for a table that is gone. */
export function existing(wanted: Wanted, known: (table: string) => ReadonlySet<string> | undefined): Wanted {
  const steps = wanted.steps.flatMap((step): WantedStep[] => {
    const there = known(step.table);
    if (there === undefined) return [];
    const columns = among(step.columns, there) ?? [];
    // An empty list would mean every column; a step of which no column is left can't fire.
    if (columns.length === 0) return [];
    return [{ ...step, columns, pre: imageOf(among(step.pre, there)), post: imageOf(among(step.post, there)) }];
  });
  return { ...wanted, steps };
}

function among(set: ColumnSet | null, there: ReadonlySet<string>): ColumnSet | null {
  return set === null || set === "all" ? set : set.filter((column) => there.has(column));
}

function stepsOf(trigger: RecordTrigger, uses: ReadonlySet<string>): WantedStep[] {
  const audience = trigger.audience.map((way) => way.column).filter((column) => column !== "self");
  const asked = trigger.condition === undefined ? [] : fieldsOf(trigger.condition);
  const before = columnSet([...audience, ...uses, ...named("before", asked)]);
  // What leads to the rows that the condition asks: read off the values after, and after a delete off those before.
  const lookups = lookupsOf(trigger.condition);
  const after = columnSet([...audience, ...uses, ...named("event", asked), ...lookups]);
  const { created, updated, deleted, table } = trigger;
  const step = (message: RegisteredMessage, columns: ColumnSet, pre: ColumnSet, post: ColumnSet): WantedStep => ({
    table,
    message,
    columns,
    pre: message === "Create" ? null : imageOf(pre),
    post: message === "Delete" ? null : imageOf(post),
    enabled: true,
  });
  const steps: WantedStep[] = [];
  if (created) steps.push(step("Create", "all", [], after));
  if (updated !== undefined) {
    const columns = updated.columns === "any" ? "all" : columnSet(updated.columns);
    // Whether a column really changed shows only beside the value that it had.
    // What is the only column that counts comes with each save that counts: no image need hold it.
    const brought = columns !== "all" && columns.length === 1 ? columns : [];
    const image = after.filter((column) => !brought.includes(column));
    steps.push(step("Update", columns, updated.onlyWhenChanged ? union(before, columns) : before, image));
  }
  // Nothing is left after a delete: whoever it was about stands in the values before.
  if (deleted) steps.push(step("Delete", "all", union(before, lookups), []));
  return steps;
}

function named(scope: string, fields: readonly string[]): string[] {
  return fields.flatMap((field) => (field.startsWith(`${scope}.`) ? (field.split(".")[1] ?? []) : []));
}

function imageOf(columns: ColumnSet | null): ColumnSet | null {
  return columns === null || columns.length === 0 ? null : columns;
}

function joined(steps: readonly WantedStep[]): WantedStep[] {
  const byKey = new Map<string, WantedStep>();
  for (const step of steps) {
    const there = byKey.get(keyOf(step));
    byKey.set(keyOf(step), there === undefined ? step : both(there, step));
  }
  return [...byKey.values()].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

function both(one: WantedStep, other: WantedStep): WantedStep {
  return {
    ...one,
    columns: union(one.columns, other.columns),
    pre: joinedImage(one.pre, other.pre),
    post: joinedImage(one.post, other.post),
  };
}

function joinedImage(one: ColumnSet | null, other: ColumnSet | null): ColumnSet | null {
  if (one === null || other === null) return one ?? other;
  return union(one, other);
}
