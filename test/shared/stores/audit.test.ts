import { describe, expect, it } from "@jest/globals";
import { sqliteRows } from "../../../shared/adapters/sqlite/rows.ts";
import { Audit, monthOf } from "../../../shared/stores/audit.ts";

const DAY = 86_400_000;
const START = Date.parse("2026-11-20T10:00:00Z");

function open(): Audit {
  return new Audit(sqliteRows({ file: ":memory:", now: () => START }));
}

async function filled(days: number): Promise<Audit> {
  const audit = open();
  for (let n = 0; n < days; n += 1)
    await audit.write(`id${n}`, {
      at: START + n * DAY,
      by: { id: "a", name: "A" },
      action: "publish",
      subject: `journey:number-${n}`,
    });
  return audit;
}

async function everything(audit: Audit, limit: number) {
  const pages: string[][] = [];
  let next: string | undefined;
  do {
    const page = await audit.page(limit, next);
    pages.push(page.entries.map(({ subject }) => subject));
    next = page.next;
  } while (next !== undefined);
  return pages;
}

describe("the audit's rows", () => {
  it("are listed newest first, page after page, over the ends of months and years", async () => {
    const audit = await filled(100);
    const pages = await everything(audit, 7);
    expect(pages.flat()).toEqual(Array.from({ length: 100 }, (_, n) => `journey:number-${99 - n}`));
    expect(pages.every((page, at) => page.length === 7 || at === pages.length - 1)).toBe(true);
    expect(await audit.months()).toEqual(["2026-11", "2026-12", "2027-01", "2027-02"]);
  });

  it("are listed in one page where they fit, and an empty audit has an empty page", async () => {
    expect(await open().page(10)).toEqual({ entries: [] });
    expect(await everything(await filled(5), 10)).toHaveLength(1);
  });

  it("of one millisecond stand beside each other", async () => {
    const audit = open();
    const entry = { at: START, by: { id: "a", name: "A" }, action: "save", subject: "mail:x" };
    await audit.write("one", entry);
    await audit.write("two", entry);
    expect((await audit.page(10)).entries).toHaveLength(2);
  });

  it("go by whole months", async () => {
    const audit = await filled(40);
    await audit.drop(monthOf(START));
    expect(await audit.months()).toEqual(["2026-12"]);
    expect((await everything(audit, 50)).flat()).toHaveLength(29);
  });
});
