import type { Change } from "../domain/change.ts";
import type { Neighbours } from "../domain/read-back.ts";
import type { Rows } from "../ports/rows.ts";
import { hash } from "./hash.ts";
import { invertTime, key } from "./keys.ts";
import { all, firstPage } from "./pages.ts";
import { weekOf } from "./weeks.ts";

const WEEK_MS = 7 * 86_400_000;

/** Whole bodies of changes, once each: messages and state carry a reference. One table a week. */
export class Changes {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  /** Where the body of a change lies, or will. */
  ref(change: Change): string {
    const at = Date.parse(change.at);
    return [weekOf(at), key(`${change.table}:${change.record}`), key(invertTime(at), hash(change.id))].join("/");
  }

  /** The same change again is the same row. One that was read back never takes the place of what came by itself. */
  async store(change: Change): Promise<string> {
    const ref = this.ref(change);
    const { table, partition, row } = place(ref);
    const kind = change.readBack === undefined ? "upsert" : "insert";
    await this.#rows.commit(table, partition, [{ kind, row, value: change }]);
    return ref;
  }

  /** Bodies of the same record: the last one before this change, and the first one after it. Weeks as far as asked. */
  async neighbours(change: Change, now: number, weeks: number): Promise<Neighbours> {
    const at = Date.parse(change.at);
    const own = place(this.ref(change)).row;
    const partition = key(`${change.table}:${change.record}`);
    const tables = (from: number, count: number) =>
      Array.from({ length: Math.max(0, count) }, (_, n) => `Changes${weekOf(from - n * WEEK_MS)}`);
    let earlier: Change | undefined;
    for (const table of tables(at, weeks)) {
      const page = await firstPage<Change>(this.#rows, table, partition, { from: invertTime(at), limit: 2 });
      earlier = page.rows.find(({ row }) => row !== own)?.value;
      if (earlier !== undefined) break;
    }
    let later: Change | undefined;
    // Newest first: the last one that is younger is the next one.
    for (const table of tables(now, Math.ceil((now - at) / WEEK_MS) + 1)) {
      const younger = await all<Change>(this.#rows, table, partition, { below: invertTime(at) });
      later = younger.at(-1)?.value ?? later;
    }
    return { earlier, later };
  }

  async read(ref: string): Promise<Change | undefined> {
    const { table, partition, row } = place(ref);
    return (await this.#rows.get<Change>(table, partition, row))?.value;
  }

  async drop(week: string): Promise<void> {
    await this.#rows.drop(`Changes${week}`);
  }
}

function place(ref: string): { table: string; partition: string; row: string } {
  const [week = "", partition = "", row = ""] = ref.split("/");
  return { table: `Changes${week}`, partition, row };
}
