import type { TableInfo } from "./metadata.ts";
import type { CustomTrigger } from "./trigger.ts";
import type { Problem } from "./validate.ts";

/** What the organisation says against a custom trigger; `tables` are those that it names, as far as they exist. */
export function customTriggerProblems(
  trigger: CustomTrigger,
  tables: ReadonlyMap<string, TableInfo>,
  addressColumn: string,
): readonly Problem[] {
  const problems: Problem[] = [];
  const { person, table } = trigger;
  if (table !== undefined && !tables.has(table))
    problems.push({ at: "table", problem: `the organisation has no table "${table}": choose another` });
  for (const [at, each] of person.tables.entries())
    if (columnOf(tables.get(each), addressColumn) === undefined)
      problems.push({
        at: `person.tables.${at}`,
        problem: `${each} has no column ${addressColumn} for e-mail addresses`,
      });
  for (const [at, key] of person.keys.entries()) {
    const column = columnOf(tables.get(key.table), key.column);
    if (column === undefined)
      problems.push({ at: `person.keys.${at}.column`, problem: `${key.table} has no column "${key.column}"` });
    else if (!["text", "number", "other"].includes(column.type))
      problems.push({ at: `person.keys.${at}.column`, problem: "only a column of text or numbers can name a person" });
  }
  return problems;
}

function columnOf(table: TableInfo | undefined, name: string) {
  return table?.columns.find(({ column }) => column === name);
}
