import type { Columns } from "../../domain/value.ts";

/** Reads these columns of one row now. */
export type Read = (table: string, id: string, columns: readonly string[]) => Promise<Columns | undefined>;

interface Waiting {
  readonly columns: Set<string>;
  readonly row: Promise<Columns | undefined>;
}

/** Dataverse lets a caller have 52 requests under way on a web server; some are left to writes and to metadata. */
const AT_ONCE = 30;

/**
 * Reads of one row that nobody has sent yet become one. A read that is under way is never shared: its answer may be
 * older than what the next asker must see, such as a write of his own.
 */
export function coalesced(read: Read): Read {
  const waiting = new Map<string, Waiting>();
  const turns = new Turns(AT_ONCE);

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

/** At most so many at once, the others in the order in which they came. */
class Turns {
  #free: number;
  readonly #queue: (() => void)[] = [];

  constructor(free: number) {
    this.#free = free;
  }

  async take<T>(run: () => Promise<T>): Promise<T> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#queue.push(resolve));
    else {
      this.#free--;
      // Whoever asks in the same tick still joins.
      await Promise.resolve();
    }
    try {
      return await run();
    } finally {
      const next = this.#queue.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }
}
