import { beforeAll, describe, expect, it } from "@jest/globals";
import type { Rows, Write } from "../../shared/ports/rows.ts";
import { all, committed, conflict, etagOf, freshTable, insert } from "./rows-fixture.ts";

/** Single writes, transactions, and how large they may be. */
export function writing(store: () => Rows): void {
  let rows: Rows;
  beforeAll(() => {
    rows = store();
  });

  describe("a single row", () => {
    it("is undefined until it is written", async () => {
      const table = freshTable();
      expect(await rows.get(table, "p", "r")).toBeUndefined();
      await insert(rows, table, "p", { other: 1 });
      expect(await rows.get(table, "p", "r")).toBeUndefined();
      expect(await rows.get(table, "q", "other")).toBeUndefined();
    });

    it("comes back as it was written, under the ETag that the commit answered", async () => {
      const table = freshTable();
      const value = { text: "l'été à « Évry »\n", n: -1.5, none: null, deep: [{ "odata.etag": "x", RowKey: "y" }] };
      const etag = etagOf(await rows.commit(table, "contact:1", [{ kind: "insert", row: "live~run", value }]));
      expect(await rows.get(table, "contact:1", "live~run")).toEqual({
        partition: "contact:1",
        row: "live~run",
        etag,
        value,
      });
    });

    it.each([
      null,
      0,
      "",
      false,
      [],
      {},
      "\u0000\u001f\u2028\ufffe\ud800",
      '{"a":"\\"}',
      "DELETE x\r\nIf-Match: *\r\n",
    ])("may hold any JSON: %j", async (value) => {
      const table = freshTable();
      await insert(rows, table, "p", { r: value });
      expect((await rows.get(table, "p", "r"))?.value).toEqual(value);
    });

    it("is inserted once only", async () => {
      const table = freshTable();
      await insert(rows, table, "p", { r: 1 });
      expect(await rows.commit(table, "p", [{ kind: "insert", row: "r", value: 2 }])).toEqual(conflict(0, "exists"));
      expect((await rows.get(table, "p", "r"))?.value).toBe(1);
    });

    it("is replaced whole, by whoever holds its ETag", async () => {
      const table = freshTable();
      const [first] = await insert(rows, table, "p", { r: { long: "x".repeat(70_000), a: 1 } });
      const second = etagOf(
        await rows.commit(table, "p", [{ kind: "replace", row: "r", value: { b: 2 }, etag: first }]),
      );
      expect(second).not.toBe(first);
      expect(await rows.get(table, "p", "r")).toMatchObject({ etag: second, value: { b: 2 } });
      expect((await rows.get<object>(table, "p", "r"))?.value).toEqual({ b: 2 });
      expect(await rows.commit(table, "p", [{ kind: "replace", row: "r", value: 3, etag: first }])).toEqual(
        conflict(0, "stale"),
      );
    });

    it("can't be replaced while it is not there", async () => {
      const table = freshTable();
      const [etag] = await insert(rows, table, "p", { other: 1 });
      expect(await rows.commit(table, "p", [{ kind: "replace", row: "r", value: 1, etag }])).toEqual(
        conflict(0, "missing"),
      );
    });

    it("never gets an ETag of its former life back", async () => {
      const table = freshTable();
      const [etag] = await insert(rows, table, "p", { r: 1 });
      await rows.commit(table, "p", [{ kind: "delete", row: "r" }]);
      await insert(rows, table, "p", { r: 1 });
      expect(await rows.commit(table, "p", [{ kind: "replace", row: "r", value: 2, etag }])).toEqual(
        conflict(0, "stale"),
      );
    });

    it("is upserted whether it is there or not", async () => {
      const table = freshTable();
      const first = etagOf(await rows.commit(table, "p", [{ kind: "upsert", row: "r", value: { a: 1 } }]));
      const second = etagOf(await rows.commit(table, "p", [{ kind: "upsert", row: "r", value: { b: 1 } }]));
      expect(second).not.toBe(first);
      expect(await rows.get(table, "p", "r")).toMatchObject({ etag: second, value: { b: 1 } });
      expect((await rows.get<object>(table, "p", "r"))?.value).toEqual({ b: 1 });
    });

    it("is deleted with its ETag, or with none", async () => {
      const table = freshTable();
      const [etag] = await insert(rows, table, "p", { a: 1, b: 1 });
      expect(await rows.commit(table, "p", [{ kind: "delete", row: "a", etag }])).toEqual(committed(""));
      expect(await rows.commit(table, "p", [{ kind: "delete", row: "b" }])).toEqual(committed(""));
      expect(await all(rows, table, "p")).toEqual([]);
    });

    it("is not deleted with the ETag of an earlier state, alone or in a transaction", async () => {
      const table = freshTable();
      const [etag] = await insert(rows, table, "p", { r: 1 });
      const now = etagOf(await rows.commit(table, "p", [{ kind: "upsert", row: "r", value: 2 }]));
      const late: Write = { kind: "delete", row: "r", etag };
      expect(await rows.commit(table, "p", [late])).toEqual(conflict(0, "stale"));
      const marker: Write = { kind: "insert", row: "done~r", value: 1 };
      expect(await rows.commit(table, "p", [marker, late])).toEqual(conflict(1, "stale"));
      expect((await all(rows, table, "p")).map((found) => found.row)).toEqual(["r"]);
      const fits = await rows.commit(table, "p", [marker, { ...late, etag: now }]);
      expect(fits).toMatchObject({ kind: "committed", etags: [expect.stringMatching(/./), ""] });
      expect((await all(rows, table, "p")).map((found) => found.row)).toEqual(["done~r"]);
    });

    it("that is missing can't be deleted", async () => {
      const table = freshTable();
      expect(await rows.commit(table, "p", [{ kind: "delete", row: "r" }])).toEqual(conflict(0, "missing"));
      const [etag] = await insert(rows, table, "p", { other: 1 });
      expect(await rows.commit(table, "p", [{ kind: "delete", row: "r", etag }])).toEqual(conflict(0, "missing"));
    });

    it.each(["*", "", "abc", "W/\"datetime'x'\"\r\nInjected: 1", "0"])(
      "does not match an ETag that the store never gave: %j",
      async (etag) => {
        const table = freshTable();
        await insert(rows, table, "p", { q: 1, r: 1 });
        expect(await rows.commit(table, "p", [{ kind: "replace", row: "r", value: 2, etag }])).toEqual(
          conflict(0, "stale"),
        );
        expect(await rows.commit(table, "p", [{ kind: "delete", row: "r", etag }])).toEqual(conflict(0, "stale"));
        const both: Write[] = [
          { kind: "upsert", row: "q", value: 2 },
          { kind: "delete", row: "r", etag },
        ];
        expect(await rows.commit(table, "p", both)).toEqual(conflict(1, "stale"));
      },
    );
  });

  describe("a transaction", () => {
    it("writes all its rows and answers their ETags in order", async () => {
      const table = freshTable();
      const [live, gone] = await insert(rows, table, "p", { live: 1, gone: 1 });
      const answer = await rows.commit(table, "p", [
        { kind: "insert", row: "new", value: "new" },
        { kind: "delete", row: "gone", etag: gone },
        { kind: "replace", row: "live", value: 2, etag: live },
        { kind: "upsert", row: "up", value: "up" },
      ]);
      const found = await all(rows, table, "p");
      expect(found.map(({ row, value }) => [row, value])).toEqual([
        ["live", 2],
        ["new", "new"],
        ["up", "up"],
      ]);
      const [kept, made, upserted] = found.map(({ etag }) => etag);
      expect(answer).toEqual(committed(made ?? "", "", kept ?? "", upserted ?? ""));
    });

    it("writes nothing when one of them does not fit, and names the first", async () => {
      const table = freshTable();
      const [etag] = await insert(rows, table, "p", { r: 1, s: 1 });
      const before = await all(rows, table, "p");
      const late: Write[] = [
        { kind: "insert", row: "new", value: 1 },
        { kind: "upsert", row: "s", value: 2 },
        { kind: "replace", row: "missing", value: 1, etag },
        { kind: "insert", row: "r", value: 1 },
      ];
      expect(await rows.commit(table, "p", late)).toEqual(conflict(2, "missing"));
      expect(await all(rows, table, "p")).toEqual(before);
    });

    it("of no writes is committed", async () => {
      expect(await rows.commit(freshTable(), "p", [])).toEqual(committed());
    });

    it("takes 100 rows and refuses 101", async () => {
      const table = freshTable();
      const writes = Array.from({ length: 101 }, (_, n): Write => ({ kind: "insert", row: `r${n}`, value: n }));
      await expect(rows.commit(table, "p", writes)).rejects.toMatchObject({ code: "ROW_TOO_LARGE" });
      expect(await rows.commit(table, "p", writes.slice(0, 100))).toMatchObject({ kind: "committed" });
      expect(await all(rows, table, "p")).toHaveLength(100);
    });

    it("refuses a row that it names twice", async () => {
      const twice: Write[] = [
        { kind: "insert", row: "r", value: 1 },
        { kind: "delete", row: "r" },
      ];
      await expect(rows.commit(freshTable(), "p", twice)).rejects.toMatchObject({ code: "KEY_INVALID" });
    });

    it("takes 4 MB and refuses more", async () => {
      const table = freshTable();
      const value = "x".repeat(460_798); // 900 KB in UTF-16 with its quotes
      const writes = Array.from({ length: 10 }, (_, n): Write => ({ kind: "upsert", row: `r${n}`, value }));
      await expect(rows.commit(table, "p", writes)).rejects.toMatchObject({ code: "ROW_TOO_LARGE" });
      expect(await rows.commit(table, "p", writes.slice(0, 9))).toMatchObject({ kind: "committed" });
      expect((await all(rows, table, "p")).map((found) => found.value)).toEqual(Array(9).fill(value));
    });
  });

  describe("sizes", () => {
    it.each([
      ["plain", "x".repeat(460_798)],
      ["accented", "é".repeat(460_798)],
      ["of pairs that no piece may part", `a${"😀".repeat(230_398)}`],
      ["of quotes", '"'.repeat(230_399)],
    ])("a row of 900 KB comes back whole: %s", async (_, value) => {
      const table = freshTable();
      await insert(rows, table, "p", { r: value });
      expect((await rows.get<string>(table, "p", "r"))?.value === value).toBe(true);
    });

    it("a row over 900 KB is refused", async () => {
      const write: Write = { kind: "upsert", row: "r", value: "x".repeat(460_799) };
      await expect(rows.commit(freshTable(), "p", [write])).rejects.toMatchObject({
        code: "ROW_TOO_LARGE",
        retryable: false,
      });
    });
  });
}
