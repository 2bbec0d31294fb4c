import type { Page, Range, Rows, StoredRow, Table } from "../ports/rows.ts";

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

/** The first page that holds a row, or the last one: a page may be empty and still have a continuation. */
export async function firstPage<T>(rows: Rows, table: Table, partition: string, range: Range): Promise<Page<T>> {
  let page = await rows.list<T>(table, partition, range);
  while (page.rows.length === 0 && page.continuation !== undefined)
    page = await rows.list<T>(table, partition, { ...range, continuation: page.continuation });
  return page;
}
