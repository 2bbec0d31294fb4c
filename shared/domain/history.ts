import type { Change, Message } from "./change.ts";
import type { Condition } from "./condition.ts";
import type { Guess } from "./could-fire.ts";
import { fieldsOf } from "./evaluate.ts";
import { judge } from "./judge.ts";
import type { RecordTrigger } from "./trigger.ts";
import type { Columns } from "./value.ts";

/** One past change of a row, as an organisation with auditing keeps it. */
export interface Audited {
  readonly record: string;
  readonly message: Message;
  /** ISO 8601, whole seconds. */
  readonly at: string;
  /** Lower-case GUIDs of the user, and of the one in whose name; null where the organisation does not say. */
  readonly by: string | null;
  readonly initiatedBy: string | null;
  /** Columns that really changed, those of a creation or deletion all, with what they held; what was empty is null. */
  readonly before: Columns;
  readonly after: Columns;
}

/** The organisation has auditing off, the table has, or Parcours's user lacks the privileges to read it. */
export const NOT_KEPT = ["auditing-off", "table-not-audited", "not-allowed"] as const;
export type NotKept = (typeof NOT_KEPT)[number];

/**
 * The changes with whole rows before and after: from the row as it is now (`rows`, by id; a row that is gone begins with
 * its deletion) back through what each replaced. `audited` are a table's, newest first.
 */
export function rebuilt(
  table: string,
  audited: readonly Audited[],
  rows: ReadonlyMap<string, Columns>,
): readonly Change[] {
  const states = new Map(rows);
  return audited.map(({ record, message, at, by, initiatedBy, before, after }) => {
    const since = states.get(record) ?? {};
    const then = message === "delete" ? null : { ...since, ...after };
    const former = message === "create" ? null : message === "delete" ? before : { ...then, ...before };
    states.set(record, former ?? {});
    const written = message === "delete" ? [] : Object.keys(after);
    return {
      ...{ id: "", organization: "", table, record, message, written, before: former, after: then, at },
      ...{ by: by ?? "", initiatedBy: initiatedBy ?? by ?? "" },
      // Neither is kept: a condition that asks for one of them is not answered by these.
      ...{ depth: 1, tag: null, oversize: false },
    };
  });
}

/**
 * Whether the trigger fired on a change out of the history: unknown where it asks what no history keeps. `rest` is what
 * of its condition rows must tell.
 */
export function wouldFire(
  trigger: RecordTrigger,
  change: Change,
  now: number,
): { readonly guess: Guess; readonly rest?: Condition | undefined } {
  const { condition, ...rest } = trigger;
  const asked = condition !== undefined && asksUnkept(trigger) ? rest : trigger;
  const verdict = judge(asked, change, now);
  if (verdict.kind !== "fired") return { guess: "no" };
  const sure = asked === trigger && verdict.rest === undefined;
  return { guess: sure ? "yes" : "unknown", rest: verdict.rest };
}

/** How deep a change was made, and what its writer said of itself, is in no history. */
export function asksUnkept({ condition, ignore }: RecordTrigger): boolean {
  if (ignore?.imports === true) return true;
  return condition !== undefined && fieldsOf(condition).some((field) => /^change\.(depth|tag)$/.test(field));
}
