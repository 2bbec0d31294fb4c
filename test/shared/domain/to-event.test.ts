import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { triggerEvent } from "../../../shared/domain/event.ts";
import { toEvent } from "../../../shared/domain/to-event.ts";
import type { RecordTrigger } from "../../../shared/domain/trigger.ts";
import { CASE, caseBody, changeOf, lookup, option, type Shape } from "../wire/payload.ts";
import { change, triggers } from "./arbitrary.ts";

const CAMILLE = "5c0e1f1a-0000-4000-8000-00000000c0a1";
const VELO = "5c0e1f1a-0000-4000-8000-00000000acc1";

const resolved: RecordTrigger = {
  kind: "record",
  slug: "case-resolved",
  name: "Case resolved",
  table: "incident",
  audience: [
    { column: "customerid", table: "contact" },
    { column: "primarycontactid", table: "contact" },
    { column: "customerid", table: "account" },
  ],
  created: false,
  deleted: true,
  updated: { columns: ["statecode"], onlyWhenChanged: true },
};
const context = { id: "event-1", received: "2026-03-01T09:00:01.000Z", columns: "all" } as const;
const candidates = (shape: Shape, trigger = resolved): unknown =>
  toEvent(trigger, changeOf(caseBody(shape)), context).candidates;

describe("the event of a trigger", () => {
  it("names the people it may be about in the author's order, with the way to each", () => {
    const post = { customerid: lookup("account", VELO), primarycontactid: lookup("contact", CAMILLE) };
    expect(candidates({ target: { statecode: option(1) }, post })).toEqual([
      { way: "primarycontactid:contact", table: "contact", id: CAMILLE },
      { way: "customerid:account", table: "account", id: VELO },
    ]);
  });

  it("finds the person in the last image of a deleted row", () => {
    expect(candidates({ message: "Delete", pre: { customerid: lookup("contact", CAMILLE) } })).toEqual([
      { way: "customerid:contact", table: "contact", id: CAMILLE },
    ]);
  });

  it("stands for the row itself where the row is a person", () => {
    const self: RecordTrigger = { ...resolved, table: "incident", audience: [{ column: "self", table: "contact" }] };
    expect(candidates({ over: { PrimaryEntityName: "contact" } }, self)).toEqual([
      { way: "self:contact", table: "contact", id: CASE },
    ]);
    expect(candidates({}, self)).toEqual([]);
  });

  it("carries only the columns that somebody uses", () => {
    const on = changeOf(
      caseBody({ target: { statecode: option(1), description: "long" }, pre: { statecode: option(0), title: "x" } }),
    );
    const event = toEvent(resolved, on, { ...context, columns: new Set(["statecode", "unknown"]) });
    expect([event.before, event.after]).toEqual([{ statecode: 0 }, { statecode: 1 }]);
  });

  it("is what its schema says, whatever the change", () => {
    fc.assert(
      fc.property(triggers, change, (list, on) => {
        for (const trigger of list) {
          const event = toEvent(trigger, on, context);
          expect(triggerEvent.parse(JSON.parse(JSON.stringify(event)))).toEqual(event);
        }
      }),
    );
  });
});
