import { TableClient } from "@azure/data-tables";
import type { TokenCredential } from "@azure/identity";
import { ParcoursError } from "../../errors.ts";
import { checkKey, checkPlace, checkRange, checkTable, checkWrites } from "../../ports/row-limits.ts";
import type { Committed, Conflict, Page, Range, Rows, StoredRow, Table, Write } from "../../ports/rows.ts";
import { fromEntity } from "./entity.ts";
import { faultOf, reasonOf } from "./faults.ts";
import { makeTable } from "./make-table.ts";
import { keepToAscii, restoreDeleteEtags } from "./policies.ts";
import { write } from "./write.ts";

export type AzureTableRowsOptions = (
  | { readonly connectionString: string }
  /** `https://<account>.table.core.windows.net` and a managed identity. */
  | { readonly endpoint: string; readonly credential: TokenCredential }
) & {
  /** The longest that one operation may take, its retries included: milliseconds (default 10 000). */
  readonly timeoutMs?: number;
  /** Between attempts to make a table that is still being deleted: milliseconds (default 2 000). */
  readonly beingDeletedDelayMs?: number;
};

const RETRIES = { maxRetries: 3, retryDelayInMs: 200, maxRetryDelayInMs: 2_000 };
/** A table may be missing, be made by us, and be dropped by another process at once; not for ever. */
const ATTEMPTS = 3;

/** `Rows` in Azure Table storage. A table is made when a write finds that it is missing. */
export function azureTableRows(options: AzureTableRowsOptions): Rows {
  const clients = new Map<Table, TableClient>();
  const making = new Map<Table, Promise<void>>();
  const inTime = () => AbortSignal.timeout(options.timeoutMs ?? 10_000);

  function client(table: Table): TableClient {
    const known = clients.get(table);
    if (known !== undefined) return known;
    const made = connect(options, table);
    clients.set(table, made);
    return made;
  }

  /** Makes a table, once for all who find it missing at the same time. */
  function make(table: Table): Promise<void> {
    const underWay = making.get(table);
    if (underWay !== undefined) return underWay;
    const made = makeTable(client(table), inTime, options.beingDeletedDelayMs).finally(() => making.delete(table));
    making.set(table, made);
    return made;
  }

  return {
    async get<T>(table: Table, partition: string, row: string): Promise<StoredRow<T> | undefined> {
      checkPlace(table, partition);
      checkKey("row", row);
      try {
        return fromEntity<T>(await client(table).getEntity(partition, row, { abortSignal: inTime() }));
      } catch (fault) {
        // No row and no table to hold it come to the same.
        if (reasonOf(fault) !== undefined) return undefined;
        throw faultOf(fault);
      }
    },

    async commit(table: Table, partition: string, writes: readonly Write[]): Promise<Committed | Conflict> {
      checkPlace(table, partition);
      const checked = checkWrites(writes);
      if (checked.length === 0) return { kind: "committed", etags: [] };
      for (let attempt = 1; ; attempt++) {
        try {
          return { kind: "committed", etags: await write(client(table), partition, checked, inTime()) };
        } catch (fault) {
          const reason = reasonOf(fault);
          if (reason?.kind === "exists" || reason?.kind === "stale" || reason?.kind === "missing")
            return { kind: "conflict", index: reason.index, reason: reason.kind };
          if (reason === undefined || attempt === ATTEMPTS) throw faultOf(fault);
        }
        await make(table);
      }
    },

    async list<T>(table: Table, partition: string, range: Range = {}): Promise<Page<T>> {
      checkPlace(table, partition);
      const { limit: maxPageSize } = checkRange(range);
      if (range.continuation !== undefined) checkContinuation(range.continuation);
      try {
        const query = { queryOptions: { filter: filter(partition, range) }, abortSignal: inTime() };
        const continuationToken = range.continuation;
        const pages = client(table)
          .listEntities(query)
          .byPage(continuationToken === undefined ? { maxPageSize } : { maxPageSize, continuationToken });
        for await (const page of pages) {
          const rows = page.map((entity) => fromEntity<T>(entity));
          return page.continuationToken === undefined ? { rows } : { rows, continuation: page.continuationToken };
        }
        return { rows: [] };
      } catch (fault) {
        if (reasonOf(fault) !== undefined) return { rows: [] };
        throw faultOf(fault);
      }
    },

    async drop(table: Table): Promise<void> {
      checkTable(table);
      try {
        await client(table).deleteTable({ abortSignal: inTime() });
      } catch (fault) {
        if (reasonOf(fault) === undefined) throw faultOf(fault);
      }
    },
  };
}

function connect(options: AzureTableRowsOptions, table: Table): TableClient {
  // Azurite is what speaks plain HTTP.
  const emulated =
    "connectionString" in options && /TableEndpoint=http:|UseDevelopmentStorage/i.test(options.connectionString);
  const settings = { retryOptions: RETRIES, allowInsecureConnection: emulated };
  const client =
    "connectionString" in options
      ? TableClient.fromConnectionString(options.connectionString, table, settings)
      : new TableClient(options.endpoint, table, options.credential, settings);
  restoreDeleteEtags(client.pipeline);
  if (emulated) keepToAscii(client.pipeline);
  return client;
}

/** Keys and bounds were checked: no quote is in them. */
function filter(partition: string, { from, below }: Range): string {
  const bounds = [
    `PartitionKey eq '${partition}'`,
    from === undefined || from === "" ? "" : `RowKey ge '${from}'`,
    below === undefined ? "" : `RowKey lt '${below}'`,
  ];
  return bounds.filter(Boolean).join(" and ");
}

/** @throws KEY_INVALID for what the SDK could not read; one that points elsewhere still meets the filter. */
function checkContinuation(continuation: string): void {
  try {
    const token: unknown = JSON.parse(Buffer.from(continuation, "base64").toString("latin1"));
    if (typeof token === "object" && token !== null && "nextPartitionKey" in token) return;
  } catch {
    // Not JSON: refused below.
  }
  throw new ParcoursError("KEY_INVALID", "not a continuation");
}
