import { misfitOf, operatorsFor } from "./column-operators.ts";
import type { Comparison, Condition } from "./condition.ts";
import { isDuration } from "./duration.ts";
import { parseField } from "./fields.ts";
import { type ColumnInfo, isPersonTable, type TableInfo } from "./metadata.ts";
import type { AudienceWay, RecordTrigger } from "./trigger.ts";
import type { Problem } from "./validate.ts";
import type { FieldValue } from "./value.ts";

/** Names that resemble one which does not exist: most are typed wrongly by a letter or two, or in the plural. */
const MOST_SUGGESTED = 3;

/** Lookups of tables one row away, by table. */
export type NearLookups = ReadonlyMap<string, readonly ColumnInfo[]>;

/**
 * What the organisation says against a trigger, and where. `tables` are all that it has, `near` the lookups of those
 * that ways of the audience pass through.
 */
export function triggerProblems(
  trigger: RecordTrigger,
  table: TableInfo | undefined,
  tables: readonly { readonly table: string }[],
  near: NearLookups,
): readonly Problem[] {
  if (table === undefined) {
    const like = suggestion(
      trigger.table,
      tables.map((each) => each.table),
    );
    return [{ at: "table", problem: `the organisation has no table "${trigger.table}"${like}` }];
  }
  return [
    ...messageProblems(trigger),
    ...trigger.audience.flatMap((way, at) => wayProblems(way, `audience.${at}`, table, near)),
    ...listenedProblems(trigger, table),
    ...(trigger.condition === undefined ? [] : conditionProblems(trigger.condition, "condition", table)),
  ];
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
  const column = find(table, way.column);
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
    find(table, column) === undefined ? [missing(`updated.columns.${at}`, column, table)] : [],
  );
}

function conditionProblems(condition: Condition, at: string, table: TableInfo): Problem[] {
  switch (condition.kind) {
    case "all":
    case "any":
      return condition.of.flatMap((part, n) => conditionProblems(part, `${at}.of.${n}`, table));
    case "not":
      return conditionProblems(condition.of, `${at}.of`, table);
    case "compare":
      return comparisonProblems(condition, at, table);
  }
}

/** What a trigger can ask of a change: its columns before and after, and facts about the change itself. */
const FACTS = ["by", "depth", "tag", "message"];

function comparisonProblems(comparison: Comparison, at: string, table: TableInfo): Problem[] {
  const { field, op } = comparison;
  const path = parseField(field);
  if (path?.scope === "change")
    return FACTS.includes(path.name)
      ? []
      : [{ at: `${at}.field`, problem: `"${field}" is no fact of a change: it has ${FACTS.join(", ")}` }];
  if (path === undefined || (path.scope !== "event" && path.scope !== "before") || path.step !== null) {
    const problem = `"${field}" is not known when a change arrives: ask it in the journey's entry, or ask event.… or before.… here`;
    return [{ at: `${at}.field`, problem }];
  }
  const column = find(table, path.name);
  if (column === undefined) return [missing(`${at}.field`, path.name, table)];
  if (!operatorsFor(column.type).includes(op)) {
    const problem = `"${op}" can't be asked of ${path.name}, which holds ${HOLDS[column.type]}: ask ${operatorsFor(column.type).join(", ")}`;
    return [{ at: `${at}.op`, problem }];
  }
  if (op === "within-last" || op === "within-next")
    return isDuration(comparison.value) ? [] : [{ at: `${at}.value`, problem: "is no span of time: write one as P7D" }];
  const misfit = valuesOf(comparison)
    .map((value) => misfitOf(value, column))
    .find((problem) => problem !== undefined);
  return misfit === undefined ? [] : [{ at: `${at}.value`, problem: `${path.name}: ${misfit}` }];
}

const HOLDS: Readonly<Record<ColumnInfo["type"], string>> = {
  text: "text",
  number: "numbers",
  money: "amounts",
  boolean: "yes or no",
  choice: "a choice",
  choices: "several choices",
  state: "a state",
  status: "a status reason",
  moment: "moments",
  day: "days",
  lookup: "a row",
  id: "ids",
  other: "something else",
};

function valuesOf(comparison: Comparison): readonly FieldValue[] {
  if (!("value" in comparison)) return [];
  return comparison.op === "in" ? comparison.value : [comparison.value];
}

function find(table: TableInfo, name: string): ColumnInfo | undefined {
  return table.columns.find(({ column }) => column === name);
}

function missing(at: string, column: string, table: TableInfo): Problem {
  const like = suggestion(
    column,
    table.columns.map((each) => each.column),
  );
  return { at, problem: `${table.table} has no column "${column}" (any more)${like}` };
}

function suggestion(name: string, known: readonly string[]): string {
  const near = known
    .filter(
      (other) =>
        other.startsWith(name) || name.startsWith(other) || other.endsWith(`_${name}`) || differsByOne(name, other),
    )
    .slice(0, MOST_SUGGESTED);
  return near.length === 0 ? ": choose another" : `: did you mean ${near.map((each) => `"${each}"`).join(" or ")}?`;
}

/** One letter more, less or other. */
function differsByOne(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > 1) return false;
  let start = 0;
  while (start < one.length && one[start] === other[start]) start += 1;
  const rest = (text: string, skip: number) => text.slice(start + skip);
  return rest(one, 1) === rest(other, 1) || rest(one, 0) === rest(other, 1) || rest(one, 1) === rest(other, 0);
}
