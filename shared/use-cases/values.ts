import { type Counting, type Counts, NO_COUNTS } from "../domain/child-rows.ts";
import type { TriggerEvent } from "../domain/event.ts";
import { eventLookup } from "../domain/event-lookup.ts";
import { parseField } from "../domain/fields.ts";
import type { RunState } from "../domain/run.ts";
import type { Columns, FieldValue } from "../domain/value.ts";
import { completeEvent } from "./complete-event.ts";
import type { Deps } from "./deps.ts";
import { readRows } from "./read-rows.ts";

/** Values as a step sees them, only those that it names. */
export interface Values {
  readonly event: Columns;
  readonly before: Columns;
  /** As they are now; a deleted row gives its last image. */
  readonly record: Columns;
  readonly audience: Columns;
  readonly related: Readonly<Record<string, Columns>>;
  /** Awaited events by the name of their step, with the long columns that were named. */
  readonly awaited: RunState["awaited"];
  readonly lookup: (path: string) => FieldValue;
  readonly counts: Counts;
}

type Needs = Pick<Deps, "changes" | "clock" | "dataverse">;

/** What a lookup can see of a run; at entry there is no more than the event and its person. */
export interface Seen {
  /** Null where the event names nobody. */
  readonly member: string | null;
  readonly entry: TriggerEvent;
  /** The event is only just coming in: the lookups that it brings need not be read. */
  readonly entering?: boolean;
  readonly surveys: RunState["surveys"];
  readonly codes: RunState["codes"];
  readonly awaited: RunState["awaited"];
}

/** Reads what the fields name and what is counted, each row once, all of it in one request where that can be. */
export async function readValues(
  fields: readonly string[],
  seen: Seen,
  deps: Needs,
  countings: readonly Counting[] = [],
): Promise<Values> {
  const wanted = {
    event: new Set<string>(),
    before: new Set<string>(),
    record: new Set<string>(),
    audience: new Set<string>(),
  };
  const related = new Map<string, Set<string>>();
  const awaited: Record<string, TriggerEvent> = { ...seen.awaited };
  for (const path of fields) {
    const field = parseField(path);
    if (field === undefined) continue;
    if (field.scope === "related") related.set(field.lookup, (related.get(field.lookup) ?? new Set()).add(field.name));
    else if (field.scope === "event" && field.step !== null) {
      const event = awaited[field.step];
      if (event === undefined)
        wanted.event.add(field.step); // a part of a column's value
      else awaited[field.step] = await withLong(event, field.name, deps);
    } else if (field.step === null && field.scope in wanted) wanted[field.scope as keyof typeof wanted].add(field.name);
  }
  const entry = await completeEvent(seen.entry, wanted.event, wanted.before, deps);
  const about = { member: seen.member, entry: seen.entry, entering: seen.entering === true };
  const asked = { record: [...wanted.record], audience: [...wanted.audience], related, countings };
  const rows = await readRows(asked, about, deps);
  // A deleted row gives its last image.
  const gone = { ...seen.entry.after, ...entry.after };
  const record = wanted.record.size === 0 || entry.record === null ? {} : (rows.record ?? gone);
  const values = { event: entry.after, before: entry.before, record, audience: rows.audience, related: rows.related };
  const all = { ...values, awaited, counts: countings.length === 0 ? NO_COUNTS : rows.counts };
  return { ...all, lookup: (path) => valueAt(path, { ...seen, entry }, all) };
}

async function withLong(event: TriggerEvent, column: string, deps: Needs): Promise<TriggerEvent> {
  const { after } = await completeEvent(event, new Set([column]), new Set(), deps);
  return { ...event, after: { ...event.after, ...after } };
}

/** Columns of a member's row now; nothing where the row is gone. `member` is `contact:<guid>` or `lead:<guid>`. */
export async function readMember(
  member: string,
  columns: readonly string[],
  deps: Pick<Deps, "dataverse">,
): Promise<Columns> {
  if (columns.length === 0) return {};
  const [table = "", id = ""] = member.split(":");
  return (await deps.dataverse.read(table, id, columns)) ?? {};
}

function valueAt(path: string, seen: Seen, values: Omit<Values, "lookup">): FieldValue {
  const field = parseField(path);
  if (field === undefined) return null;
  switch (field.scope) {
    case "event":
      return (field.step === null ? values.event[field.name] : values.awaited[field.step]?.after[field.name]) ?? null;
    case "survey":
      return seen.surveys[field.step]?.[field.name] ?? null;
    case "discount":
      return seen.codes[field.step] ?? null;
    case "related":
      return values.related[field.lookup]?.[field.name] ?? null;
    case "change":
      return eventLookup(seen.entry)(path);
    default:
      return values[field.scope][field.name] ?? null;
  }
}
