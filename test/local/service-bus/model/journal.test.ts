import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { FileJournal, type Op } from "../../../../local/service-bus/model/journal.ts";

const put = (seq: number, raw = Buffer.from([1, 2, 3])): Op => ({
  op: "put",
  queue: "work",
  seq,
  enqueuedSeq: seq,
  enqueuedAt: 5,
  deliveryCount: 0,
  state: "ready",
  raw,
});

describe("a journal", () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "journal-"));
    file = join(folder, "journal");
  });
  afterEach(() => rm(folder, { recursive: true }));

  const durable = (journal: FileJournal) => new Promise<void>((done) => journal.whenDurable(done));

  it("gives back what was written, bytes and all", async () => {
    const { journal, ops } = FileJournal.open(file);
    expect(ops).toEqual([]);
    const written: Op[] = [put(1), { op: "delete", queue: "work", seq: 1 }, put(2, Buffer.alloc(0)), put(3)];
    for (const op of written) journal.append(op);
    await durable(journal);
    journal.close();
    const again = FileJournal.open(file);
    expect(again.ops).toEqual(written);
    again.journal.close();
  });

  it("says that all is durable at once when nothing is pending", () => {
    const { journal } = FileJournal.open(file);
    let called = false;
    journal.whenDurable(() => {
      called = true;
    });
    expect(called).toBe(true);
    journal.close();
  });

  it("writes what is pending as it closes, and tells who waited", () => {
    const { journal } = FileJournal.open(file);
    let told = false;
    journal.append(put(1));
    journal.whenDurable(() => {
      told = true;
    });
    expect(told).toBe(false);
    journal.close();
    expect(told).toBe(true);
    expect(FileJournal.open(file).ops).toHaveLength(1);
  });

  it("is rewritten when most of it is history", async () => {
    const { journal } = FileJournal.open(file);
    journal.compactWith(() => [put(99)]);
    const raw = Buffer.alloc(1024 * 1024);
    for (let seq = 0; seq < 40; seq++) journal.append(put(seq, raw));
    await durable(journal);
    expect((await stat(file)).size).toBeLessThan(1000);
    journal.append(put(100));
    journal.close();
    const again = FileJournal.open(file);
    expect(again.ops.map((op) => "seq" in op && op.seq)).toEqual([99, 100]);
    again.journal.close();
  });
});
