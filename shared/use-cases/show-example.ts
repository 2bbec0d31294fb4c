import { type ColumnChange, type ProposedColumn, proposeTrigger, type SeenChange } from "../domain/example.ts";
import type { ColumnInfo, TableInfo } from "../domain/metadata.ts";
import type { RecordTrigger } from "../domain/trigger.ts";
import { type FieldValue, isReference } from "../domain/value.ts";
import type { PageLanguage } from "../domain/words.ts";
import type { Deps } from "./deps.ts";
import { proposedWays } from "./propose-audience.ts";

type Shown<T extends ColumnChange> = T & {
  readonly label: string;
  /** As people read it; null for nothing. */
  readonly fromShown: string | null;
  readonly toShown: string | null;
};

export interface ExampleShown {
  readonly id: string;
  readonly table: string;
  readonly user: string;
  /** ISO 8601. */
  readonly since: string;
  readonly until: string;
  /** Newest first. */
  readonly seen: readonly (Omit<SeenChange, "columns"> & {
    readonly name: string | null;
    readonly columns: readonly Shown<ColumnChange>[];
  })[];
  /** Lacks its name alone; null while nothing was seen that a trigger could listen to. */
  readonly proposal: {
    readonly trigger: Omit<RecordTrigger, "slug" | "name">;
    readonly columns: readonly Shown<ProposedColumn>[];
  } | null;
}

/** What was seen of an example so far, and the trigger that it shows; undefined where it is over. */
export async function showExample(
  id: string,
  { change, language }: { readonly change: string | undefined; readonly language: PageLanguage },
  deps: Pick<Deps, "clock" | "dataverse" | "examples" | "metadata">,
): Promise<ExampleShown | undefined> {
  const kept = await deps.examples.read(id);
  if (kept === undefined || kept.example.until <= deps.clock.now()) return undefined;
  const { example, seen } = kept;
  const { table, user } = example;
  const info = await deps.metadata.table(table);
  const names = await namesOf(seen, info, deps);
  const proposed =
    info === undefined || seen.length === 0
      ? undefined
      : proposeTrigger(seen, info, await proposedWays(table, deps), change);
  const shown = <T extends ColumnChange>(of: T) => shownColumn(of, info, language);
  return {
    ...{ id, table, user },
    since: new Date(example.since).toISOString(),
    until: new Date(example.until).toISOString(),
    seen: [...seen]
      .reverse()
      .map((one) => ({ ...one, name: names.get(one.record) ?? null, columns: one.columns.map(shown) })),
    proposal: proposed === undefined ? null : { ...proposed, columns: proposed.columns.map(shown) },
  };
}

/** What people call the rows, so that they know them again; one that is gone has no name any more. */
async function namesOf(
  seen: readonly SeenChange[],
  info: TableInfo | undefined,
  { dataverse }: Pick<Deps, "dataverse">,
): Promise<ReadonlyMap<string, string>> {
  const column = info?.nameColumn ?? null;
  if (info === undefined || column === null || seen.length === 0) return new Map();
  const rows = await dataverse.readMany(info.table, [...new Set(seen.map(({ record }) => record))], [column]);
  return new Map(
    [...rows].flatMap(([id, row]) => (typeof row[column] === "string" ? [[id, row[column]] as const] : [])),
  );
}

function shownColumn<T extends ColumnChange>(of: T, info: TableInfo | undefined, language: PageLanguage): Shown<T> {
  const known = info?.columns.find(({ column }) => column === of.column);
  const word = (value: FieldValue) => wordOf(value, known, language);
  return { ...of, label: known?.label[language] ?? of.column, fromShown: word(of.from), toShown: word(of.to) };
}

function wordOf(value: FieldValue, column: ColumnInfo | undefined, language: PageLanguage): string | null {
  if (value === null) return null;
  if (isReference(value)) return value.name ?? value.id;
  if (Array.isArray(value)) return value.map((one) => wordOf(one, column, language) ?? "").join(", ");
  const option = column?.options.find((one) => one.value === Number(value));
  return option?.label[language] ?? String(value);
}
