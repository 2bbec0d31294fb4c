import type { RecordAddress } from "../domain/value.ts";
import type { Rows, StoredRow } from "../ports/rows.ts";
import { hash } from "./hash.ts";
import { key } from "./keys.ts";
import { firstPage } from "./pages.ts";

const TABLE = "Expiry";
const DAY_MS = 86_400_000;

/** What a purge removes once its day is over: an inbox row, or the durable history of a run that ended. */
export interface Expiring {
  readonly of: { readonly member: string } | { readonly record: RecordAddress } | { readonly run: string };
  /** Time and id of the inbox row. */
  readonly at: number;
  readonly id: string;
}

/** What goes, by the day from which it may. */
export class Expiry {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  async put(day: number, what: Expiring): Promise<void> {
    await this.#rows.commit(TABLE, dayKey(day), [
      { kind: "upsert", row: key(hash(ownerOf(what), what.id, String(what.at))), value: what },
    ]);
  }

  async page(day: number, limit: number): Promise<readonly StoredRow<Expiring>[]> {
    return (await firstPage<Expiring>(this.#rows, TABLE, dayKey(day), { limit })).rows;
  }

  async remove(day: number, row: string): Promise<void> {
    await this.#rows.commit(TABLE, dayKey(day), [{ kind: "delete", row }]);
  }
}

function ownerOf({ of }: Expiring): string {
  if ("member" in of) return of.member;
  return "run" in of ? of.run : `${of.record.table}:${of.record.id}`;
}

/** Whole days since 1970. */
export function dayOf(ms: number): number {
  return Math.floor(ms / DAY_MS);
}

function dayKey(day: number): string {
  return key(`day:${day}`);
}
