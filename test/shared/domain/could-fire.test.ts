import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Condition } from "../../../shared/domain/condition.ts";
import { couldFire, pastChanges, restAt } from "../../../shared/domain/could-fire.ts";
import { judge } from "../../../shared/domain/judge.ts";
import { type RecordTrigger, recordTrigger } from "../../../shared/domain/trigger.ts";
import { change, condition, NOW, rowCondition } from "./arbitrary.ts";

function trigger(rest: object): RecordTrigger {
  const audience = [{ column: "customerid", table: "contact" }];
  return recordTrigger.parse({ kind: "record", slug: "it", name: "It", table: "incident", audience, ...rest });
}

const all = (asked: Condition | undefined): RecordTrigger =>
  trigger({ created: true, updated: { columns: "any", onlyWhenChanged: false }, condition: asked });

describe("a guess at what a trigger would have done", () => {
  it("is never a no where the row is as it was and the trigger fired, nor a yes where its condition failed", () => {
    fc.assert(
      fc.property(change, condition, (drawn, asked) => {
        const { message } = drawn;
        if (message === "delete" || drawn.oversize) return;
        const it = { ...drawn, table: "incident", written: ["title"] };
        const guess = couldFire(all(asked), { message, at: it.at, now: it.after ?? {} }, NOW);
        const fired = judge(all(asked), it, NOW).kind === "fired";
        if (guess !== "unknown") expect(guess).toBe(fired ? "yes" : "no");
      }),
    );
  });

  it("of a creation is sure of the values before, for there were none; of an update it is not", () => {
    const before = trigger({ condition: { kind: "compare", field: "before.statecode", op: "is-null" } });
    const at = "2026-03-01T00:00:00.000Z";
    expect(couldFire(before, { message: "create", at, now: {} }, NOW)).toBe("yes");
    expect(couldFire(before, { message: "update", at, now: {} }, NOW)).toBe("unknown");
  });

  it("leaves to rows what only they tell: with what they say, a perhaps enters and a no does not", () => {
    fc.assert(
      fc.property(change, rowCondition, (drawn, asked) => {
        if (drawn.message === "delete") return;
        const past = { message: drawn.message, at: drawn.at, now: drawn.after ?? {} };
        const rest = restAt(all(asked), past, NOW);
        if (rest === undefined) return;
        expect(JSON.stringify(rest)).not.toMatch(/"field":"(event|before|change)/);
      }),
    );
    const only = { kind: "has", table: "task", lookup: "regardingobjectid" } as const;
    const of = [only, { kind: "compare", field: "event.statecode", op: "changed-to", value: 1 }];
    const asks = trigger({ condition: { kind: "all", of } });
    const at = "2026-03-01T00:00:00.000Z";
    expect(restAt(asks, { message: "update", at, now: { statecode: 1 } }, NOW)).toMatchObject(only);
    expect(restAt(asks, { message: "update", at, now: { statecode: 0 } }, NOW)).toBeUndefined();
  });

  it("does not know who made it", () => {
    const at = "2026-03-01T00:00:00.000Z";
    const past = { message: "create", at, now: {} } as const;
    expect(couldFire(trigger({ created: true, ignore: { imports: true } }), past, NOW)).toBe("unknown");
    expect(couldFire(trigger({ created: true, ignore: { own: false } }), past, NOW)).toBe("yes");
  });

  it("rules out a value that the row does not have", () => {
    const to = trigger({ condition: { kind: "compare", field: "event.statecode", op: "changed-to", value: 1 } });
    const at = "2026-03-01T00:00:00.000Z";
    expect(couldFire(to, { message: "update", at, now: { statecode: 0 } }, NOW)).toBe("no");
    expect(couldFire(to, { message: "update", at, now: { statecode: 1 } }, NOW)).toBe("unknown");
  });
});

describe("a row's past changes", () => {
  const row = { createdon: "2026-03-01T08:00:00.000Z", modifiedon: "2026-03-02T08:00:00.000Z" };
  const messages = (rest: object, since: string) =>
    pastChanges(trigger(rest), row, Date.parse(since)).map(({ message }) => message);
  const both = { created: true, updated: { columns: "any" } };

  it("are its creation and its last save, as far as the trigger listens to them", () => {
    expect(messages(both, "2026-02-01")).toEqual(["create", "update"]);
    expect(messages({ created: true }, "2026-02-01")).toEqual(["create"]);
    expect(messages({ updated: { columns: "any" } }, "2026-02-01")).toEqual(["update"]);
  });

  it("are those since the moment that was asked for", () => {
    expect(messages(both, "2026-03-02")).toEqual(["update"]);
    expect(messages(both, "2026-03-03")).toEqual([]);
  });

  it("hold no save where the row was never saved again", () => {
    const fresh = { ...row, modifiedon: row.createdon };
    expect(pastChanges(trigger(both), fresh, 0).map(({ message }) => message)).toEqual(["create"]);
  });
});
