import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Stack, startStack } from "../support/stack.ts";
import { Company } from "./company.ts";

const TRIGGER = "support-case-status-updated";
const is = (value: number) => ({ kind: "compare", field: "event.statecode", op: "eq", value });
const waits = { wait: { kind: "wait", duration: "P5D", next: null } };

/** One trigger: entry of two journeys with different filters, and the exit of a third. */
const RESOLVED = {
  slug: "on-resolved",
  name: "Resolved",
  entry: { trigger: TRIGGER, filter: is(1) },
  start: "wait",
  steps: waits,
};
const CANCELLED = {
  slug: "on-cancelled",
  name: "Cancelled",
  entry: { trigger: TRIGGER, filter: is(2) },
  start: "wait",
  steps: waits,
};
const CARE = {
  slug: "on-order",
  name: "Care after the order",
  entry: { trigger: "order-created" },
  exits: [{ name: "case closed", trigger: TRIGGER, condition: { kind: "not", of: is(0) } }],
  start: "early",
  steps: {
    early: { kind: "wait-for", trigger: TRIGGER, condition: is(0), within: "P1D", happened: "wait", elapsed: "wait" },
    ...waits,
  },
};

describe("one trigger in several journeys", () => {
  let stack: Stack;
  let company: Company;
  beforeAll(async () => {
    stack = await startStack();
    company = await Company.open(stack.http);
    for (const journey of [RESOLVED, CANCELLED, CARE]) await company.publish("journeys", journey);
  });
  afterAll(() => stack.stop());

  it("lets each case into the journey whose filter holds, and ends the third", async () => {
    const person = await company.person("Trois");
    const resolved = await company.openCase(person.id);
    const cancelled = await company.openCase(person.id);
    await company.order(person.id);
    expect(await company.runs("on-order", "live")).toHaveLength(1);
    await company.http.resolve(resolved);
    expect(await company.runs("on-resolved", "live", resolved)).toHaveLength(1);
    expect(await company.runs("on-cancelled", "live")).toHaveLength(0);
    const [left] = await company.runs("on-order", "exit");
    expect(left?.row.state.ended).toMatchObject({ as: "exit", name: "case closed" });
    await company.http.update("incidents", cancelled, { statecode: 2, statuscode: 6 });
    expect(await company.runs("on-cancelled", "live", cancelled)).toHaveLength(1);
    expect(await company.runs("on-resolved", "live")).toHaveLength(1);
  });

  it("the same record enters once, however often its status comes back", async () => {
    const person = await company.person("Encore");
    const incident = await company.openCase(person.id);
    for (let n = 0; n < 3; n += 1) {
      await company.http.resolve(incident);
      await company.http.update("incidents", incident, { statecode: 0, statuscode: 1 });
      await company.quiet();
    }
    expect(await company.runs("on-resolved", "live", incident)).toHaveLength(1);
    const decisions = await company.http.api<unknown[]>("GET", `/api/decisions?about=incident:${incident}`);
    expect(decisions).toContainEqual(expect.objectContaining({ journey: "on-resolved", reason: "entered before" }));
  });

  it("a wait for a trigger ends when it comes, and at its limit when it does not", async () => {
    const [quick, slow] = [await company.person("Vite"), await company.person("Lent")];
    await company.order(quick.id);
    await company.order(slow.id);
    await company.quiet();
    // Of another person's case, and of a case of the own person: only the second one counts.
    const incident = await company.openCase(quick.id, { statuscode: 2 });
    await company.http.update("incidents", incident, { statuscode: 1 });
    await company.http.update("incidents", incident, { statuscode: 3 });
    const steps = async () =>
      (await company.runs("on-order", "live")).map(({ row: { state } }) => [state.member, state.at?.step]);
    expect(await steps()).toContainEqual([`contact:${quick.id}`, "wait"]);
    expect(await steps()).toContainEqual([`contact:${slow.id}`, "early"]);
    await company.http.advance("P1DT1H");
    expect(await steps()).toContainEqual([`contact:${slow.id}`, "wait"]);
  });
});
