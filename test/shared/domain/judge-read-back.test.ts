import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Change } from "../../../shared/domain/change.ts";
import { columnOf } from "../../../shared/domain/change-lookup.ts";
import { judge } from "../../../shared/domain/judge.ts";
import { judgeReadBack } from "../../../shared/domain/judge-read-back.ts";
import { columnsNeeded, withValues } from "../../../shared/domain/read-back.ts";
import { recordTrigger } from "../../../shared/domain/trigger.ts";
import type { Columns } from "../../../shared/domain/value.ts";
import * as arbitrary from "./arbitrary.ts";

const NOW = Date.parse("2026-03-02T00:00:00Z");
const READ = { why: "failed-job", at: "2026-03-02T00:00:00.000Z" } as const;
const ANNA = { table: "contact", id: "5c0e1f1a-0000-4000-8000-00000000c001", name: null };
const NOBODY = { earlier: undefined, later: undefined };

function lost(message: Change["message"], more: Partial<Change> = {}): Change {
  return {
    ...{ id: "step:job:record", organization: "org", table: "incident", record: "r", message, written: [] },
    ...{ before: null, after: null, at: "2026-03-01T12:00:00.000Z", by: "u", initiatedBy: "u", depth: 1, tag: null },
    ...{ oversize: false, ...more },
  };
}

function seen(at: string, columns: { before?: Columns; after?: Columns }): Change {
  return { ...lost("update"), id: `seen at ${at}`, at, before: columns.before ?? {}, after: columns.after ?? {} };
}

function trigger(more: object) {
  return recordTrigger.parse({
    ...{
      kind: "record",
      slug: "t",
      name: "T",
      table: "incident",
      audience: [{ column: "customerid", table: "contact" }],
    },
    ...more,
  });
}

const RESOLVED = trigger({
  updated: { columns: ["statecode"] },
  condition: { kind: "compare", field: "event.statecode", op: "changed-to", value: 1 },
});

describe("a change that was read back", () => {
  const told = (row: Columns | undefined, earlier?: Change, later?: Change) =>
    judgeReadBack(RESOLVED, withValues(lost("update"), READ, row, { earlier, later }), NOW);
  const open = { customerid: ANNA, statecode: 0 };
  const closed = { customerid: ANNA, statecode: 1 };

  it("is unknown where the value before was never seen, and names what would have to be known", () => {
    expect(told(closed)).toEqual({ kind: "unknown", asks: ["before.statecode"] });
  });

  it("does not fire where the value now says already that it can't have", () => {
    expect(told(open)).toMatchObject({ kind: "not-fired", failed: { field: "event.statecode", seen: 0 } });
  });

  it("fires where the last stored body tells that the column was another before", () => {
    expect(told(closed, seen("2026-03-01T09:00:00.000Z", { after: open }))).toEqual({ kind: "fired" });
  });

  it("does not fire where the column is as it was seen last", () => {
    const failed = "not-changed";
    expect(told(closed, seen("2026-03-01T09:00:00.000Z", { after: closed }))).toEqual({ kind: "not-fired", failed });
  });

  it("takes the values that the next change saw before itself for those after it, not those of now", () => {
    const earlier = seen("2026-03-01T09:00:00.000Z", { after: open });
    const reopened = seen("2026-03-01T15:00:00.000Z", { before: { statecode: 1 }, after: open });
    expect(told(open, earlier, reopened)).toEqual({ kind: "fired" });
  });

  it("fires as created by the values of now, for nothing was before", () => {
    const created = trigger({
      created: true,
      condition: { kind: "compare", field: "event.statecode", op: "changed-to", value: 1 },
    });
    const made = (row: Columns) => judgeReadBack(created, withValues(lost("create"), READ, row, NOBODY), NOW);
    expect(made(closed)).toEqual({ kind: "fired" });
    expect(made(open)).toMatchObject({ kind: "not-fired" });
  });

  it("fires as deleted where the condition and the person are known from before, else it is unknown", () => {
    const deleted = trigger({ deleted: true });
    const gone = (earlier?: Change) =>
      judgeReadBack(deleted, withValues(lost("delete"), READ, undefined, { earlier, later: undefined }), NOW);
    expect(gone()).toEqual({ kind: "unknown", asks: ["before.customerid"] });
    expect(gone(seen("2026-03-01T09:00:00.000Z", { after: open }))).toEqual({ kind: "fired" });
  });

  it("of a row that is gone meanwhile tells nothing about its values", () => {
    expect(told(undefined)).toEqual({
      kind: "unknown",
      asks: ["before.statecode", "event.customerid", "event.statecode"],
    });
    const change = withValues(lost("update"), READ, undefined, NOBODY);
    expect(change.readBack?.gone).toBe(true);
  });

  it("fires where any update does, whatever its columns", () => {
    const any = trigger({ updated: { columns: "any", onlyWhenChanged: false } });
    expect(judgeReadBack(any, withValues(lost("update"), READ, open, NOBODY), NOW)).toEqual({ kind: "fired" });
  });

  it("tells what judging the whole change tells, or that it can't", () => {
    // Whatever is hidden of what was before: what is told in spite of it must be so.
    fc.assert(
      fc.property(arbitrary.triggers, arbitrary.change, fc.uniqueArray(arbitrary.column), (list, drawn, hidden) => {
        if (drawn.oversize) return;
        const whole = asItHappens(drawn);
        // No save writes nothing.
        if (whole.message === "update" && whole.written.length === 0) return;
        for (const each of list) {
          const read = partly(whole, each, hidden);
          const verdict = judge(each, whole, NOW);
          const answer = judgeReadBack(each, read, NOW);
          if (answer.kind === "unknown") continue;
          // Included, but not changed, can't be seen in a row.
          if (answer.kind === "not-fired" && answer.failed === "not-changed" && verdict.kind === "not-fired") continue;
          expect(answer.kind).toBe(verdict.kind);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

/** What was not written is as it was; what was written differs, so that each update shows in its row. */
function asItHappens(change: Change): Change {
  if (change.message !== "update") return change;
  const written = Object.keys(change.after ?? {}).filter((column) => change.written.includes(column));
  const kept = Object.entries(change.before ?? {}).filter(([column]) => !written.includes(column));
  return { ...change, written, after: { ...Object.fromEntries(kept), ...pick(change.after, written) } };
}

function partly(whole: Change, trigger: Parameters<typeof judge>[0], hidden: readonly string[]): Change {
  const columns = [
    ...columnsNeeded(whole.table, [trigger], new Map()),
    ...Object.keys(whole.before ?? {}),
    ...whole.written,
  ];
  const row = whole.message === "delete" ? undefined : pick(whole.after, columns);
  const known = columns.filter((column) => !hidden.includes(column));
  const earlier = { ...whole, id: "earlier", at: "2026-02-01T00:00:00.000Z", after: pick(whole.before, known) };
  const read = withValues({ ...whole, before: null, after: null, written: [] }, READ, row, {
    earlier,
    later: undefined,
  });
  return read;
}

function pick(columns: Columns | null, names: readonly string[]): Columns {
  return Object.fromEntries(names.map((name) => [name, columnOf(columns, name)]));
}
