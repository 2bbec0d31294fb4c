import { labels } from "../catalogue/columns.ts";
import type { Column, ColumnType, DateTimeBehavior, Labels, Option } from "../catalogue/types.ts";
import { badRequest } from "../errors.ts";

/** The parts of `AttributeMetadata` that a new column is made of. */
export type ColumnBody = Readonly<Record<string, unknown>>;

const TYPES: Readonly<Record<string, ColumnType>> = {
  String: "string",
  Memo: "memo",
  Integer: "integer",
  BigInt: "bigint",
  Decimal: "decimal",
  Double: "double",
  Money: "money",
  Boolean: "boolean",
  DateTime: "datetime",
  Picklist: "picklist",
  MultiSelectPicklist: "multiselect",
};

/** Options without a value get these, as an unprefixed publisher's do. */
const FIRST_OPTION = 100_000_000;

/** @throws ODataError 400 on a type that cannot be made this way */
export function columnOf(body: ColumnBody): Column {
  const kind = /(\w+)AttributeMetadata$/.exec(String(body["@odata.type"] ?? ""))?.[1] ?? "";
  const type = TYPES[kind];
  if (!type)
    throw badRequest(
      kind === "Lookup"
        ? "A lookup is created with its relationship: POST RelationshipDefinitions, or CreateCustomerRelationships."
        : `Attributes of type '${kind}' cannot be created.`,
      "0x80048d19",
    );
  const schema = schemaName(body);
  const required = managedValue(body.RequiredLevel);
  const description = labelsOf(body.Description);
  return {
    name: schema.toLowerCase(),
    schemaName: schema,
    type,
    labels: labelsOf(body.DisplayName) ?? labels(schema),
    custom: true,
    ...(description ? { description } : {}),
    ...(required === "ApplicationRequired" ? { required } : {}),
    ...details(type, body),
  };
}

function details(type: ColumnType, body: ColumnBody): Partial<Column> {
  switch (type) {
    case "string":
      return {
        maxLength: numberIn(body.MaxLength) ?? 100,
        format: String(managedValue(body.FormatName) ?? body.Format ?? "Text"),
      };
    case "memo":
      return { maxLength: numberIn(body.MaxLength) ?? 2000, format: "TextArea" };
    case "integer":
    case "decimal":
    case "double":
    case "money":
      return {
        ...(numberIn(body.MinValue) === undefined ? {} : { min: Number(body.MinValue) }),
        ...(numberIn(body.MaxValue) === undefined ? {} : { max: Number(body.MaxValue) }),
        ...(type === "integer" ? {} : { precision: numberIn(body.Precision) ?? 2 }),
      };
    case "boolean":
      return { options: trueAndFalse(body.OptionSet as ColumnBody | undefined), default: body.DefaultValue === true };
    case "datetime": {
      const behavior = (managedValue(body.DateTimeBehavior) ?? "UserLocal") as DateTimeBehavior;
      return { behavior, dateOnly: behavior === "DateOnly", format: String(body.Format ?? "DateAndTime") };
    }
    case "picklist":
    case "multiselect": {
      const first = numberIn(body.DefaultFormValue);
      return {
        options: optionsOf(body.OptionSet as ColumnBody | undefined),
        ...(first !== undefined && first >= 0 ? { default: first } : {}),
      };
    }
    default:
      return {};
  }
}

/** `Options` of an option set. */
export function optionsOf(set: ColumnBody | undefined): Option[] {
  const options = (set?.Options ?? []) as readonly ColumnBody[];
  return options.map((option, at) => {
    const value = numberIn(option.Value) ?? FIRST_OPTION + at;
    return { value, labels: labelsOf(option.Label) ?? labels(String(value)) };
  });
}

function trueAndFalse(set: ColumnBody | undefined): Option[] {
  const of = (name: string) => labelsOf((set?.[name] as ColumnBody | undefined)?.Label);
  return [
    { value: 1, labels: of("TrueOption") ?? labels("Yes", "Oui") },
    { value: 0, labels: of("FalseOption") ?? labels("No", "Non") },
  ];
}

/** @throws ODataError 400 without one */
export function schemaName(body: ColumnBody): string {
  const { SchemaName } = body;
  if (typeof SchemaName === "string" && /^[A-Za-z]\w*$/.test(SchemaName)) return SchemaName;
  throw badRequest("SchemaName is missing or not a valid name.", "0x80048d19");
}

/** `{LocalizedLabels:[{Label,LanguageCode}]}`; a language without a label takes the first. */
export function labelsOf(value: unknown): Labels | undefined {
  const all = ((value as { LocalizedLabels?: unknown } | null | undefined)?.LocalizedLabels ?? []) as readonly {
    Label?: string;
    LanguageCode?: number;
  }[];
  const first = all[0]?.Label;
  if (first === undefined) return undefined;
  const of = (code: number) => all.find((each) => each.LanguageCode === code)?.Label ?? first;
  return { 1033: of(1033), 1036: of(1036) };
}

function managedValue(value: unknown): unknown {
  return typeof value === "object" && value !== null && "Value" in value ? value.Value : undefined;
}

function numberIn(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
