import { beforeAll, describe, expect, it } from "@jest/globals";
import type { Rows } from "../../shared/ports/rows.ts";
import { all, conflict, freshTable, insert } from "./rows-fixture.ts";

import { reading } from "./rows-reading.ts";
import { writing } from "./rows-writing.ts";

/** What every `Rows` must do; each adapter's test file passes its own factory. */
export function rowsContract(adapter: string, open: () => Promise<Rows>): void {
  describe(`Rows: ${adapter}`, () => {
    let rows: Rows;
    beforeAll(async () => {
      rows = await open();
    });

    writing(() => rows);
    reading(() => rows);

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
