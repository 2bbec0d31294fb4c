import type { Column, ColumnType, DateTimeBehavior, Labels, Option, Target } from "./types.ts";

/** Builders with which the tables are written down: logical name, English label, French label, the rest. */
type More = Omit<Partial<Column>, "name" | "type" | "labels">;

export function labels(en: string, fr: string = en): Labels {
  return { 1033: en, 1036: fr };
}

function column(type: ColumnType, name: string, en: string, fr: string, more: More): Column {
  return { name, schemaName: name, type, labels: labels(en, fr), ...more };
}

export function text(name: string, en: string, fr: string, maxLength = 100, more: More = {}): Column {
  return column("string", name, en, fr, { maxLength, format: "Text", ...more });
}

export function email(name: string, en: string, fr: string): Column {
  return text(name, en, fr, 100, { format: "Email" });
}

export function phone(name: string, en: string, fr: string): Column {
  return text(name, en, fr, 50, { format: "Phone" });
}

export function memo(name: string, en: string, fr: string, maxLength = 2000, more: More = {}): Column {
  return column("memo", name, en, fr, { maxLength, format: "TextArea", ...more });
}

export function integer(name: string, en: string, fr: string, more: More = {}): Column {
  return column("integer", name, en, fr, { format: "None", min: -2147483648, max: 2147483647, ...more });
}

export function bigint(name: string, en: string, fr: string, more: More = {}): Column {
  return column("bigint", name, en, fr, more);
}

export function decimal(name: string, en: string, fr: string, precision = 2, more: More = {}): Column {
  return column("decimal", name, en, fr, { precision, min: -100000000000, max: 100000000000, ...more });
}

export function money(name: string, en: string, fr: string, more: More = {}): Column {
  return column("money", name, en, fr, { precision: 2, min: -922337203685477, max: 922337203685477, ...more });
}

export function guid(name: string, en: string, fr: string, more: More = {}): Column {
  return column("uniqueidentifier", name, en, fr, more);
}

export function entityName(name: string, en: string, fr: string): Column {
  return column("entityname", name, en, fr, { maxLength: 64 });
}

/** Two options; `yes` and `no` are their labels, [English, French]. */
export function yesNo(
  name: string,
  en: string,
  fr: string,
  more: More & { yes?: [string, string]; no?: [string, string] } = {},
): Column {
  const { yes = ["Yes", "Oui"], no = ["No", "Non"], ...rest } = more;
  const options: Option[] = [
    { value: 1, labels: labels(...yes) },
    { value: 0, labels: labels(...no) },
  ];
  return column("boolean", name, en, fr, { options, default: false, ...rest });
}

/** A moment, or with DateOnly or TimeZoneIndependent what a calendar says. */
export function when(
  name: string,
  en: string,
  fr: string,
  behavior: DateTimeBehavior = "UserLocal",
  more: More = {},
): Column {
  const dateOnly = behavior === "DateOnly";
  return column("datetime", name, en, fr, {
    behavior,
    dateOnly,
    format: dateOnly ? "DateOnly" : "DateAndTime",
    ...more,
  });
}

/** Options are [value, English, French]. */
export type Choice = readonly [value: number, en: string, fr: string];

export function choice(name: string, en: string, fr: string, choices: readonly Choice[], more: More = {}): Column {
  return column("picklist", name, en, fr, { options: choices.map(option), ...more });
}

export function choices(name: string, en: string, fr: string, all: readonly Choice[], more: More = {}): Column {
  return column("multiselect", name, en, fr, { options: all.map(option), ...more });
}

function option([value, en, fr]: Choice): Option {
  return { value, labels: labels(en, fr) };
}

/** A state and its statuses: [state, English, French, statuses, the first of which is its default]. */
export type StateChoice = readonly [value: number, en: string, fr: string, statuses: readonly Choice[]];

export function states(all: readonly StateChoice[]): Column[] {
  const ofState = all.map(([value, en, fr, statuses]): Option => {
    const defaultStatus = statuses[0]?.[0] ?? 0;
    return { value, labels: labels(en, fr), defaultStatus };
  });
  const ofStatus = all.flatMap(([state, , , statuses]) => statuses.map((each): Option => ({ ...option(each), state })));
  return [
    column("state", "statecode", "Status", "Statut", { options: ofState, default: ofState[0]?.value ?? 0 }),
    column("status", "statuscode", "Status Reason", "Raison du statut", {
      options: ofStatus,
      default: ofStatus[0]?.value ?? 0,
    }),
  ];
}

/** Active and Inactive, as most tables and all custom ones have. */
export function activeStates(): Column[] {
  return states([
    [0, "Active", "Actif", [[1, "Active", "Actif"]]],
    [1, "Inactive", "Inactif", [[2, "Inactive", "Inactif"]]],
  ]);
}

/** A lookup. A target is its table, or [table, collection-valued name on it]; the rest is named as Dataverse does. */
export function lookup(
  name: string,
  en: string,
  fr: string,
  targets: readonly (string | readonly [table: string, collection: string])[],
  more: More & { type?: "lookup" | "customer" | "owner" } = {},
): Column {
  const { type = "lookup", ...rest } = more;
  const all = targets.map((each): Target => {
    const [table, collection] = typeof each === "string" ? [each, ""] : each;
    return { table, navigation: targets.length === 1 || type === "owner" ? name : `${name}_${table}`, collection };
  });
  return column(type, name, en, fr, { targets: all, ...rest });
}

export function customer(
  name: string,
  en: string,
  fr: string,
  account: string,
  contact: string,
  more: More = {},
): Column {
  const targets = [["account", account] as const, ["contact", contact] as const];
  return lookup(name, en, fr, targets, { ...more, type: "customer" });
}
