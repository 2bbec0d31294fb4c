import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { type Audited, rebuilt, wouldFire } from "../../../shared/domain/history.ts";
import { type RecordTrigger, recordTrigger } from "../../../shared/domain/trigger.ts";
import type { Columns } from "../../../shared/domain/value.ts";

const NOW = Date.parse("2026-03-01T09:00:00.000Z");
const value = fc.constantFrom(null, 1, 2, "a", "b");
const save = fc.record({
  record: fc.constantFrom("one", "other"),
  values: fc.dictionary(fc.constantFrom("x", "y", "z"), value, { minKeys: 1 }),
  gone: fc.boolean(),
});

interface Happened {
  readonly record: string;
  readonly before: Columns | null;
  readonly after: Columns | null;
}

/** What a table with auditing would keep of these saves; a save of a row that is not there makes it. */
function played(saves: readonly { readonly record: string; readonly values: Columns; readonly gone: boolean }[]) {
  const rows = new Map<string, Columns>();
  const audited: Audited[] = [];
  const happened: Happened[] = [];
  const whole = (row: Columns): Columns => ({ x: null, y: null, z: null, ...row });
  for (const [n, { record, values, gone }] of saves.entries()) {
    const row = rows.get(record);
    const head = { record, at: new Date(NOW + n * 1000).toISOString(), by: "user", initiatedBy: null };
    if (row !== undefined && gone) {
      audited.unshift({ ...head, message: "delete", before: row, after: {} });
      happened.unshift({ record, before: row, after: null });
      rows.delete(record);
      continue;
    }
    const after = whole({ ...row, ...values });
    if (row === undefined) audited.unshift({ ...head, message: "create", before: {}, after });
    else {
      const changed = Object.keys(after).filter((column) => after[column] !== row[column]);
      if (changed.length === 0) continue;
      const of = (from: Columns) => Object.fromEntries(changed.map((column) => [column, from[column] ?? null]));
      audited.unshift({ ...head, message: "update", before: of(row), after: of(after) });
    }
    happened.unshift({ record, before: row ?? null, after });
    rows.set(record, after);
  }
  return { audited, rows, happened };
}

function trigger(rest: object): RecordTrigger {
  const audience = [{ column: "customerid", table: "contact" }];
  return recordTrigger.parse({ kind: "record", slug: "it", name: "It", table: "incident", audience, ...rest });
}

describe("past changes out of an audit", () => {
  it("have the whole row before and after, whatever happened to it since", () => {
    fc.assert(
      fc.property(fc.array(save, { maxLength: 30 }), (saves) => {
        const { audited, rows, happened } = played(saves);
        const told = rebuilt("incident", audited, rows);
        expect(told.map(({ record, before, after }) => ({ record, before, after }))).toEqual(happened);
      }),
    );
  });

  const [change] = rebuilt(
    "incident",
    [
      {
        ...{ record: "one", message: "update", at: "2026-03-01T08:00:00.000Z", by: "anna", initiatedBy: null },
        ...{ before: { statecode: 0 }, after: { statecode: 1 } },
      },
    ],
    new Map([["one", { statecode: 2, title: "Brake" }]]),
  );
  const guess = (rest: object) => {
    if (change === undefined) throw new Error("nothing was rebuilt");
    return wouldFire(trigger(rest), change, NOW).guess;
  };
  const asks = (field: string, op: string, value: unknown) => ({
    updated: { columns: ["statecode"] },
    condition: { kind: "compare", field, op, value },
  });

  it("fire surely by what they held before, by what they hold, and by who made them", () => {
    expect(guess(asks("event.statecode", "changed-from", 0))).toBe("yes");
    expect(guess(asks("event.statecode", "changed-from", 1))).toBe("no");
    expect(guess(asks("event.statecode", "changed-to", 1))).toBe("yes");
    expect(guess(asks("event.title", "eq", "Brake"))).toBe("yes");
    expect(guess(asks("change.by", "eq", "anna"))).toBe("yes");
    expect(guess({ updated: { columns: ["title"] } })).toBe("no");
    expect(guess({ updated: { columns: "any" } })).toBe("yes");
    expect(guess({ created: true })).toBe("no");
  });

  it("fire perhaps where a trigger asks what no history keeps", () => {
    expect(guess(asks("change.depth", "eq", 2))).toBe("unknown");
    expect(guess(asks("audience.firstname", "eq", "Anna"))).toBe("unknown");
  });
});
