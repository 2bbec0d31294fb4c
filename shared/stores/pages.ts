import type { Range, Rows, StoredRow, Table } from "../ports/rows.ts";

/** All rows of a range, page after page: for ranges that are small by design, such as one member's live runs. */
export async function all<T>(rows: Rows, table: Table, partition: string, range: Range): Promise<StoredRow<T>[]> {
  const found: StoredRow<T>[] = [];
  let continuation: string | undefined;
  do {
    const page = await rows.list<T>(table, partition, continuation === undefined ? range : { ...range, continuation });
    found.push(...page.rows);
    continuation = page.continuation;
  } while (continuation !== undefined);
  return found;
}
