/** A lookup's value: which row, of which table. */
export interface Reference {
  readonly table: string;
  readonly id: string;
}

/**
 * A cell. Moments are milliseconds since 1970; calendar days are `YYYY-MM-DD`; a multi-select is its values;
 * GUIDs are lower case.
 */
export type Value = string | number | boolean | null | Reference | readonly number[];

export type Values = Readonly<Record<string, Value>>;

export interface Row {
  readonly id: string;
  /** Grows with each write anywhere in the environment: the row's ETag, and change tracking's token. */
  readonly version: number;
  readonly values: Values;
}

export function isReference(value: Value | undefined): value is Reference {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function referenceOf(value: Value | undefined): Reference | undefined {
  return isReference(value) ? value : undefined;
}

export function textOf(value: Value | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function numberOf(value: Value | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}
