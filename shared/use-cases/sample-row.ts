import type { ColumnType, TableInfo } from "../domain/metadata.ts";
import type { Columns, FieldValue } from "../domain/value.ts";
import type { PageLanguage } from "../domain/words.ts";
import type { TemplateScope } from "../ports/templates.ts";
import type { Deps } from "./deps.ts";

export interface SampleRow {
  readonly table: string;
  readonly row: string;
  readonly name: string | null;
  readonly columns: readonly SampleValue[];
}

export interface SampleValue {
  readonly column: string;
  readonly label: string;
  readonly type: ColumnType;
  /** As conditions compare it. */
  readonly value: FieldValue;
  /** As a template prints it. */
  readonly shown: string;
}

/** Longer texts are cut: a sample is to recognise a row by. */
const LONGEST = 300;
const BETWEEN = "\u001e";
/** Dataverse lets a query name so many columns that its address stays short enough. */
const COLUMNS_AT_ONCE = 150;

/** A row of the trigger's table, the latest one unless another is named; undefined where there is none. */
export async function sampleRow(
  table: string,
  id: string | undefined,
  { language, timeZone }: { readonly language: PageLanguage; readonly timeZone: string },
  deps: Pick<Deps, "dataverse" | "metadata" | "templates">,
): Promise<SampleRow | undefined> {
  const info = await deps.metadata.table(table);
  const row = id ?? (await deps.dataverse.recent(table, { columns: [], most: 1, by: "modifiedon" }))[0]?.id;
  if (info === undefined || row === undefined) return undefined;
  const readable = info.columns.filter(({ type }) => type !== "other");
  const names = readable.map(({ column }) => column);
  const parts = Array.from({ length: Math.ceil(names.length / COLUMNS_AT_ONCE) }, (_, n) =>
    names.slice(n * COLUMNS_AT_ONCE, (n + 1) * COLUMNS_AT_ONCE),
  );
  const read = await Promise.all(
    parts.map(async (part) => (await deps.dataverse.readMany(table, [row], part)).get(row)),
  );
  if (read.includes(undefined)) return undefined;
  const values = shortened(Object.assign({}, ...read) as Columns);
  const shown = await shownValues(info, names, values, { language, timeZone }, deps);
  const name = info.nameColumn === null ? undefined : values[info.nameColumn];
  return {
    ...{ table, row, name: typeof name === "string" ? name : null },
    columns: readable.map(({ column, label, type }, n) => ({
      ...{ column, label: label[language], type, value: values[column] ?? null, shown: shown[n] ?? "" },
    })),
  };
}

function shortened(values: Columns): Columns {
  const short = (value: FieldValue): FieldValue =>
    typeof value === "string" && value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
  return Object.fromEntries(Object.entries(values).map(([column, value]) => [column, short(value)]));
}

/** What the mails' own template engine prints for each column: one template names them all. */
async function shownValues(
  table: TableInfo,
  names: readonly string[],
  event: Columns,
  reader: Pick<TemplateScope, "language" | "timeZone">,
  { templates }: Pick<Deps, "templates">,
): Promise<readonly string[]> {
  const labels = Object.fromEntries(
    table.columns.map(({ column, options }) => [
      `event.${column}`,
      Object.fromEntries(options.map(({ value, label }) => [value, label[reader.language as PageLanguage]])),
    ]),
  );
  const empty = { before: {}, record: {}, audience: {}, related: {}, survey: {}, discount: {} };
  const text = names.map((name) => `{{ event.${name} }}`).join(BETWEEN);
  const printed = await templates.render({ subject: "-", html: "-", text }, { ...empty, ...reader, event, labels });
  return printed.text.split(BETWEEN);
}
