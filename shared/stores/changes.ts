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
    let earlier: Change | undefined;
    for (let n = 0; n < weeks && earlier === undefined; n += 1) {
      const table = `Changes${weekOf(at - n * WEEK_MS)}`;
      const page = await firstPage<Change>(this.#rows, table, partition, { from: invertTime(at), limit: 2 });
      earlier = page.rows.find(({ row }) => row !== own)?.value;
    }
    // Newest first: the last one that is younger is the next one.
    const later = (await this.since(`${change.table}:${change.record}`, at + 1, now)).at(-1);
    return { earlier, later };
  }

  /** Bodies of a record, `table:id`, at or after a moment, newest first. Milliseconds. */
  async since(about: string, at: number, now: number): Promise<readonly Change[]> {
    const found: Change[] = [];
    for (let week = Math.max(now, at); weekOf(week) >= weekOf(at); week -= WEEK_MS) {
      const range = { below: invertTime(at - 1) };
      const rows = await all<Change>(this.#rows, `Changes${weekOf(week)}`, key(about), range);
      found.push(...rows.map(({ value }) => value));
    }
    return found;
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
