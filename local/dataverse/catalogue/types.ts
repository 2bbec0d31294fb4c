/** A label in each installed language, by LCID: 1033 English, 1036 French. */
export interface Labels {
  readonly 1033: string;
  readonly 1036: string;
}

export type ColumnType =
  | "string"
  | "memo"
  | "integer"
  | "bigint"
  | "decimal"
  | "double"
  | "money"
  | "boolean"
  | "datetime"
  | "picklist"
  | "multiselect"
  | "state"
  | "status"
  | "lookup"
  | "customer"
  | "owner"
  | "uniqueidentifier"
  | "entityname";

/** UserLocal is a moment (UTC on the wire); the other two never convert. */
export type DateTimeBehavior = "UserLocal" | "DateOnly" | "TimeZoneIndependent";

export interface Option {
  readonly value: number;
  readonly labels: Labels;
  /** Of a status: the state that it belongs to. */
  readonly state?: number;
  /** Of a state: the status that it takes when only the state is written. */
  readonly defaultStatus?: number;
}

/** One target of a lookup, and the names under which the Web API lets one pass along it. */
export interface Target {
  readonly table: string;
  /** Single-valued navigation property, on the table that holds the lookup. */
  readonly navigation: string;
  /** Collection-valued navigation property, on the target. */
  readonly collection: string;
}

export interface Column {
  readonly name: string;
  readonly schemaName: string;
  readonly type: ColumnType;
  readonly labels: Labels;
  readonly description?: Labels;
  readonly maxLength?: number;
  readonly precision?: number;
  readonly min?: number;
  readonly max?: number;
  readonly behavior?: DateTimeBehavior;
  readonly dateOnly?: boolean;
  readonly format?: string;
  readonly options?: readonly Option[];
  readonly optionSetName?: string;
  readonly globalOptionSet?: boolean;
  readonly targets?: readonly Target[];
  readonly required?: "None" | "SystemRequired" | "ApplicationRequired";
  readonly default?: string | number | boolean;
  /** False: accepted, stored, never given back (`authvalue`). */
  readonly readable?: boolean;
  /** False: the platform sets it; what a request says is ignored, as Dataverse does. */
  readonly writable?: boolean;
  readonly custom?: boolean;
}

export interface AlternateKey {
  readonly name: string;
  readonly columns: readonly string[];
}

export interface Table {
  readonly name: string;
  readonly schemaName: string;
  readonly set: string;
  readonly labels: Labels;
  readonly plural: Labels;
  readonly typeCode: number;
  readonly primaryId: string;
  readonly primaryName: string;
  readonly ownership: "UserOwned" | "OrganizationOwned" | "None";
  readonly changeTracking: boolean;
  readonly custom: boolean;
  /** Whether custom processing steps may be registered on its messages. */
  readonly steps: boolean;
  readonly keys: readonly AlternateKey[];
  readonly columns: readonly Column[];
}

export const LANGUAGES = [1033, 1036] as const;
export type Language = (typeof LANGUAGES)[number];

export function isLookup(column: Column): boolean {
  return column.type === "lookup" || column.type === "customer" || column.type === "owner";
}

export function hasOptions(column: Column): boolean {
  return (
    column.type === "picklist" || column.type === "multiselect" || column.type === "state" || column.type === "status"
  );
}

/** The name of a column in Web API bodies and queries: a lookup is its value there. */
export function propertyOf(column: Column): string {
  return isLookup(column) ? `_${column.name}_value` : column.name;
}
