import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { sqliteRows } from "../../../../shared/adapters/sqlite/rows.ts";
import { all } from "../../../contracts/rows-fixture.ts";

const WRITER = fileURLToPath(new URL("./writer.ts", import.meta.url));
const now = () => 1_790_000_000_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rows-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("one file and several processes", () => {
  it("that open it at once and write to one row lose no change", async () => {
    const writers = ["a", "b", "c"].map((name) => startWriter(name, 200));
    for (const writer of writers) expect(await writer.ended).toBe(0);
    expect(await stored()).toEqual({ count: 600, rows: 600 });
  });

  it("that are killed in the middle leave all they committed and nothing by halves", async () => {
    for (let round = 1; round <= 3; round++) {
      const writer = startWriter("a", 1_000_000);
      while (writer.printed.length < 50) await once(writer.output, "data");
      writer.kill();
      await writer.ended;
      const { count, rows } = await stored();
      expect(count).toBeGreaterThanOrEqual(Math.max(...writer.printed));
      expect(rows).toBe(count);
    }
  });

  it("wait for one that holds the file, and the event loop goes on meanwhile", async () => {
    const rows = sqliteRows({ file: file(), now });
    const holder = new DatabaseSync(file());
    holder.exec("BEGIN IMMEDIATE");
    const write = rows.commit("Held", "p", [{ kind: "insert", row: "r", value: 1 }]);
    // A read needs no lock.
    expect(await rows.get("Held", "p", "r")).toBeUndefined();
    await new Promise((later) => setTimeout(later, 50));
    holder.exec("COMMIT");
    expect(await write).toMatchObject({ kind: "committed" });
    holder.close();
    rows.close();
  });
});

describe("a file", () => {
  it("keeps its rows, and its ETags stay good, when it is opened again", async () => {
    const first = sqliteRows({ file: file(), now });
    const written = await first.commit("Kept", "p", [{ kind: "insert", row: "r", value: "é" }]);
    const etag = written.kind === "committed" ? (written.etags[0] ?? "") : "";
    first.close();
    first.close();
    const again = sqliteRows({ file: file(), now });
    expect(await again.get("Kept", "p", "r")).toMatchObject({ etag, value: "é" });
    const replaced = await again.commit("Kept", "p", [{ kind: "replace", row: "r", value: 2, etag }]);
    expect(replaced).toMatchObject({ kind: "committed" });
    again.close();
  });

  it("that can't be opened is a store that is not available", () => {
    expect(() => sqliteRows({ file: folder, now })).toThrow(
      expect.objectContaining({ code: "STORE_UNAVAILABLE", retryable: true }),
    );
  });

  it("answers long listings in pages of some megabytes", async () => {
    const rows = sqliteRows({ file: file(), now });
    const value = "x".repeat(400_000);
    for (let n = 0; n < 15; n++) await rows.commit("Long", "p", [{ kind: "insert", row: `r${10 + n}`, value }]);
    const page = await rows.list("Long", "p");
    expect(page.rows.length).toBeLessThan(15);
    expect(page.continuation).toBeDefined();
    expect(await all(rows, "Long", "p")).toHaveLength(15);
    rows.close();
  });

  it("in short pages starts each listing with an empty one", async () => {
    const rows = sqliteRows({ file: ":memory:", now, pageSize: 1 });
    await rows.commit("Paged", "p", [{ kind: "insert", row: "r", value: 1 }]);
    const first = await rows.list("Paged", "p");
    expect(first).toEqual({ rows: [], continuation: expect.any(String) });
  });
});

function file(): string {
  return join(folder, "deeper", "rows.db");
}

async function stored() {
  const rows = sqliteRows({ file: file(), now });
  const count = await rows.get<number>("Counts", "p", "count");
  const by = await all(rows, "Counts", "p", { from: "by~", below: "by~~" });
  rows.close();
  return { count: count?.value, rows: by.length };
}

function startWriter(name: string, times: number) {
  const child = spawn(process.execPath, [WRITER, file(), name, String(times)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const printed: number[] = [];
  child.stdout.on("data", (text: Buffer) => printed.push(...text.toString().trim().split("\n").map(Number)));
  return {
    printed,
    output: child.stdout,
    ended: once(child, "exit").then(([code]) => code),
    kill: () => child.kill("SIGKILL"),
  };
}
