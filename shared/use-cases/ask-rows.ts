import type { Condition } from "../domain/condition.ts";
import type { RowsDecision } from "../domain/decision.ts";
import { countingsOf, explain, fieldsOf } from "../domain/evaluate.ts";
import { eventTime, type TriggerEvent } from "../domain/event.ts";
import type { FieldValue } from "../domain/value.ts";
import type { Deps } from "./deps.ts";
import { shortened } from "./fit-message.ts";
import { readValues } from "./values.ts";

/**
 * Whether what only rows could tell of a trigger's condition held when its event came in. Asked once, with one read:
 * a later delivery of the same event, a replay too, follows what was decided then. The reason and the values seen are
 * kept under the record. @throws DATAVERSE_UNAVAILABLE, DATAVERSE_REFUSED
 */
export async function rowsHold(
  event: TriggerEvent,
  rest: Condition,
  deps: Pick<Deps, "changes" | "clock" | "dataverse" | "decisions">,
): Promise<boolean> {
  const { record } = event;
  if (record === null) return true;
  const about = `${record.table}:${record.id}`;
  const kept = await deps.decisions.rows(about, eventTime(event), event.id);
  if (kept !== undefined) return kept.outcome === "fired";

  const seen = { member: event.member, entry: event, entering: true, surveys: {}, codes: {}, awaited: {} };
  const fields = fieldsOf(rest);
  const countings = countingsOf(rest);
  const { lookup, counts } = await readValues(fields, seen, deps, countings);
  const now = deps.clock.now();
  const failed = explain(rest, lookup, now, counts);
  const values: [string, FieldValue][] = fields.map((field) => [field, lookup(field)]);
  const numbers = countings.map((counting) => ({ counting, found: counts.get(counting) ?? 0 }));
  const decision: RowsDecision = {
    ...{ kind: "rows", at: eventTime(event), event: event.id, trigger: event.trigger, change: event.change },
    ...{ outcome: failed === undefined ? "fired" : "not-fired", decidedAt: now },
    ...{ values: Object.fromEntries(values), counts: numbers },
    failed: failed === undefined ? null : shortened(failed),
  };
  return (await deps.decisions.once(about, decision)).outcome === "fired";
}
