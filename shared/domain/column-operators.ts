import type { RowOperator } from "./child-rows.ts";
import type { Operator } from "./condition.ts";
import type { ColumnInfo, ColumnType } from "./metadata.ts";
import { instant, isGuid } from "./sameness.ts";
import { type FieldValue, isReference } from "./value.ts";

const ALWAYS: readonly Operator[] = ["eq", "ne", "is-null", "changed", "changed-from", "changed-to"];
const ORDER: readonly Operator[] = ["gt", "ge", "lt", "le"];
const SPAN: readonly Operator[] = ["within-last", "within-next"];

const OPERATORS: Readonly<Record<ColumnType, readonly Operator[]>> = {
  text: [...ALWAYS, "in", "contains", "starts-with"],
  number: [...ALWAYS, "in", ...ORDER],
  money: [...ALWAYS, "in", ...ORDER],
  boolean: ALWAYS,
  // Scales are choices: "dissatisfied or worse" is a comparison of their numbers.
  choice: [...ALWAYS, "in", ...ORDER],
  choices: [...ALWAYS, "contains"],
  state: [...ALWAYS, "in"],
  status: [...ALWAYS, "in"],
  moment: [...ALWAYS, ...ORDER, ...SPAN],
  day: [...ALWAYS, ...ORDER, ...SPAN],
  lookup: [...ALWAYS, "in"],
  id: [...ALWAYS, "in"],
  other: [...ALWAYS, "in", ...ORDER, ...SPAN, "contains", "starts-with"],
};

/** What may be asked of a column: the page offers no others, and a trigger that asks another is not published. */
export function operatorsFor(type: ColumnType): readonly Operator[] {
  return OPERATORS[type];
}

const OF_ROWS: Readonly<Record<RowOperator, Operator>> = {
  ...{ eq: "eq", ne: "ne", in: "in", gt: "gt", ge: "ge", lt: "lt", le: "le" },
  ...{ contains: "contains", "starts-with": "starts-with", "is-null": "is-null", "is-not-null": "is-null" },
  ...{ "within-last": "within-last", "within-next": "within-next" },
};

/** What may be asked of a column where rows are only counted: Dataverse compares, so no list of choices is taken apart. */
export function rowOperatorsFor(type: ColumnType): readonly RowOperator[] {
  const known = type === "choices" || type === "other" ? ["is-null"] : operatorsFor(type);
  return (Object.keys(OF_ROWS) as RowOperator[]).filter((op) => known.includes(OF_ROWS[op]));
}

/** What keeps a value from being one of the column, or undefined. `null` fits any: it is a value like any other. */
export function misfitOf(value: FieldValue, column: ColumnInfo): string | undefined {
  if (value === null) return undefined;
  switch (column.type) {
    case "choice":
    case "state":
    case "status":
      return optionMisfit(value, column);
    case "choices":
      return (Array.isArray(value) ? value : [value]).map((one) => optionMisfit(one, column)).find(Boolean);
    case "boolean":
      return typeof value === "boolean" ? undefined : "the column holds yes or no: write true or false";
    case "number":
    case "money":
      return typeof value === "number" ? undefined : "the column holds numbers: write one without quotes";
    case "text":
      return typeof value === "string" ? undefined : "the column holds text: write it in quotes";
    case "moment":
    case "day":
      return instant(value) === undefined ? "the column holds dates: write one as 2026-03-01" : undefined;
    case "lookup":
      return referenceMisfit(value, column);
    case "id":
      return typeof value === "string" && isGuid(value) ? undefined : "the column holds ids: write a GUID";
    case "other":
      return undefined;
  }
}

function optionMisfit(value: FieldValue, { options }: ColumnInfo): string | undefined {
  if (options.some((option) => option.value === value)) return undefined;
  const known = options.map(({ value: number, label }) => `${number} ${label.en}`).join(", ");
  return `${JSON.stringify(value)} is none of its options (any more): choose one of ${known}`;
}

function referenceMisfit(value: FieldValue, { targets }: ColumnInfo): string | undefined {
  if (typeof value === "string") return isGuid(value) ? undefined : "the column holds a row: name it by its GUID";
  if (!isReference(value)) return "the column holds a row: name it by its GUID";
  return targets.includes(value.table) ? undefined : `the column leads to ${targets.join(", ")}, not to ${value.table}`;
}
