import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { azureTableRows } from "../../../../shared/adapters/azure-tables/rows.ts";
import type { Rows, Write } from "../../../../shared/ports/rows.ts";
import { freshTable } from "../../../contracts/rows-fixture.ts";
import { type Azurite, connectionStringTo, startAzurite } from "../../../support/azurite.ts";
import { type FaultyProxy, startFaultyProxy, type Treatment } from "../../../support/faulty-proxy.ts";

const PATIENT_MS = 60_000;
/** Long enough for a busy machine to have sent its request, short enough to wait for in a test. */
const HASTY_MS = 1_000;
const ONE: readonly Write[] = [{ kind: "insert", row: "r", value: 1 }];
const TWO: readonly Write[] = [...ONE, { kind: "insert", row: "s", value: 2 }];
const unavailable = { code: "STORE_UNAVAILABLE", retryable: true };

let azurite: Azurite | undefined;
let proxy: FaultyProxy;
let rows: Rows;
let table: string;

beforeAll(async () => {
  azurite = await startAzurite();
}, 300_000);
afterAll(() => azurite?.stop());
beforeEach(async () => {
  proxy = await startFaultyProxy(azurite?.port ?? 0);
  rows = through(PATIENT_MS);
  table = freshTable();
  await rows.commit(table, "made", ONE);
});
afterEach(() => proxy.close());

describe("an answer that is lost", () => {
  it.each([
    ["of one write", ONE],
    ["of a transaction", TWO],
  ])("comes back as a conflict with what was written: %s", async (_, writes) => {
    proxy.treat("lose-answer");
    expect(await rows.commit(table, "p", writes)).toEqual({ kind: "conflict", index: 0, reason: "exists" });
    expect((await rows.get(table, "p", "r"))?.value).toBe(1);
  });

  it("of a replace comes back as stale, of a delete as missing", async () => {
    const etag = (await rows.get(table, "made", "r"))?.etag ?? "";
    proxy.treat("lose-answer");
    const replaced = await rows.commit(table, "made", [{ kind: "replace", row: "r", value: 2, etag }]);
    expect(replaced).toEqual({ kind: "conflict", index: 0, reason: "stale" });
    proxy.treat("lose-answer");
    const deleted = await rows.commit(table, "made", [{ kind: "delete", row: "r" }]);
    expect(deleted).toEqual({ kind: "conflict", index: 0, reason: "missing" });
  });
});

describe("a request that the service does not take", () => {
  it.each<[string, Treatment]>([
    ["throttled", answer(503, "ServerBusy")],
    ["too slow", answer(500, "OperationTimedOut")],
    ["lost", "lose-request"],
  ])("for the moment, %s, is tried again", async (_, treatment) => {
    proxy.treat(treatment, treatment);
    expect(await rows.commit(table, "p", ONE)).toMatchObject({ kind: "committed" });
    proxy.treat(treatment);
    expect(await rows.commit(table, "q", TWO)).toMatchObject({ kind: "committed" });
    proxy.treat(treatment);
    expect(await rows.get(table, "q", "r")).toBeDefined();
    proxy.treat(treatment);
    expect((await rows.list(table, "q")).rows).toHaveLength(2);
  });

  it.each<[string, Treatment]>([
    ["503", answer(503, "ServerBusy")],
    ["429", answer(429, "TooManyRequests")],
    ["403", answer(403, "AuthorizationPermissionMismatch")],
    ["a cut connection", "lose-request"],
  ])("again and again is a store that is not available: %s", async (_, treatment) => {
    proxy.treat(...Array<Treatment>(50).fill(treatment));
    await allUnavailable(rows);
  });

  it("in time is a store that is not available", async () => {
    proxy.treat("hang", "hang", "hang", "hang", "hang");
    await allUnavailable(through(HASTY_MS));
  });

  it("because nobody listens is a store that is not available", async () => {
    await allUnavailable(azureTableRows({ connectionString: connectionStringTo(1) }));
  });

  it("inside a transaction is a store that is not available", async () => {
    const inner = `HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\n\r\n${body("ServerBusy", "0:")}`;
    const parts = `--batchresponse_1\r\n\r\n--changesetresponse_1\r\n\r\n${inner}\r\n--changesetresponse_1--\r\n`;
    proxy.treat({ status: 202, headers: { "content-type": "multipart/mixed; boundary=batchresponse_1" }, body: parts });
    await expect(rows.commit(table, "p", TWO)).rejects.toMatchObject(unavailable);
  });

  it("and answers with what nobody can read is a store that is not available", async () => {
    proxy.treat({ status: 200, headers: { "content-type": "application/json" }, body: "<html>" });
    await expect(rows.get(table, "p", "r")).rejects.toMatchObject(unavailable);
  });

  it("because a row is too large says so", async () => {
    proxy.treat(answer(400, "EntityTooLarge"));
    await expect(rows.commit(table, "p", ONE)).rejects.toMatchObject({ code: "ROW_TOO_LARGE", retryable: false });
  });

  it("because it is wrong comes as it is", async () => {
    proxy.treat(answer(400, "InvalidInput"));
    await expect(rows.commit(table, "p", ONE)).rejects.toMatchObject({ name: "RestError", statusCode: 400 });
  });
});

describe("a table that is being deleted", () => {
  it("is made anew once it is gone, for all who write to it", async () => {
    await rows.drop(table);
    const deleting = answer(409, "TableBeingDeleted");
    proxy.treat(deleting, deleting, deleting, deleting);
    expect(await rows.commit(table, "p", TWO)).toMatchObject({ kind: "committed" });
    expect(proxy.requests.filter((request) => request.endsWith("/Tables")).length).toBeGreaterThan(1);
  });

  it("has no rows", async () => {
    const deleting = answer(409, "TableBeingDeleted");
    proxy.treat(deleting, deleting);
    expect(await rows.get(table, "made", "r")).toBeUndefined();
    expect(await rows.list(table, "made")).toEqual({ rows: [] });
  });

  it("may be dropped again", async () => {
    proxy.treat(answer(409, "TableBeingDeleted"));
    await expect(rows.drop(table)).resolves.toBeUndefined();
  });
});

describe("a table that is missing", () => {
  it("is made once, by whoever writes to it first", async () => {
    const fresh = freshTable();
    const before = proxy.requests.length;
    const inserts = ["p", "q", "r"].map((partition) => rows.commit(fresh, partition, ONE));
    for (const inserted of await Promise.all(inserts)) expect(inserted).toMatchObject({ kind: "committed" });
    expect(proxy.requests.slice(before).filter((request) => request.endsWith("/Tables"))).toHaveLength(1);
  });

  it("is asked for only when a write finds it so", async () => {
    const before = proxy.requests.length;
    await rows.commit(table, "p", ONE);
    expect(proxy.requests.slice(before)).toHaveLength(1);
  });
});

describe("a page that is empty", () => {
  it("and has a continuation is passed on with it", async () => {
    const headers = {
      "content-type": "application/json;odata=minimalmetadata",
      "x-ms-continuation-nextpartitionkey": "bWFkZQ==",
      "x-ms-continuation-nextrowkey": "cg==",
    };
    proxy.treat({ status: 200, headers, body: JSON.stringify({ value: [] }) });
    const first = await rows.list(table, "made");
    expect(first).toEqual({ rows: [], continuation: expect.any(String) });
    const { continuation } = first;
    const second = await rows.list(table, "made", continuation === undefined ? {} : { continuation });
    expect(second.rows).toMatchObject([{ row: "r", value: 1 }]);
  });
});

function through(timeoutMs: number): Rows {
  const connectionString = connectionStringTo(proxy.port);
  return azureTableRows({ connectionString, timeoutMs, beingDeletedDelayMs: 10 });
}

/** One call of each kind, on rows that nobody has written. */
async function allUnavailable(at: Rows): Promise<void> {
  const calls: readonly Promise<unknown>[] = [
    at.get(table, "p", "r"),
    at.list(table, "p"),
    at.commit(table, "p", ONE),
    at.commit(table, "p", TWO),
    at.drop(table),
  ];
  for (const call of await Promise.allSettled(calls))
    expect(call).toMatchObject({ status: "rejected", reason: unavailable });
}

function answer(status: number, code: string): Treatment {
  return { status, headers: { "content-type": "application/json" }, body: body(code) };
}

function body(code: string, before = ""): string {
  return JSON.stringify({ "odata.error": { code, message: { lang: "en-US", value: `${before}said ${code}` } } });
}
