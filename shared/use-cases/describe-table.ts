import type { RowOperator } from "../domain/child-rows.ts";
import { operatorsFor, rowOperatorsFor } from "../domain/column-operators.ts";
import type { Operator } from "../domain/condition.ts";
import type { ColumnInfo, ColumnType } from "../domain/metadata.ts";
import type { PageLanguage } from "../domain/words.ts";
import type { Deps } from "./deps.ts";

export interface ColumnShown {
  readonly column: string;
  readonly label: string;
  readonly type: ColumnType;
  readonly custom: boolean;
  /** False: people can't write it, so that a change of it is a by-product of another one. */
  readonly writable: boolean;
  readonly options: readonly { readonly value: number; readonly label: string; readonly state: number | null }[];
  readonly targets: readonly string[];
  readonly operators: readonly Operator[];
  /** What can be asked of the column of rows that are only counted. */
  readonly rowOperators: readonly RowOperator[];
}

export interface TableShown {
  readonly table: string;
  readonly label: string;
  readonly custom: boolean;
  readonly columns: readonly ColumnShown[];
}

/** State and status reason stand together, before all others: authors take the wrong one where they do not. */
const FIRST = ["statecode", "statuscode"];

/** A table's columns in the reader's language, by label. */
export async function describeTable(
  name: string,
  language: PageLanguage,
  refresh: boolean,
  { metadata }: Pick<Deps, "metadata">,
): Promise<TableShown | undefined> {
  const table = await metadata.table(name, refresh);
  if (table === undefined) return undefined;
  const { compare } = new Intl.Collator(language);
  const columns = table.columns
    .map((column) => shown(column, language))
    .sort((one, other) => rank(one) - rank(other) || compare(one.label, other.label));
  return { table: name, label: table.label[language], custom: table.custom, columns };
}

function shown(column: ColumnInfo, language: PageLanguage): ColumnShown {
  return {
    ...column,
    label: column.label[language],
    options: column.options.map((option) => ({ ...option, label: option.label[language] })),
    operators: operatorsFor(column.type),
    rowOperators: rowOperatorsFor(column.type),
  };
}

function rank({ column }: ColumnShown): number {
  const at = FIRST.indexOf(column);
  return at === -1 ? FIRST.length : at;
}
