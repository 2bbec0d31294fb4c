import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Stack, startStack } from "../support/stack.ts";
import { Company } from "./company.ts";

const JOURNEY = "after-the-case";
/** The survey of the running example is waited for so long: a lost timer shows then. */
const WITHIN = "P7D";

describe("the durable engine loses a live run", () => {
  let stack: Stack;
  let company: Company;
  const log: string[] = [];
  beforeAll(async () => {
    stack = await startStack({ log: (line) => void log.push(line) });
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

  it("kept from going on for hours by somebody else's outage: it is held, never failed, and not started anew", async () => {
    const variants = { en: { subject: "patience", html: "<p>Hello</p>" } };
    await company.publish("mails", { slug: "patience", name: "Patience", fallback: "en", variants } as {
      slug: string;
    });
    await company.publish("journeys", {
      slug: "patience",
      name: "Patience",
      entry: { trigger: "support-case-status-updated" },
      start: "rest",
      steps: {
        rest: { kind: "wait", duration: "P1D", next: "tell" },
        tell: { kind: "email", mail: "patience", next: null },
      },
    } as { slug: string });
    const dan = await enter("Dan");
    const [run] = await company.runs("patience", "live", dan.incident);
    if (run === undefined) throw new Error("Dan did not enter");
    const id = run.row.state.run;
    const before = log.length;
    await company.http.control("/faults", { dataverse: { throttle: 600 } });
    await company.http.advance("P1D");
    for (let round = 0; round < 3; round += 1) await company.http.advance("PT30M");
    expect((await company.run(id)).durable).toBe("Running");
    await company.http.control("/faults", { dataverse: null });
    await company.http.advance("PT30M");
    expect((await company.run(id)).durable).toBe("Completed");
    expect((await company.mailsTo(dan.address)).filter(({ subject }) => subject === "patience")).toHaveLength(1);
    expect(log.slice(before).filter((line) => /restarted: [1-9]/.test(line))).toEqual([]);
  });
});
