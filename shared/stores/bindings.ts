import type { RecordAddress } from "../domain/value.ts";
import type { Rows } from "../ports/rows.ts";
import { key, padTime, under } from "./keys.ts";
import { type InboxItem, inboxId, inboxKey, runKey } from "./members.ts";
import { all } from "./pages.ts";

const TABLE = "Bindings";

/** A run that follows a record. */
export interface Bound {
  readonly run: string;
  readonly member: string;
  readonly journey: string;
  /** When it was bound: one that was just bound may be a run that is about to be written. Milliseconds. */
  readonly at: number;
}

/** Which runs follow a record, and what happened to it: so a run outlives a change of its record's person. */
export class Bindings {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  /** Before the entry's transaction: the run's first activity and whoever brings an event can't both miss each other. */
  async bind(record: RecordAddress, bound: Bound): Promise<void> {
    await this.#rows.commit(TABLE, partition(record), [
      { kind: "upsert", row: runKey("run", bound.run), value: bound },
    ]);
  }

  async unbind(record: RecordAddress, run: string): Promise<void> {
    await this.#rows.commit(TABLE, partition(record), [{ kind: "delete", row: runKey("run", run) }]);
  }

  async runs(record: RecordAddress): Promise<Bound[]> {
    const found = await all<Bound>(this.#rows, TABLE, partition(record), under("run"));
    return found.map((stored) => stored.value);
  }

  async deliver(record: RecordAddress, at: number, item: InboxItem): Promise<void> {
    await this.#rows.commit(TABLE, partition(record), [
      { kind: "insert", row: inboxKey(at, inboxId(item)), value: item },
    ]);
  }

  async inbox(record: RecordAddress, since: number): Promise<InboxItem[]> {
    const range = { from: key("inbox", padTime(since)), below: under("inbox").below };
    return (await all<InboxItem>(this.#rows, TABLE, partition(record), range)).map((stored) => stored.value);
  }

  async forget(record: RecordAddress, at: number, id: string): Promise<void> {
    await this.#rows.commit(TABLE, partition(record), [{ kind: "delete", row: inboxKey(at, id) }]);
  }
}

function partition(record: RecordAddress): string {
  return key(`${record.table}:${record.id}`);
}
