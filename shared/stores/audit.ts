import type { Range, Rows } from "../ports/rows.ts";
import { invertTime, key, under } from "./keys.ts";
import { all } from "./pages.ts";

const TABLE = "Audit";
/** Names the months that hold rows, so that a list knows where to go on and when to end. */
const MONTHS = "months";

/** Who did what to what, and when. It holds no values: what was changed stands in the definitions' own versions. */
export interface Audited {
  /** Milliseconds. */
  readonly at: number;
  readonly by: { readonly id: string; readonly name: string };
  /** A verb: `publish`, `stop`, `look-at`. */
  readonly action: string;
  /** `kind:name`: `journey:after-the-case`, `run:contact:…~…`. */
  readonly subject: string;
}

export interface AuditPage {
  readonly entries: readonly Audited[];
  /** Where the next page begins; undefined where this was the last. */
  readonly next?: string;
}

/** What people did, by month, newest first. */
export class Audit {
  readonly #rows: Rows;
  readonly #known = new Set<string>();

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  /** `id` tells apart what happened in the same millisecond. */
  async write(id: string, entry: Audited): Promise<void> {
    const month = monthOf(entry.at);
    if (!this.#known.has(month)) {
      await this.#rows.commit(TABLE, MONTHS, [{ kind: "upsert", row: month, value: month }]);
      this.#known.add(month);
    }
    const row = key(invertTime(entry.at), id);
    await this.#rows.commit(TABLE, month, [{ kind: "upsert", row, value: entry }]);
  }

  /** At most `limit` entries after a place that an earlier page named. */
  async page(limit: number, after?: string): Promise<AuditPage> {
    const [from, row] = after?.split("/") ?? [];
    const entries: Audited[] = [];
    for (const month of (await this.months()).filter((one) => from === undefined || one <= from).reverse()) {
      let range: Range = month === from && row !== undefined ? { from: under(row).from } : {};
      for (;;) {
        const page = await this.#rows.list<Audited>(TABLE, month, { ...range, limit: limit - entries.length });
        entries.push(...page.rows.map(({ value }) => value));
        const last = page.rows.at(-1)?.row;
        if (last !== undefined && entries.length >= limit) return { entries, next: `${month}/${last}` };
        if (page.continuation === undefined) break;
        range = { ...range, continuation: page.continuation };
      }
    }
    return { entries };
  }

  /** Months that hold entries, oldest first. */
  async months(): Promise<string[]> {
    return (await all<string>(this.#rows, TABLE, MONTHS, {})).map(({ row }) => row);
  }

  /** Removes a month with all that it holds. */
  async drop(month: string): Promise<void> {
    const rows = await all<Audited>(this.#rows, TABLE, month, {});
    for (let at = 0; at < rows.length; at += 100)
      await this.#rows.commit(
        TABLE,
        month,
        rows.slice(at, at + 100).map(({ row }) => ({ kind: "delete", row })),
      );
    await this.#rows.commit(TABLE, MONTHS, [{ kind: "delete", row: month }]);
    this.#known.delete(month);
  }
}

/** `2026-11`, in UTC. */
export function monthOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 7);
}

/** Whether a page may begin there. */
export function isAuditPlace(text: string): boolean {
  return /^\d{4}-\d{2}\/\d{13}~[A-Za-z0-9:._-]+$/.test(text);
}
