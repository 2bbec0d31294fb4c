import type { Rows } from "../ports/rows.ts";
import type { ManyAsked } from "../wire/parked.ts";
import { invertTime, key, under } from "./keys.ts";
import { all, firstPage } from "./pages.ts";

const TABLE = "Batches";
const PLACE = "batches";
const OPEN = "open";
const OVER = "over";

/** What somebody asked to be done with many messages; it goes on in the background. Times are milliseconds. */
export interface Batch {
  readonly id: string;
  readonly does: "replay" | "discard";
  readonly of: ManyAsked;
  /** Who asked, and when: what came later is not meant. */
  readonly by: string;
  readonly at: number;
  /** Where it goes on; null at the beginning. */
  readonly next: string | null;
  readonly done: number;
  /** Those that can't be replayed: they stay where they are. */
  readonly left: number;
  readonly over: boolean;
}

export class Batches {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  /** The same batch again is the same row; one that is over moves to those that are. */
  async save(batch: Batch): Promise<void> {
    const row = key(batch.over ? OVER : OPEN, invertTime(batch.at), batch.id);
    await this.#rows.commit(TABLE, PLACE, [{ kind: "upsert", row, value: batch }]);
    if (!batch.over) return;
    const open = key(OPEN, invertTime(batch.at), batch.id);
    await this.#rows.commit(TABLE, PLACE, [{ kind: "delete", row: open }]);
  }

  async open(): Promise<Batch[]> {
    return (await all<Batch>(this.#rows, TABLE, PLACE, under(OPEN))).map(({ value }) => value);
  }

  /** The newest that are over. */
  async over(limit: number): Promise<Batch[]> {
    return (await firstPage<Batch>(this.#rows, TABLE, PLACE, { ...under(OVER), limit })).rows.map(({ value }) => value);
  }
}
