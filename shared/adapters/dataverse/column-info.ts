import type { z } from "zod";
import type { ColumnInfo, ColumnType, Labels, Option, TableLine } from "../../domain/metadata.ts";
import type { Label } from "./answers.ts";
import { wordOf } from "./option-labels.ts";
import type { ColumnAnswer, choicesAnswer, TableAnswer } from "./table-answers.ts";

/** What only some types say of their columns, by column. */
export interface MoreOfColumns {
  readonly targets: ReadonlyMap<string, readonly string[]>;
  readonly days: ReadonlySet<string>;
  readonly options: ReadonlyMap<string, readonly Option[]>;
}

/** A type that is not listed holds nothing that an author could ask about: files, images, calendars. */
const TYPES: Readonly<Record<string, ColumnType>> = {
  StringType: "text",
  MemoType: "text",
  IntegerType: "number",
  BigIntType: "number",
  DecimalType: "number",
  DoubleType: "number",
  MoneyType: "money",
  BooleanType: "boolean",
  PicklistType: "choice",
  MultiSelectPicklistType: "choices",
  StateType: "state",
  StatusType: "status",
  DateTimeType: "moment",
  LookupType: "lookup",
  CustomerType: "lookup",
  OwnerType: "lookup",
  UniqueidentifierType: "id",
  PartyListType: "other",
};

export function isShown(column: ColumnAnswer): boolean {
  return typeOf(column) !== undefined && column.AttributeOf == null && column.IsValidForRead !== false;
}

export function columnOf(column: ColumnAnswer, more: MoreOfColumns): ColumnInfo {
  const name = column.LogicalName;
  const type = typeOf(column) ?? "other";
  return {
    column: name,
    label: labelsOf(column.DisplayName, name),
    type: type === "moment" && more.days.has(name) ? "day" : type,
    custom: column.IsCustomAttribute === true,
    writable: column.IsValidForUpdate !== false,
    options: more.options.get(name) ?? [],
    targets: more.targets.get(name) ?? [],
  };
}

export function choicesOf(column: z.infer<typeof choicesAnswer>["value"][number]): readonly Option[] {
  const set = column.OptionSet ?? column.GlobalOptionSet;
  return [...(set?.Options ?? []), set?.FalseOption, set?.TrueOption].flatMap((option) =>
    option == null
      ? []
      : [{ value: option.Value, label: labelsOf(option.Label, String(option.Value)), state: option.State ?? null }],
  );
}

export function lineOf(table: TableAnswer): TableLine {
  const hidden = table.IsIntersect === true || table.IsPrivate === true || table.IsLogicalEntity === true;
  // What nobody ever gave a name to is not for people either.
  const nameless =
    (table.DisplayName?.LocalizedLabels.length ?? 0) === 0 && table.DisplayName?.UserLocalizedLabel == null;
  return {
    table: table.LogicalName,
    label: labelsOf(table.DisplayName, table.LogicalName),
    custom: table.IsCustomEntity === true,
    system: hidden || nameless || table.IsValidForAdvancedFind === false,
    nameColumn: table.PrimaryNameAttribute || null,
  };
}

/** Older servers only know `AttributeType`, which calls the newer types Virtual. */
function typeOf({ AttributeTypeName, AttributeType }: ColumnAnswer): ColumnType | undefined {
  return TYPES[AttributeTypeName?.Value ?? `${AttributeType}Type`];
}

function labelsOf(label: Label | null | undefined, otherwise: string): Labels {
  const word = (language: string) => (label == null ? undefined : wordOf(label, language)) || otherwise;
  return { en: word("en"), fr: word("fr") };
}
