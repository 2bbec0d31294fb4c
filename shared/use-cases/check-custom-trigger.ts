import { customTriggerProblems } from "../domain/check-custom-trigger.ts";
import type { TableInfo } from "../domain/metadata.ts";
import type { CustomTrigger } from "../domain/trigger.ts";
import type { Problem } from "../domain/validate.ts";
import type { Deps } from "./deps.ts";

/** Whether the organisation has the tables and columns that a custom trigger names. @throws DATAVERSE_UNAVAILABLE */
export async function checkCustomTrigger(
  trigger: CustomTrigger,
  { metadata, settings }: Pick<Deps, "metadata" | "settings">,
  fresh: boolean,
): Promise<readonly Problem[]> {
  const { person, table } = trigger;
  const named = new Set([...person.tables, ...person.keys.map((key) => key.table), ...(table ? [table] : [])]);
  const tables = new Map<string, TableInfo>();
  for (const name of named) {
    const found = await metadata.table(name, fresh);
    if (found !== undefined) tables.set(name, found);
  }
  return customTriggerProblems(trigger, tables, settings.addressColumn);
}
