import type { Change } from "../domain/change.ts";
import type { Rows } from "../ports/rows.ts";
import { hash } from "./hash.ts";
import { invertTime, key } from "./keys.ts";
import { weekOf } from "./weeks.ts";

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

  /** The same change again is the same row. */
  async store(change: Change): Promise<string> {
    const ref = this.ref(change);
    const { table, partition, row } = place(ref);
    await this.#rows.commit(table, partition, [{ kind: "upsert", row, value: change }]);
    return ref;
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
