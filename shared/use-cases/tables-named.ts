import type { TableInfo } from "../domain/metadata.ts";
import type { Metadata } from "../ports/metadata.ts";

/** Tables by their name; those that the organisation does not have are left out. Throws as `Metadata` does. */
export async function tablesNamed(
  names: readonly string[],
  metadata: Metadata,
  fresh: boolean,
): Promise<ReadonlyMap<string, TableInfo>> {
  const found = await Promise.all(names.map((name) => metadata.table(name, fresh)));
  return new Map(found.flatMap((table) => (table === undefined ? [] : [[table.table, table] as const])));
}
