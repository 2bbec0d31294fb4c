import { wayName } from "./audience.ts";
import type { Change } from "./change.ts";
import { columnOf } from "./change-lookup.ts";
import type { Condition } from "./condition.ts";
import type { Candidate, TriggerEvent } from "./event.ts";
import { lookupsOf } from "./fields.ts";
import type { AudienceWay, RecordTrigger } from "./trigger.ts";
import { type Columns, type FieldValue, isReference } from "./value.ts";

export interface EventContext {
  readonly id: string;
  /** When Parcours took the change in, ISO 8601. */
  readonly received: string;
  /** The columns that some published version uses: a message carries no others. */
  readonly columns: ReadonlySet<string> | "all";
  readonly changeRef?: string | null;
  readonly hops?: number;
  /** What of the condition only rows can tell; the message carries the lookups by which it reaches them. */
  readonly rest?: Condition | undefined;
}

/** The event of a trigger that a change fired: what goes to the topic. */
export function toEvent(
  trigger: Pick<RecordTrigger, "audience" | "slug">,
  change: Change,
  context: EventContext,
): TriggerEvent {
  const { rest } = context;
  const columns = context.columns === "all" ? "all" : new Set([...context.columns, ...lookupsOf(rest)]);
  return {
    id: context.id,
    trigger: trigger.slug,
    change: change.id,
    at: change.at,
    received: context.received,
    record: { table: change.table, id: change.record },
    candidates: trigger.audience.flatMap((way) => candidatesOf(way, change)),
    member: null,
    run: null,
    step: null,
    before: narrowed(change.before, columns),
    after: narrowed(change.after, columns),
    changeRef: context.changeRef ?? null,
    by: change.by,
    depth: change.depth,
    tag: change.tag,
    message: change.message,
    hops: context.hops ?? 0,
    ...(rest === undefined ? {} : { rest }),
  };
}

/** The event of a contact that was merged into another one, if the change is that. Its person is the one that survives. */
export function mergeEvent(change: Change, context: Pick<EventContext, "id" | "received">): TriggerEvent | undefined {
  const merged = change.table === "contact" && change.after?.merged === true && change.before?.merged !== true;
  if (!merged) return undefined;
  const audience: AudienceWay[] = [{ column: "self", table: "contact" }];
  return toEvent({ slug: "contact-merged", audience }, change, { ...context, columns: new Set(["masterid"]) });
}

/** Whom a way leads to. After a delete, or where the save emptied the lookup, the value before still names somebody. */
function candidatesOf(way: AudienceWay, change: Change): Candidate[] {
  const text = wayName(way);
  if (way.column === "self")
    return change.table === way.table ? [{ way: text, table: way.table, id: change.record }] : [];
  const value: FieldValue = columnOf(change.after, way.column) ?? columnOf(change.before, way.column);
  if (!isReference(value) || value.table !== (way.through?.table ?? way.table)) return [];
  if (way.through !== undefined) return [{ way: text, table: way.table, through: { ...way.through, id: value.id } }];
  return [{ way: text, table: way.table, id: value.id }];
}

function narrowed(columns: Columns | null, wanted: ReadonlySet<string> | "all"): Columns {
  if (columns === null) return {};
  if (wanted === "all") return columns;
  return Object.fromEntries(Object.entries(columns).filter(([column]) => wanted.has(column)));
}
