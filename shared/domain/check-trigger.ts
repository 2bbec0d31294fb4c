import { columnIn, conditionProblems, missing, type Place } from "./check-condition.ts";
import { type ColumnInfo, isPersonTable, type TableInfo } from "./metadata.ts";
import { suggestion } from "./suggestion.ts";
import type { AudienceWay, RecordTrigger } from "./trigger.ts";
import type { Problem } from "./validate.ts";

/** Lookups of tables one row away, by table. */
export type NearLookups = ReadonlyMap<string, readonly ColumnInfo[]>;

/**
 * What the organisation says against a trigger, and where. `tables` are all that it has, `near` the lookups of those
 * that ways of the audience pass through, `asked` those that `tablesAsked` names for the condition.
 */
export function triggerProblems(
  trigger: RecordTrigger,
  table: TableInfo | undefined,
  tables: readonly { readonly table: string }[],
  near: NearLookups,
  asked: ReadonlyMap<string, TableInfo>,
): readonly Problem[] {
  if (table === undefined) {
    const like = suggestion(
      trigger.table,
      tables.map((each) => each.table),
    );
    return [{ at: "table", problem: `the organisation has no table "${trigger.table}"${like}` }];
  }
  const names = tables.map((each) => each.table);
  const place = { ...CHANGE, event: table, record: table, people: peopleOf(trigger), tables: asked, names };
  return [
    ...messageProblems(trigger),
    ...trigger.audience.flatMap((way, at) => wayProblems(way, `audience.${at}`, table, near)),
    ...listenedProblems(trigger, table),
    ...(trigger.condition === undefined ? [] : conditionProblems(trigger.condition, "condition", place)),
  ];
}

/** What can be asked when a change arrives. */
const CHANGE: Pick<Place, "scopes" | "instead"> = {
  scopes: ["event", "before", "change", "audience", "related"],
  instead: "is not known when a change arrives: ask event.… or before.… here, or ask it in the journey",
};

/** Tables that a trigger's people stand in: an account stands for its primary contact. */
export function peopleOf({ audience }: Pick<RecordTrigger, "audience">): readonly string[] {
  return [...new Set(audience.map(({ table }) => (table === "account" ? "contact" : table)))];
}

function messageProblems(trigger: RecordTrigger): Problem[] {
  if (trigger.created || trigger.deleted || trigger.updated !== undefined) return [];
  return [{ at: "updated", problem: "listens to nothing: choose created, updated or deleted" }];
}

function wayProblems(way: AudienceWay, at: string, table: TableInfo, near: NearLookups): Problem[] {
  if (way.column === "self")
    return table.table === way.table
      ? []
      : [{ at: `${at}.column`, problem: `a row of ${table.table} is no ${way.table}: choose a lookup to one` }];
  const column = columnIn(table, way.column);
  if (column === undefined) return [missing(`${at}.column`, way.column, table)];
  if (column.type !== "lookup")
    return [{ at: `${at}.column`, problem: `"${way.column}" is no lookup: choose one to contact, account or lead` }];
  const wanted = way.through?.table ?? way.table;
  if (column.targets.includes(wanted)) return way.through === undefined ? [] : detourProblems(way, at, near);
  const people = column.targets.filter(isPersonTable);
  const leads = `"${way.column}" leads to ${column.targets.join(", ")}, not to ${wanted}`;
  if (people.length > 0) return [{ at: `${at}.table`, problem: `${leads}: choose ${people.join(" or ")}` }];
  return [{ at: `${at}.column`, problem: `${leads}: choose a lookup to contact, account or lead` }];
}

function detourProblems({ through, table }: AudienceWay, at: string, near: NearLookups): Problem[] {
  const lookup = near.get(through?.table ?? "")?.find(({ column }) => column === through?.column);
  if (lookup?.targets.includes(table) === true) return [];
  const problem = `"${through?.column}" of ${through?.table} leads to no ${table}: choose another way`;
  return [{ at: `${at}.through.column`, problem }];
}

function listenedProblems({ updated }: RecordTrigger, table: TableInfo): Problem[] {
  if (updated === undefined || updated.columns === "any") return [];
  return updated.columns.flatMap((column, at) =>
    columnIn(table, column) === undefined ? [missing(`updated.columns.${at}`, column, table)] : [],
  );
}
