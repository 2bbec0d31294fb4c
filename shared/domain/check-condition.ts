import { type Counting, lookupIn, type RowComparison } from "./child-rows.ts";
import { misfitOf, operatorsFor, rowOperatorsFor } from "./column-operators.ts";
import type { Comparison, Condition } from "./condition.ts";
import { isDuration } from "./duration.ts";
import { countingsOf, fieldsOf } from "./evaluate.ts";
import { type FieldPath, parseField } from "./fields.ts";
import type { ColumnInfo, TableInfo } from "./metadata.ts";
import { suggestion } from "./suggestion.ts";
import type { Problem } from "./validate.ts";
import type { FieldValue } from "./value.ts";

/** Where a condition stands: what `event`, `record` and `audience` mean there, and which scopes can be asked. */
export interface Place {
  readonly scopes: readonly FieldPath["scope"][];
  /** What to do with a scope that can't be asked. */
  readonly instead: string;
  /** Of the changed row; undefined where the event brings attributes instead. */
  readonly event: TableInfo | undefined;
  /** Of the record that the event is about, if it is about one. */
  readonly record: TableInfo | undefined;
  /** Where the people stand whom the event may be about. */
  readonly people: readonly string[];
  /** Tables of the organisation that `tablesAsked` names; one that is not in it does not exist. */
  readonly tables: ReadonlyMap<string, TableInfo>;
  readonly names: readonly string[];
}

/** Tables beside the record's own that have to be known before a condition can be checked. */
export function tablesAsked(condition: Condition, record: TableInfo | undefined, people: readonly string[]): string[] {
  const asked = new Set<string>();
  const targets = (lookup: string): readonly string[] => columnIn(record, lookup)?.targets ?? [];
  for (const path of fieldsOf(condition)) {
    const field = parseField(path);
    if (field?.scope === "audience") for (const table of people) asked.add(table);
    if (field?.scope === "related") for (const table of targets(field.lookup)) asked.add(table);
  }
  for (const { table } of countingsOf(condition)) asked.add(table);
  return [...asked];
}

/** What the organisation says against a condition, and where. */
export function conditionProblems(condition: Condition, at: string, place: Place): readonly Problem[] {
  switch (condition.kind) {
    case "all":
    case "any":
      return condition.of.flatMap((part, n) => conditionProblems(part, `${at}.of.${n}`, place));
    case "not":
      return conditionProblems(condition.of, `${at}.of`, place);
    case "compare":
      return comparisonProblems(condition, at, place);
    default:
      return countingProblems(condition, at, place);
  }
}

/** Facts of a change itself, as if they were columns. */
const FACTS: Readonly<Record<string, Pick<ColumnInfo, "column" | "type">>> = {
  by: { column: "by", type: "id" },
  depth: { column: "depth", type: "number" },
  tag: { column: "tag", type: "text" },
  message: { column: "message", type: "text" },
};
const MESSAGES: readonly FieldValue[] = ["create", "update", "delete"];
const OF_A_CHANGE: readonly string[] = ["changed", "changed-from", "changed-to"];

function comparisonProblems(comparison: Comparison, at: string, place: Place): readonly Problem[] {
  const { field, op } = comparison;
  const path = parseField(field);
  const wrong = (problem: string): Problem[] => [{ at: `${at}.field`, problem }];
  if (path === undefined || !place.scopes.includes(path.scope)) return wrong(`"${field}" ${place.instead}`);
  switch (path.scope) {
    case "change":
      return factProblems(comparison, at, path.name);
    case "event":
    case "before":
      if (path.step !== null) return place.scopes.includes("survey") ? [] : wrong(`"${field}" ${place.instead}`);
      return place.event === undefined ? [] : columnProblems(comparison, at, path.name, [place.event]);
    case "survey":
    case "discount":
      return [];
    default:
      if (OF_A_CHANGE.includes(op))
        return [{ at: `${at}.op`, problem: `"${op}" can be asked of event.… alone: only the change tells old values` }];
      return rowProblems(comparison, at, path, place);
  }
}

function factProblems(comparison: Comparison, at: string, name: string): readonly Problem[] {
  const { field, op } = comparison;
  const fact = Object.hasOwn(FACTS, name) ? FACTS[name] : undefined;
  if (fact === undefined) {
    const problem = `"${field}" is no fact of a change: it has ${Object.keys(FACTS).join(", ")}`;
    return [{ at: `${at}.field`, problem }];
  }
  const known = operatorsFor(fact.type).filter((each) => !OF_A_CHANGE.includes(each));
  if (!known.includes(op))
    return [{ at: `${at}.op`, problem: `"${op}" can't be asked of ${field}: ask ${known.join(", ")}` }];
  const column = { ...fact, column: field, label: NO_LABEL, custom: false, writable: false, options: [], targets: [] };
  const problems = valueProblems(comparison, `${at}.value`, column);
  if (problems.length > 0 || name !== "message" || (op !== "eq" && op !== "ne" && op !== "in")) return problems;
  const values: readonly FieldValue[] = comparison.op === "in" ? comparison.value : [comparison.value];
  if (values.every((value) => MESSAGES.includes(value))) return [];
  return [{ at: `${at}.value`, problem: `a change is one of ${MESSAGES.join(", ")}` }];
}

const NO_LABEL = { en: "", fr: "" };

function rowProblems(comparison: Comparison, at: string, path: FieldPath, place: Place): readonly Problem[] {
  if (path.scope === "audience") return columnProblems(comparison, at, path.name, found(place.people, place));
  const wrong = (problem: string): Problem[] => [{ at: `${at}.field`, problem }];
  if (place.record === undefined) return wrong(`"${comparison.field}" can't be asked: the event is about no record`);
  if (path.scope !== "related") return columnProblems(comparison, at, path.name, [place.record]);
  const lookup = columnIn(place.record, path.lookup);
  if (lookup === undefined) return [missing(`${at}.field`, path.lookup, place.record)];
  if (lookup.type !== "lookup")
    return wrong(`"${path.lookup}" is no lookup of ${place.record.table}: no row is related by it`);
  return columnProblems(comparison, at, path.name, found(lookup.targets, place));
}

/** What is wrong about asking a column that stands in one of several tables, by the first that has it. */
function columnProblems(
  comparison: Comparison,
  at: string,
  name: string,
  tables: readonly TableInfo[],
): readonly Problem[] {
  const column = tables.map((table) => columnIn(table, name)).find((each) => each !== undefined);
  if (column === undefined) return noColumn(`${at}.field`, name, tables);
  const { op } = comparison;
  if (!operatorsFor(column.type).includes(op)) {
    const problem = `"${op}" can't be asked of ${name}, which holds ${HOLDS[column.type]}: ask ${operatorsFor(column.type).join(", ")}`;
    return [{ at: `${at}.op`, problem }];
  }
  return valueProblems(comparison, `${at}.value`, column);
}

function countingProblems(asked: Counting, at: string, place: Place): readonly Problem[] {
  const table = place.tables.get(asked.table);
  if (table === undefined) {
    const problem = `the organisation has no table "${asked.table}"${suggestion(asked.table, place.names)}`;
    return [{ at: `${at}.table`, problem }];
  }
  return [
    ...ownerProblems(asked, at, table, place),
    ...asked.where.flatMap((each, n) => whereProblems(each, `${at}.where.${n}`, table)),
  ];
}

/** The lookup must lead to a row of the kind whose rows are counted. */
function ownerProblems(asked: Counting, at: string, table: TableInfo, place: Place): readonly Problem[] {
  const owners = ownersOf(asked.whose, `${at}.whose`, place);
  if (!Array.isArray(owners)) return [owners as Problem];
  const lookup = columnIn(table, asked.lookup);
  if (lookup === undefined) return [missing(`${at}.lookup`, asked.lookup, table)];
  if (lookup.targets.some((target) => owners.includes(target))) return [];
  const leads = lookup.type === "lookup" ? `leads to ${lookup.targets.join(", ")}` : "is no lookup";
  const problem = `"${asked.lookup}" of ${table.table} ${leads}: choose one that leads to ${owners.join(" or ")}`;
  return [{ at: `${at}.lookup`, problem }];
}

function ownersOf(whose: string, at: string, place: Place): readonly string[] | Problem {
  if (whose === "audience") return place.people;
  if (place.record === undefined) return { at, problem: `"${whose}" can't be asked: the event is about no record` };
  const name = lookupIn(whose);
  if (name === undefined) return [place.record.table];
  const lookup = columnIn(place.record, name);
  if (lookup === undefined) return missing(at, name, place.record);
  if (lookup.type === "lookup") return lookup.targets;
  return { at, problem: `"${name}" is no lookup of ${place.record.table}: choose one, or audience, or record` };
}

function whereProblems(where: RowComparison, at: string, table: TableInfo): readonly Problem[] {
  const column = columnIn(table, where.column);
  if (column === undefined) return [missing(`${at}.column`, where.column, table)];
  const known = rowOperatorsFor(column.type);
  if (!known.includes(where.op)) {
    const problem = `"${where.op}" can't be asked of ${where.column}, which holds ${HOLDS[column.type]}: ask ${known.join(", ")}`;
    return [{ at: `${at}.op`, problem }];
  }
  return valueProblems(where, `${at}.value`, column);
}

function valueProblems(comparison: Comparison | RowComparison, at: string, column: ColumnInfo): readonly Problem[] {
  if (!("value" in comparison)) return [];
  if (comparison.op === "within-last" || comparison.op === "within-next")
    return isDuration(comparison.value) ? [] : [{ at, problem: "is no span of time: write one as P7D" }];
  const values: readonly FieldValue[] = comparison.op === "in" ? comparison.value : [comparison.value];
  const misfit = values.map((value) => misfitOf(value, column)).find((problem) => problem !== undefined);
  return misfit === undefined ? [] : [{ at, problem: `${column.column}: ${misfit}` }];
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

function found(names: readonly string[], { tables }: Place): readonly TableInfo[] {
  return names.flatMap((name) => tables.get(name) ?? []);
}

export function columnIn(table: TableInfo | undefined, name: string): ColumnInfo | undefined {
  return table?.columns.find(({ column }) => column === name);
}

export function missing(at: string, column: string, table: TableInfo): Problem {
  return noColumn(at, column, [table])[0];
}

function noColumn(at: string, column: string, tables: readonly TableInfo[]): [Problem] {
  const known = tables.flatMap((table) => table.columns.map((each) => each.column));
  const names = tables.map(({ table }) => table).join(", ") || "what it leads to";
  return [{ at, problem: `${names} has no column "${column}" (any more)${suggestion(column, known)}` }];
}
