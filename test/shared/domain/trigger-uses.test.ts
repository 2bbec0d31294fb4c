import { describe, expect, it } from "@jest/globals";
import { type Journey, journey } from "../../../shared/domain/journey.ts";
import { usesOfTrigger } from "../../../shared/domain/trigger-uses.ts";

const JOURNEY: Journey = journey.parse({
  slug: "after",
  name: "After",
  entry: { trigger: "resolved", filter: { kind: "compare", field: "event.statecode", op: "eq", value: 1 } },
  goals: [{ name: "ordered", trigger: "ordered" }],
  exits: [
    {
      name: "reopened",
      trigger: "resolved",
      condition: { kind: "compare", field: "event.statuscode", op: "changed-to", value: 1 },
    },
  ],
  start: "await",
  steps: {
    await: { kind: "wait-for", trigger: "ordered", within: "P7D", happened: "judge", elapsed: null },
    judge: {
      kind: "branch",
      arms: [
        { name: "dear", when: { kind: "compare", field: "event.await.total", op: "gt", value: 100 }, next: "tell" },
        { name: "urgent", when: { kind: "compare", field: "before.prioritycode", op: "eq", value: 1 }, next: "tell" },
      ],
      otherwise: null,
    },
    tell: { kind: "email", mail: "thanks", next: null },
  },
});
const MAILS = { thanks: ["event.title", "event.customerid.name", "event.await.number", "audience.firstname"] };

describe("the uses of a trigger in a journey", () => {
  it("are its entry, its exits, and what conditions and templates ask of its events", () => {
    expect(usesOfTrigger("resolved", JOURNEY, MAILS)).toEqual([
      { as: "entry", at: null, columns: ["statecode"] },
      { as: "exit", at: "reopened", columns: ["statuscode"] },
      { as: "condition", at: "judge", columns: ["prioritycode"] },
      { as: "template", at: "thanks", columns: ["customerid", "title"] },
    ]);
  });

  it("are goals and waits, and what is asked of the awaited event by the step's name", () => {
    expect(usesOfTrigger("ordered", JOURNEY, MAILS)).toEqual([
      { as: "goal", at: "ordered", columns: [] },
      { as: "wait", at: "await", columns: [] },
      { as: "condition", at: "judge", columns: ["total"] },
      { as: "template", at: "thanks", columns: ["number"] },
    ]);
  });

  it("are none where the journey does not know it", () => {
    expect(usesOfTrigger("other", JOURNEY, MAILS)).toEqual([]);
  });
});
