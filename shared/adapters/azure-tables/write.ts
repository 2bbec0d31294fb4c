import type { TableClient, TransactionAction } from "@azure/data-tables";
import type { CheckedWrite } from "../../ports/row-limits.ts";
import { toEntity } from "./entity.ts";
import { withDeleteEtags } from "./policies.ts";

/** Has the form of an ETag and matches no row. */
const NO_ETAG = "W/\"datetime'1601-01-01T00%3A00%3A00.0000000Z'\"";
const ETAG = /^W\/"datetime'[\w%:.-]+'"$/;

/** Carries writes out, all or nothing; answers their new ETags. One alone needs no transaction: a third the work. */
export async function write(
  table: TableClient,
  partition: string,
  writes: readonly CheckedWrite[],
  abortSignal: AbortSignal,
): Promise<readonly string[]> {
  const ours = writes.map(withPossibleEtag);
  const [only] = ours;
  if (only !== undefined && ours.length === 1) return [await single(table, partition, only, abortSignal)];
  return transaction(table, partition, ours, abortSignal);
}

async function single(table: TableClient, partition: string, write: CheckedWrite, abortSignal: AbortSignal) {
  switch (write.kind) {
    case "insert":
      return (await table.createEntity(toEntity(partition, write.row, write.json), { abortSignal })).etag ?? "";
    case "upsert":
      return (
        (await table.upsertEntity(toEntity(partition, write.row, write.json), "Replace", { abortSignal })).etag ?? ""
      );
    case "replace": {
      const { etag } = write;
      const entity = toEntity(partition, write.row, write.json);
      return (await table.updateEntity(entity, "Replace", { etag, abortSignal })).etag ?? "";
    }
    case "delete":
      await table.deleteEntity(partition, write.row, { abortSignal, etag: write.etag ?? "*" });
      return "";
  }
}

async function transaction(
  table: TableClient,
  partition: string,
  writes: readonly CheckedWrite[],
  abortSignal: AbortSignal,
): Promise<readonly string[]> {
  const deletes = new Map<string, string>();
  for (const write of writes)
    if (write.kind === "delete" && write.etag !== undefined) deletes.set(write.row, write.etag);

  const actions = writes.map((write) => action(partition, write));
  const answer = await table.submitTransaction(actions, { abortSignal: withDeleteEtags(abortSignal, deletes) });
  return writes.map((write, n) => (write.kind === "delete" ? "" : (answer.subResponses[n]?.etag ?? "")));
}

function action(partition: string, write: CheckedWrite): TransactionAction {
  switch (write.kind) {
    case "insert":
      return ["create", toEntity(partition, write.row, write.json)];
    case "upsert":
      return ["upsert", toEntity(partition, write.row, write.json), "Replace"];
    case "replace":
      return ["update", toEntity(partition, write.row, write.json), "Replace", { etag: write.etag }];
    case "delete":
      return ["delete", { partitionKey: partition, rowKey: write.row }];
  }
}

/** A text that can't be one of ours (a browser sent it, or `*`) is an ETag that no row has, not a bad request. */
function withPossibleEtag(write: CheckedWrite): CheckedWrite {
  if (write.kind !== "replace" && write.kind !== "delete") return write;
  return write.etag === undefined || ETAG.test(write.etag) ? write : { ...write, etag: NO_ETAG };
}
