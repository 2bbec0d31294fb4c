import { expect } from "@jest/globals";
import type { Committed, Conflict, Range, Rows, StoredRow, Write } from "../../shared/ports/rows.ts";

let tables = 0;

/** A table that no other test uses: the store may be shared by them all. */
export function freshTable(): string {
  return `T${process.pid}x${++tables}`;
}

/** Inserts rows by key; answers their ETags in that order. */
export async function insert(rows: Rows, table: string, partition: string, values: Record<string, unknown>) {
  const writes = Object.entries(values).map(([row, value]): Write => ({ kind: "insert", row, value }));
  const answer = await rows.commit(table, partition, writes);
  if (answer.kind !== "committed") throw new Error(`not inserted: ${JSON.stringify(answer)}`);
  const [first = "", second = ""] = answer.etags;
  return [first, second] as const;
}

/** All pages of a listing; a page holds no more than its limit. */
export async function all(rows: Rows, table: string, partition: string, range: Range = {}) {
  const found: StoredRow<unknown>[] = [];
  let next: Range | undefined = range;
  while (next !== undefined) {
    const { rows: page, continuation }: { rows: readonly StoredRow<unknown>[]; continuation?: string } =
      await rows.list(table, partition, next);
    expect(page.length).toBeLessThanOrEqual(range.limit ?? 1000);
    found.push(...page);
    next = continuation === undefined ? undefined : { ...range, continuation };
  }
  return found;
}

export function etagOf(answer: Committed | Conflict): string {
  if (answer.kind !== "committed") throw new Error(JSON.stringify(answer));
  return answer.etags[0] ?? "";
}

export function committed(...etags: readonly string[]): Committed {
  return { kind: "committed", etags };
}

export function conflict(index: number, reason: Conflict["reason"]): Conflict {
  return { kind: "conflict", index, reason };
}

export function pick(continuation: string | undefined): Range {
  return continuation === undefined ? {} : { continuation };
}
