import { beforeAll, describe, expect, it } from "@jest/globals";
import type { Range, Rows, Write } from "../../shared/ports/rows.ts";
import { all, freshTable, insert, pick } from "./rows-fixture.ts";

/** Which keys there are, and listings of them. */
export function reading(store: () => Rows): void {
  let rows: Rows;
  beforeAll(() => {
    rows = store();
  });

  describe("keys", () => {
    it("tell upper from lower case", async () => {
      const table = freshTable();
      await insert(rows, table, "p", { a: 1, A: 2 });
      expect((await rows.get(table, "p", "A"))?.value).toBe(2);
      expect(await rows.get(table, "P", "a")).toBeUndefined();
    });

    it("may use the whole alphabet and be 512 characters long", async () => {
      const table = freshTable();
      const key = `${"azAZ09:._-~x".repeat(42)}12345678`;
      expect(key).toHaveLength(512);
      await insert(rows, table, key, { [key]: 1 });
      const inTransaction: Write[] = [
        { kind: "upsert", row: key, value: 2 },
        { kind: "insert", row: ".", value: 3 },
      ];
      expect(await rows.commit(table, key, inTransaction)).toMatchObject({ kind: "committed" });
      expect((await rows.get(table, key, key))?.value).toBe(2);
      expect(await all(rows, table, key)).toHaveLength(2);
    });

    it.each(["", "~", "a~", "~a", "a~~b", "a/b", "a'b", "é", "a b", "a\n", "a#", "%41", "x".repeat(513)])(
      "outside the alphabet are refused: %j",
      async (bad) => {
        const refused = { code: "KEY_INVALID", retryable: false };
        const table = freshTable();
        await expect(rows.get(table, bad, "r")).rejects.toMatchObject(refused);
        await expect(rows.get(table, "p", bad)).rejects.toMatchObject(refused);
        await expect(rows.list(table, bad)).rejects.toMatchObject(refused);
        await expect(rows.commit(table, bad, [])).rejects.toMatchObject(refused);
        await expect(rows.commit(table, "p", [{ kind: "delete", row: bad }])).rejects.toMatchObject(refused);
      },
    );

    it.each(["", "ab", "1abc", "a-bc", "tabl\u00e9", "x".repeat(64)])("table names too: %j", async (bad) => {
      await expect(rows.get(bad, "p", "r")).rejects.toMatchObject({ code: "KEY_INVALID" });
      await expect(rows.drop(bad)).rejects.toMatchObject({ code: "KEY_INVALID" });
    });
  });

  describe("a listing", () => {
    it("of what does not exist is empty", async () => {
      expect(await all(rows, freshTable(), "p")).toEqual([]);
    });

    it("is in the order of the keys' characters, and of one partition only", async () => {
      const table = freshTable();
      const keys = ["-", ".", "0", "9", ":", "A", "Z", "_", "a", "a-b", "a~b", "aa", "b"];
      const ordered = ["-", ".", "0", "9", ":", "A", "Z", "_", "a", "a-b", "aa", "a~b", "b"];
      await insert(rows, table, "p", Object.fromEntries(keys.toReversed().map((row) => [row, row])));
      await insert(rows, table, "p~q", { x: 1 });
      await insert(rows, table, "o", { x: 1 });
      const found = await all(rows, table, "p");
      expect(found.map(({ row }) => row)).toEqual(ordered);
      expect(found.map(({ value }) => value)).toEqual(ordered);
    });

    it("has its lower bound and not its upper", async () => {
      const table = freshTable();
      await insert(rows, table, "p", { a: 1, b: 1, c: 1, d: 1 });
      const listed = async (range: Range) => (await all(rows, table, "p", range)).map(({ row }) => row).join("");
      expect(await listed({ from: "b", below: "d" })).toBe("bc");
      expect(await listed({ from: "b" })).toBe("bcd");
      expect(await listed({ below: "b" })).toBe("a");
      expect(await listed({ from: "c", below: "b" })).toBe("");
      expect(await listed({ from: "", below: "~" })).toBe("abcd");
    });

    it("of a prefix has what lies under it and no neighbour", async () => {
      const table = freshTable();
      await insert(rows, table, "p", { live: 1, "live~a": 1, "live~a~b": 1, "live~z": 1, live2: 1, "live-x": 1 });
      const found = await all(rows, table, "p", { from: "live~", below: "live~~" });
      expect(found.map(({ row }) => row)).toEqual(["live~a", "live~a~b", "live~z"]);
    });

    it("goes on where its continuation says, within its bounds", async () => {
      const table = freshTable();
      const keys = Array.from({ length: 25 }, (_, n) => `r${String(n).padStart(2, "0")}`);
      await insert(rows, table, "p", Object.fromEntries(keys.map((row) => [row, row])));
      const found = await all(rows, table, "p", { from: "r03", below: "r21", limit: 5 });
      expect(found.map(({ row }) => row)).toEqual(keys.slice(3, 21));
    });

    it("goes on behind rows that were deleted in between", async () => {
      const table = freshTable();
      await insert(rows, table, "p", { a: 1, b: 1, c: 1, d: 1 });
      let page = await rows.list(table, "p", { limit: 2 });
      while (page.rows.length === 0) page = await rows.list(table, "p", { limit: 2, ...pick(page.continuation) });
      const { continuation } = page;
      await rows.commit(table, "p", [{ kind: "delete", row: "c" }]);
      const rest = await all(rows, table, "p", { ...pick(continuation) });
      expect([...page.rows, ...rest].map(({ row }) => row)).toEqual(["a", "b", "d"]);
    });

    it.each([0, -1, 1.5, 1001, Number.NaN])("of %d rows is refused", async (limit) => {
      await expect(rows.list(freshTable(), "p", { limit })).rejects.toThrow(RangeError);
    });

    it.each(["", "zzz", "not base64", "e30"])("refuses a continuation that is none: %j", async (continuation) => {
      await expect(rows.list(freshTable(), "p", { continuation })).rejects.toMatchObject({ code: "KEY_INVALID" });
    });

    it.each(["a'b", "a b", "é"])("refuses a bound that no key can reach: %j", async (bound) => {
      await expect(rows.list(freshTable(), "p", { from: bound })).rejects.toMatchObject({ code: "KEY_INVALID" });
      await expect(rows.list(freshTable(), "p", { below: bound })).rejects.toMatchObject({ code: "KEY_INVALID" });
    });
  });
}
