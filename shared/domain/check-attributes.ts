import { operatorsFor } from "./column-operators.ts";
import type { Comparison, Condition, Operator } from "./condition.ts";
import { conditionsOf, parseField } from "./fields.ts";
import type { Journey } from "./journey.ts";
import type { ColumnType } from "./metadata.ts";
import { instant } from "./sameness.ts";
import { awaitedBy } from "./steps/kinds.ts";
import type { Attribute, CustomTrigger } from "./trigger.ts";
import type { Problem } from "./validate.ts";
import type { FieldValue } from "./value.ts";

type Customs = ReadonlyMap<string, CustomTrigger>;

/** What a journey asks of custom events that these do not bring: else a branch would be false for ever, in silence. */
export function attributeProblems(
  journey: Journey,
  templateFields: readonly string[],
  customs: Customs,
): readonly Problem[] {
  const asked = conditionsOf(journey).flatMap(({ trigger, condition }) =>
    comparisonsOf(condition).flatMap((comparison) => comparisonProblems(comparison, trigger, journey, customs)),
  );
  const shown = templateFields.flatMap((path) => {
    const found = attributeAt(path, journey.entry.trigger, journey, customs);
    return typeof found === "string" ? [{ at: path, problem: found }] : [];
  });
  return [...asked, ...shown];
}

function comparisonsOf(condition: Condition): readonly Comparison[] {
  switch (condition.kind) {
    case "compare":
      return [condition];
    case "not":
      return comparisonsOf(condition.of);
    case "all":
    case "any":
      return condition.of.flatMap(comparisonsOf);
    default:
      return [];
  }
}

/** The attribute that a path names, a text that says why it names none, or undefined: no custom event is asked. */
function attributeAt(
  path: string,
  trigger: string,
  journey: Journey,
  customs: Customs,
): Attribute | string | undefined {
  const field = parseField(path);
  if (field?.scope !== "event" && field?.scope !== "before") return undefined;
  const step = field.step === null ? undefined : journey.steps[field.step];
  const awaited = step === undefined ? undefined : awaitedBy(step)?.trigger;
  const custom = customs.get(awaited ?? trigger);
  if (custom === undefined || (field.step !== null && awaited === undefined)) return undefined;
  if (field.scope === "before") return `"${custom.slug}" is a custom trigger: its events know no values before`;
  const names = custom.attributes.map(({ name }) => name).join(", ") || "none";
  return (
    custom.attributes.find(({ name }) => name === field.name) ??
    `"${custom.slug}" has no attribute "${field.name}": it has ${names}`
  );
}

function comparisonProblems(comparison: Comparison, trigger: string, journey: Journey, customs: Customs): Problem[] {
  const { field: at, op } = comparison;
  const attribute = attributeAt(at, trigger, journey, customs);
  if (attribute === undefined) return [];
  if (typeof attribute === "string") return [{ at, problem: attribute }];
  const operators = operatorsOf(attribute);
  if (!operators.includes(op)) return [{ at, problem: `"${op}" can't be asked of it: ask ${operators.join(", ")}` }];
  if (!("value" in comparison) || op === "within-last" || op === "within-next") return [];
  const values = op === "in" && Array.isArray(comparison.value) ? comparison.value : [comparison.value];
  const part = op === "contains" || op === "starts-with";
  const misfit = values.map((value) => misfitOf(value, attribute, part)).find((problem) => problem !== undefined);
  return misfit === undefined ? [] : [{ at, problem: misfit }];
}

const TYPES: Readonly<Record<Attribute["type"], ColumnType>> = {
  ...{ text: "text", choice: "text", number: "number", integer: "number" },
  ...{ boolean: "boolean", date: "day", moment: "moment" },
};

/** As of a column of that type, but that nothing changed: an event is not a change. */
function operatorsOf(attribute: Attribute): readonly Operator[] {
  return operatorsFor(TYPES[attribute.type]).filter((operator) => !operator.startsWith("changed"));
}

function misfitOf(value: FieldValue, attribute: Attribute, part: boolean): string | undefined {
  if (value === null) return undefined;
  switch (attribute.type) {
    case "number":
    case "integer":
      return typeof value === "number" ? undefined : "holds numbers: write one without quotes";
    case "boolean":
      return typeof value === "boolean" ? undefined : "holds yes or no: write true or false";
    case "date":
    case "moment":
      return instant(value) === undefined ? "holds dates: write one as 2026-03-01" : undefined;
    case "choice":
      return part || attribute.options.some((option) => option === value)
        ? undefined
        : `${JSON.stringify(value)} is none of its options: choose one of ${attribute.options.join(", ")}`;
    case "text":
      return typeof value === "string" ? undefined : "holds text: write it in quotes";
  }
}
