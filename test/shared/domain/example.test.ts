import { describe, expect, it } from "@jest/globals";
import type { Change } from "../../../shared/domain/change.ts";
import { proposeTrigger, type SeenChange, seenIn } from "../../../shared/domain/example.ts";
import type { ColumnInfo, ColumnType, TableInfo } from "../../../shared/domain/metadata.ts";
import { exampleRegistrations } from "../../../shared/domain/registration/example.ts";
import { plan } from "../../../shared/domain/registration/plan.ts";
import type { Columns } from "../../../shared/domain/value.ts";
import { applied, stateOf } from "./registration/simulated.ts";

const RECORD = "5c0e1f1a-0000-4000-8000-000000000001";

function column(name: string, type: ColumnType, writable = true): ColumnInfo {
  return { column: name, label: { en: name, fr: name }, type, custom: false, writable, options: [], targets: [] };
}

const TABLE: TableInfo = {
  ...{ table: "incident", label: { en: "Case", fr: "Incident" }, custom: false, system: false, nameColumn: "title" },
  columns: [
    column("statecode", "state"),
    column("statuscode", "status"),
    column("title", "text"),
    column("isescalated", "boolean"),
    column("prioritycode", "choice"),
    column("resolvedon", "moment", false),
  ],
};

function change(before: Columns, written: Columns, more: Partial<Change> = {}): Change {
  return {
    ...{ id: "step:operation:record", organization: "o", table: "incident", record: RECORD, message: "update" },
    ...{ written: Object.keys(written), before, after: { ...before, ...written }, at: "2026-03-01T09:00:00.000Z" },
    ...{ by: "u", initiatedBy: "u", depth: 1, tag: null, oversize: false, ...more },
  };
}

function seen(before: Columns, written: Columns, more: Partial<Change> = {}): SeenChange {
  const it = seenIn(change(before, written, more));
  if (it === undefined) throw new Error("nothing was seen");
  return it;
}

describe("what is seen of a change", () => {
  it("is what really differs of what was written, without what each save writes", () => {
    const written = { title: "B", prioritycode: 2, modifiedon: "2026-03-01T09:00:00.000Z" };
    expect(seen({ title: "A", prioritycode: 2, description: "kept" }, written).columns).toEqual([
      { column: "title", from: "A", to: "B" },
    ]);
  });

  it("is nothing where nothing changed; but an oversized change is seen as such", () => {
    expect(seenIn(change({ title: "A" }, { title: "A" }))).toBeUndefined();
    expect(seenIn(change({}, {}, { oversize: true }))).toMatchObject({ oversize: true, columns: [] });
  });
});

describe("what an example proposes", () => {
  const parts = (changes: readonly SeenChange[]) =>
    proposeTrigger(changes, TABLE, [])?.columns.map(({ column, part }) => [column, part]);

  it("is the state where state and reason changed together, the reason where it changed alone", () => {
    expect(parts([seen({ statecode: 0, statuscode: 1 }, { statecode: 1, statuscode: 5 })])).toEqual([
      ["statecode", "taken"],
      ["statuscode", "with-state"],
    ]);
    expect(parts([seen({ statuscode: 1 }, { statuscode: 2 })])).toEqual([["statuscode", "taken"]]);
  });

  it("is one thing where Dataverse ran it in two parts, and not where the user did two", () => {
    const state = seen({ statecode: 0 }, { statecode: 1 });
    const at = (iso: string) => seen({ title: "A" }, { title: "B" }, { id: iso, at: iso });
    expect(parts([at("2026-03-01T09:00:01.000Z"), state])?.length).toBe(2);
    expect(parts([at("2026-03-01T09:01:00.000Z"), state])).toEqual([["title", "taken"]]);
  });

  it("names values of choices alone, and columns that people may write alone", () => {
    const proposed = proposeTrigger(
      [
        seen(
          { title: "A", isescalated: false },
          { title: "B", isescalated: true, resolvedon: "2026-03-01T09:00:00.000Z", unknown: 1 },
        ),
      ],
      TABLE,
      [],
    );
    expect(proposed?.trigger.updated).toEqual({ columns: ["isescalated", "title"], onlyWhenChanged: true });
    expect(proposed?.trigger.condition).toEqual({
      kind: "all",
      of: [
        { kind: "compare", field: "event.isescalated", op: "changed-from", value: false },
        { kind: "compare", field: "event.isescalated", op: "changed-to", value: true },
      ],
    });
    expect(proposed?.columns.filter(({ part }) => part === "by-product").map(({ column }) => column)).toEqual([
      "resolvedon",
      "unknown",
    ]);
  });

  it("is what the user did, not what a plug-in did next", () => {
    const own = seen({ title: "A" }, { title: "B" });
    const next = seen({ statecode: 0 }, { statecode: 1 }, { id: "next", depth: 2, at: "2026-03-01T09:05:00.000Z" });
    expect(parts([own, next])).toEqual([["title", "taken"]]);
    expect(parts([next])).toEqual([["statecode", "taken"]]);
  });

  it("is nothing where nothing was seen, or nothing that people write", () => {
    expect(proposeTrigger([], TABLE, [])).toBeUndefined();
    expect(proposeTrigger([seen({}, {}, { oversize: true })], TABLE, [])).toBeUndefined();
  });
});

describe("registrations of examples", () => {
  const endpoint = { url: "https://parcours.example/example", keyMark: "12345678" };

  it("tell everything about their tables, each step once, and nothing is left without examples", () => {
    const wanted = exampleRegistrations(["incident", "contact", "incident"], endpoint);
    expect(wanted.steps).toHaveLength(6);
    let state = stateOf({ endpoint: null, steps: [] });
    for (const operation of plan(wanted, state.found)) state = applied(state, operation);
    expect(plan(wanted, state.found)).toEqual([]);
    for (const operation of plan(exampleRegistrations([], endpoint), state.found)) state = applied(state, operation);
    expect(state.found).toEqual({ endpoint: null, steps: [] });
  });
});
