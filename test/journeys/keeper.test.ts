import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Stack, startStack } from "../support/stack.ts";
import { Company } from "./company.ts";

const JOURNEY = "after-the-case";
/** The survey of the running example is waited for so long: a lost timer shows then. */
const WITHIN = "P7D";

describe("the durable engine loses a live run", () => {
  let stack: Stack;
  let company: Company;
  beforeAll(async () => {
    stack = await startStack();
    company = await Company.open(stack.http);
  });
  afterAll(() => stack.stop());

  /** The management API that operators of durable functions use. */
  const manage = async (method: string, run: string, operation = ""): Promise<number> => {
    const { addresses, keys } = stack.platform;
    const instance = `${addresses.app}/runtime/webhooks/durabletask/instances/${encodeURIComponent(run)}`;
    const response = await fetch(`${instance}${operation}?code=${keys.durable}`, { method });
    await response.arrayBuffer();
    return response.status;
  };
  const enter = async (name: string) => {
    const person = await company.person(name);
    const incident = await company.openCase(person.id);
    await company.http.resolve(incident);
    const [run] = await company.runs(JOURNEY, "live", incident);
    if (run === undefined) throw new Error(`${name} did not enter`);
    return { ...person, incident, run: run.row.state.run };
  };
  const ended = async (incident: string) => (await company.runs(JOURNEY, "completed", incident))[0];

  it("terminated: it is started again, ten minutes after it was due, and goes on to its end", async () => {
    const ana = await enter("Ana");
    expect(await manage("POST", ana.run, "/terminate")).toBe(202);
    await company.quiet();
    expect((await company.run(ana.run)).durable).toBe("Terminated");
    await company.http.advance(WITHIN);
    expect(await company.runs(JOURNEY, "live", ana.incident)).toHaveLength(1);
    await company.http.advance("PT20M");
    expect(company.trace(await ended(ana.incident))).toContain("ask elapsed");
    expect((await company.run(ana.run)).durable).toBe("Completed");
    expect(await company.mailsTo(ana.address)).toHaveLength(1);
  });

  it("purged: whoever answers the survey brings it back at once, and the journey goes on, once", async () => {
    const ben = await enter("Ben");
    await manage("POST", ben.run, "/terminate");
    await company.quiet();
    expect(await manage("DELETE", ben.run)).toBe(200);
    expect((await company.run(ben.run)).durable).toBeNull();
    const [survey] = await company.mailsTo(ben.address);
    await company.answer(survey, { satisfaction: "1", comment: "Trop long." });
    expect(await company.mailsTo(ben.address)).toHaveLength(2);
    await company.order(ben.id);
    const [run] = await company.runs(JOURNEY, "goal", ben.incident);
    expect(run?.durable).toBe("Completed");
    expect(company.trace(run).filter((line) => line.includes("sent"))).toEqual(["ask sent", "apologise sent"]);
  });

  it("stuck: it is terminated and started, and goes on to its end", async () => {
    const cleo = await enter("Cleo");
    // A suspended instance takes its wakes and its timer, and does nothing.
    expect(await manage("POST", cleo.run, "/suspend")).toBe(202);
    await company.http.advance(WITHIN);
    await company.http.advance("PT20M");
    expect((await company.run(cleo.run)).durable).toBe("Suspended");
    await company.http.advance("PT20M");
    expect(company.trace(await ended(cleo.incident))).toContain("ask elapsed");
    expect((await company.run(cleo.run)).durable).toBe("Completed");
    expect(await company.mailsTo(cleo.address)).toHaveLength(1);
  });
});
