import {
  type Column,
  isLookup,
  LANGUAGES,
  type Labels,
  type Language,
  type Option,
  type Table,
} from "../catalogue/types.ts";
import type { Json } from "../odata/entity-json.ts";
import { isAudited } from "../records/audits.ts";
import { stableId } from "../store/stable-id.ts";

/** The metadata type of each kind of column, without `AttributeMetadata`, and its AttributeType. */
const KINDS: Readonly<Record<Column["type"], readonly [metadata: string, type: string, typeName?: string]>> = {
  string: ["String", "String"],
  memo: ["Memo", "Memo"],
  integer: ["Integer", "Integer"],
  bigint: ["BigInt", "BigInt"],
  decimal: ["Decimal", "Decimal"],
  double: ["Double", "Double"],
  money: ["Money", "Money"],
  boolean: ["Boolean", "Boolean"],
  datetime: ["DateTime", "DateTime"],
  picklist: ["Picklist", "Picklist"],
  multiselect: ["MultiSelectPicklist", "Virtual"],
  state: ["State", "State"],
  status: ["Status", "Status"],
  lookup: ["Lookup", "Lookup"],
  customer: ["Lookup", "Customer", "CustomerType"],
  owner: ["Lookup", "Owner", "OwnerType"],
  uniqueidentifier: ["UniqueIdentifier", "Uniqueidentifier", "UniqueidentifierType"],
  entityname: ["EntityName", "EntityName"],
};

/** `PicklistAttributeMetadata` and its like: what a cast names. */
export function metadataType(column: Column): string {
  return `${KINDS[column.type][0]}AttributeMetadata`;
}

export function label(labels: Labels, language: Language = 1033): Json {
  const localized = (code: Language) => ({
    Label: labels[code],
    LanguageCode: code,
    IsManaged: false,
    MetadataId: null,
    HasChanged: null,
  });
  return { LocalizedLabels: LANGUAGES.map(localized), UserLocalizedLabel: localized(language) };
}

/** A managed property, of tables and columns alike. */
export function auditable(Value: boolean): Json {
  return { Value, CanBeChanged: true, ManagedPropertyLogicalName: "canmodifyauditsettings" };
}

const NO_LABEL: Json = { LocalizedLabels: [], UserLocalizedLabel: null };

/** What every column has: `AttributeMetadata`. */
export function columnJson(table: Table, column: Column, at: number): Json {
  const writable = column.writable !== false;
  const [kind, type, typeName = `${kind}Type`] = KINDS[column.type];
  return {
    "@odata.type": `#Microsoft.Dynamics.CRM.${metadataType(column)}`,
    MetadataId: stableId("column", table.name, column.name),
    LogicalName: column.name,
    SchemaName: column.schemaName,
    EntityLogicalName: table.name,
    AttributeType: type,
    AttributeTypeName: { Value: typeName },
    AttributeOf: null,
    ColumnNumber: at + 1,
    DisplayName: label(column.labels),
    Description: column.description ? label(column.description) : NO_LABEL,
    IsCustomAttribute: column.custom === true,
    IsManaged: column.custom !== true,
    IsAuditEnabled: auditable(isAudited(table)),
    IsPrimaryId: column.name === table.primaryId,
    IsPrimaryName: column.name === table.primaryName,
    IsLogical: false,
    IsValidForCreate: writable,
    IsValidForRead: column.readable !== false,
    IsValidForUpdate: writable && column.name !== table.primaryId,
    IsValidForAdvancedFind: { Value: true, CanBeChanged: true, ManagedPropertyLogicalName: "canmodifysearchsettings" },
    RequiredLevel: {
      Value: column.required ?? "None",
      CanBeChanged: true,
      ManagedPropertyLogicalName: "canmodifyrequirementlevelsettings",
    },
    IsFilterable: true,
    IsSearchable: column.type === "string",
  };
}

/** What only its kind has; selectable after a cast. */
export function columnDetails(column: Column): Json {
  switch (column.type) {
    case "string":
      return {
        MaxLength: column.maxLength,
        Format: column.format ?? "Text",
        FormatName: { Value: column.format ?? "Text" },
      };
    case "memo":
      return { MaxLength: column.maxLength, Format: "TextArea" };
    case "integer":
      return { MinValue: column.min, MaxValue: column.max, Format: column.format ?? "None" };
    case "decimal":
    case "double":
    case "money":
      return { MinValue: column.min, MaxValue: column.max, Precision: column.precision };
    case "datetime":
      return {
        Format: column.dateOnly ? "DateOnly" : "DateAndTime",
        DateTimeBehavior: { Value: column.behavior ?? "UserLocal" },
        CanChangeDateTimeBehavior: { Value: false, CanBeChanged: false },
      };
    case "boolean":
      return { DefaultValue: column.default === true };
    case "picklist":
    case "multiselect":
    case "state":
    case "status":
      return { DefaultFormValue: typeof column.default === "number" ? column.default : -1 };
    default:
      return isLookup(column) ? { Targets: (column.targets ?? []).map((target) => target.table), Format: "None" } : {};
  }
}

/** `OptionSet` and `GlobalOptionSet`: only by `$expand` after a cast. */
export function optionSets(table: Table, column: Column): Json {
  if (!column.options) return {};
  const set = optionSetJson(column, stableId("optionset", table.name, column.name));
  return column.globalOptionSet ? { OptionSet: set, GlobalOptionSet: set } : { OptionSet: set, GlobalOptionSet: null };
}

function optionSetJson(column: Column, id: string): Json {
  const head = {
    MetadataId: id,
    Name: column.optionSetName ?? column.name,
    IsGlobal: column.globalOptionSet === true,
    IsCustomOptionSet: column.custom === true,
    DisplayName: label(column.labels),
    Description: NO_LABEL,
  };
  const options = column.options ?? [];
  if (column.type === "boolean") {
    const of = (value: number) => options.filter((option) => option.value === value).map(optionJson)[0];
    return { ...head, OptionSetType: "Boolean", TrueOption: of(1), FalseOption: of(0) };
  }
  const type = column.type === "state" ? "State" : column.type === "status" ? "Status" : "Picklist";
  return { ...head, OptionSetType: type, Options: options.map(optionJson) };
}

/** One option, with what only states and statuses have. */
export function optionJson(option: Option): Json {
  return {
    ...(option.state === undefined ? {} : { State: option.state, TransitionData: null }),
    ...(option.defaultStatus === undefined
      ? {}
      : { DefaultStatus: option.defaultStatus, InvariantName: option.labels[1033] }),
    Value: option.value,
    Color: null,
    ExternalValue: "",
    IsManaged: false,
    MetadataId: null,
    Label: label(option.labels),
    Description: NO_LABEL,
  };
}
