import type { Columns } from "../../domain/value.ts";
import type { Turns } from "./turns.ts";

/** Reads these columns of one row now. */
export type Read = (table: string, id: string, columns: readonly string[]) => Promise<Columns | undefined>;

interface Waiting {
  readonly columns: Set<string>;
  readonly row: Promise<Columns | undefined>;
}

/**
 * Reads of one row that nobody has sent yet become one. A read that is under way is never shared: its answer may be
 * older than what the next asker must see, such as a write of his own.
 */
export function coalesced(read: Read, turns: Turns): Read {
  const waiting = new Map<string, Waiting>();

  return async (table, id, columns) => {
    const key = `${table}|${id}`;
    const joined = waiting.get(key);
    for (const column of columns) joined?.columns.add(column);
    const entry = joined ?? begin(key, table, id, columns);
    const row = await entry.row;
    return row && Object.fromEntries(columns.map((column) => [column, row[column] ?? null]));
  };

  function begin(key: string, table: string, id: string, columns: readonly string[]): Waiting {
    const asked = new Set(columns);
    const row = turns.take(() => {
      waiting.delete(key);
      return read(table, id, [...asked]);
    });
    const entry = { columns: asked, row };
    waiting.set(key, entry);
    return entry;
  }
}
