import { beforeAll, describe, expect, it } from "@jest/globals";
import type { Committed, Conflict, Range, Rows, StoredRow, Write } from "../../shared/ports/rows.ts";

let tables = 0;

/** A table that no other test uses: the store may be shared by them all. */
export function freshTable(): string {
  return `T${process.pid}x${++tables}`;
}

/** What every `Rows` must do; each adapter's test file passes its own factory. */
export function rowsContract(adapter: string, open: () => Promise<Rows>): void {
  describe(`Rows: ${adapter}`, () => {
    let rows: Rows;
    beforeAll(async () => {
      rows = await open();
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

    describe("dropping a table", () => {
      it("takes all its rows and no others, and it may be written to again", async () => {
        const [table, other] = [freshTable(), freshTable()];
        const [etag] = await insert(rows, table, "p", { r: 1 });
        await insert(rows, table, "q", { r: 1 });
        await insert(rows, other, "p", { r: 1 });
        await rows.drop(table);
        expect(await rows.get(table, "p", "r")).toBeUndefined();
        expect(await all(rows, table, "q")).toEqual([]);
        expect(await all(rows, other, "p")).toHaveLength(1);
        expect(await rows.commit(table, "p", [{ kind: "replace", row: "r", value: 2, etag }])).toEqual(
          conflict(0, "missing"),
        );
        await insert(rows, table, "p", { s: 2 });
        expect((await all(rows, table, "p")).map(({ row }) => row)).toEqual(["s"]);
      });

      it("that does not exist is fine", async () => {
        await expect(rows.drop(freshTable())).resolves.toBeUndefined();
      });
    });

    describe("at the same time", () => {
      it("exactly one of many writers with the same ETag replaces a row", async () => {
        const table = freshTable();
        const [etag] = await insert(rows, table, "p", { r: "none" });
        const answers = await Promise.all(
          writers.map((value) => rows.commit(table, "p", [{ kind: "replace", row: "r", value, etag }])),
        );
        const won = writers.filter((_, n) => answers[n]?.kind === "committed");
        expect(won).toHaveLength(1);
        expect((await rows.get(table, "p", "r"))?.value).toBe(won[0]);
        expect(answers.filter((answer) => answer.kind === "conflict")).toEqual(Array(9).fill(conflict(0, "stale")));
      });

      it("exactly one of many writers inserts a row, into a table that is made by the way", async () => {
        const table = freshTable();
        const answers = await Promise.all(
          writers.map((value) => rows.commit(table, "p", [{ kind: "insert", row: "r", value }])),
        );
        const won = writers.filter((_, n) => answers[n]?.kind === "committed");
        expect(won).toHaveLength(1);
        expect((await rows.get(table, "p", "r"))?.value).toBe(won[0]);
      });

      it("no change is lost when all read back and try again", async () => {
        const table = freshTable();
        await insert(rows, table, "p", { count: 0 });
        await Promise.all(writers.map((writer) => countUp(rows, table, writer)));
        const found = await all(rows, table, "p");
        expect(found.find(({ row }) => row === "count")?.value).toBe(writers.length);
        expect(found).toHaveLength(writers.length + 1);
      });
    });
  });
}

const writers = Array.from({ length: 10 }, (_, n) => `w${n}`);

/** Raises the counter by one together with a row of the writer's own. */
async function countUp(rows: Rows, table: string, writer: string): Promise<void> {
  for (;;) {
    const count = await rows.get<number>(table, "p", "count");
    if (count === undefined) throw new Error("the counter is gone");
    const answer = await rows.commit(table, "p", [
      { kind: "insert", row: writer, value: count.value },
      { kind: "replace", row: "count", value: count.value + 1, etag: count.etag },
    ]);
    if (answer.kind === "committed") return;
    expect(answer).toEqual(conflict(1, "stale"));
  }
}

/** Inserts rows by key; answers their ETags in that order. */
async function insert(rows: Rows, table: string, partition: string, values: Record<string, unknown>) {
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

function etagOf(answer: Committed | Conflict): string {
  if (answer.kind !== "committed") throw new Error(JSON.stringify(answer));
  return answer.etags[0] ?? "";
}

function committed(...etags: readonly string[]): Committed {
  return { kind: "committed", etags };
}

function conflict(index: number, reason: Conflict["reason"]): Conflict {
  return { kind: "conflict", index, reason };
}

function pick(continuation: string | undefined): Range {
  return continuation === undefined ? {} : { continuation };
}
