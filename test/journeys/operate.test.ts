import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Stack, startStack } from "../support/stack.ts";
import { Company, type Run } from "./company.ts";

const TRIGGER = "support-case-status-updated";
const RESOLVED = { kind: "compare", field: "event.statecode", op: "eq", value: 1 };
const REOPENED = { kind: "compare", field: "event.statecode", op: "changed-to", value: 0 };
const WAIT = { kind: "wait", duration: "P2D", next: "tell" };
/** Every journey here sends a mail of its own, for whoever enters one enters all. */
const tell = (mail: string) => ({ kind: "email", mail, next: null });

describe("an operator", () => {
  let stack: Stack;
  let company: Company;
  beforeAll(async () => {
    stack = await startStack();
    company = await Company.open(stack.http);
  });
  afterAll(() => stack.stop());

  const gate = (journey: string, change: object) => stack.http.api("POST", `/api/journeys/${journey}/gate`, change);
  const ask = async (run: Run, command: object): Promise<number> => {
    const path = `/api/runs/${encodeURIComponent(run.row.state.run)}/commands`;
    const { status } = await fetch(`${stack.http.at.app}${path}`, { method: "POST", body: JSON.stringify(command) });
    await company.quiet();
    return status;
  };
  /** A journey of its own for each story: a wait of two days, then a mail. */
  const publish = async (slug: string, more: object = {}) => {
    const variants = { en: { subject: slug, html: "<p>Hello</p>" } };
    await company.publish("mails", { slug, name: slug, fallback: "en", variants } as { slug: string });
    await company.publish("journeys", {
      slug,
      name: slug,
      entry: { trigger: TRIGGER, filter: RESOLVED },
      goals: [{ name: "order placed", trigger: "order-created" }],
      exits: [{ name: "case reopened", trigger: TRIGGER, condition: REOPENED }],
      start: "pause",
      steps: { pause: WAIT, tell: tell(slug) },
      ...more,
    } as { slug: string });
  };
  /** How many mails of a journey somebody got. */
  const told = async (slug: string, { address }: { address: string }): Promise<number> =>
    (await company.mailsTo(address)).filter(({ subject }) => subject === slug).length;
  const republish = async (slug: string, more: object) => {
    const { document } = await stack.http.api<{ document: object }>("GET", `/api/journeys/${slug}`);
    const response = await fetch(`${stack.http.at.app}/api/journeys/${slug}`);
    const headers = { "if-match": response.headers.get("etag") ?? "" };
    await stack.http.api("PUT", `/api/journeys/${slug}`, { ...document, ...more }, headers);
    await stack.http.api("POST", `/api/journeys/${slug}/publish`);
  };
  /** Somebody whose case was just resolved. */
  const enter = async (name: string) => {
    const person = await company.person(name);
    const incident = await company.openCase(person.id);
    await company.http.resolve(incident);
    await company.quiet();
    return { ...person, incident };
  };
  const only = async (journey: string, state: string, incident: string): Promise<Run> => {
    const [run, ...others] = await company.runs(journey, state, incident);
    expect(others).toEqual([]);
    if (run === undefined) throw new Error(`no run of ${journey} is ${state}`);
    return run;
  };

  describe("who asks one run", () => {
    it("to stop ends it where it stands, and its mail is never sent", async () => {
      await publish("stop-one");
      const ana = await enter("Ana");
      expect(await ask(await only("stop-one", "live", ana.incident), { kind: "stop" })).toBe(202);
      const stopped = await only("stop-one", "stopped", ana.incident);
      expect(stopped.row.state.ended).toMatchObject({ as: "stopped" });
      expect(stopped.durable).toBe("Completed");
      await company.http.advance("P3D");
      expect(await told("stop-one", ana)).toBe(0);
      expect(await ask(stopped, { kind: "stop" })).toBe(409);
    });

    it("to pause lets its time run on and holds its mail until it is resumed", async () => {
      await publish("pause-one");
      const ben = await enter("Ben");
      expect(await ask(await only("pause-one", "live", ben.incident), { kind: "pause" })).toBe(202);
      await company.http.advance("P3D");
      const held = await only("pause-one", "held", ben.incident);
      expect(held.row.state).toMatchObject({ at: { step: "tell" }, hold: { reason: "paused" } });
      expect(await told("pause-one", ben)).toBe(0);
      expect(await ask(held, { kind: "resume" })).toBe(202);
      expect(await told("pause-one", ben)).toBe(1);
      expect(company.trace(await only("pause-one", "completed", ben.incident))).toEqual([
        `· entered ${TRIGGER}`,
        "pause arrived",
        "pause paused",
        "pause elapsed",
        "tell arrived",
        "tell held paused",
        "tell resumed",
        "tell sent",
        "tell completed",
      ]);
    });

    it("to move goes on from the step that was named", async () => {
      await publish("move-one");
      const cleo = await enter("Cleo");
      expect(await ask(await only("move-one", "live", cleo.incident), { kind: "move", step: "tell" })).toBe(202);
      expect(await told("move-one", cleo)).toBe(1);
      await only("move-one", "completed", cleo.incident);
    });

    it("for what can't be is told so, and the run stays as it is", async () => {
      await publish("ask-nonsense");
      const dan = await enter("Dan");
      const run = await only("ask-nonsense", "live", dan.incident);
      for (const command of [
        { kind: "move", step: "gone" },
        { kind: "migrate", version: 9 },
        { kind: "migrate", version: 1, steps: { pause: "gone" } },
        { kind: "dance" },
      ])
        expect(await ask(run, command)).toBe(400);
      expect(await only("ask-nonsense", "live", dan.incident)).toEqual(run);
      for (const migrate of [{ version: 9 }, { version: 1, steps: { pause: "gone" } }])
        await expect(gate("ask-nonsense", { state: "open", migrate })).rejects.toThrow("400");
    });

    it("to migrate goes on in the version that was named, at the step that was mapped", async () => {
      await publish("migrate-one");
      const eve = await enter("Eve");
      await republish("migrate-one", { start: "rest", steps: { rest: { ...WAIT, next: null } } });
      const run = await only("migrate-one", "live", eve.incident);
      expect(await ask(run, { kind: "migrate", version: 2, steps: { pause: "rest" } })).toBe(202);
      const migrated = await only("migrate-one", "live", eve.incident);
      expect(migrated.row.state).toMatchObject({ version: 2, at: { step: "rest" } });
      await company.http.advance("P3D");
      await only("migrate-one", "completed", eve.incident);
      expect(await told("migrate-one", eve)).toBe(0);
    });
  });

  describe("who pauses a journey", () => {
    it("holds every effect, while goals and exits are still taken; the rest is sent when it is resumed", async () => {
      await publish("pause-all");
      const [fay, gil, hal] = [await enter("Fay"), await enter("Gil"), await enter("Hal")];
      await gate("pause-all", { state: "paused" });
      await company.http.advance("P3D");
      for (const one of [fay, gil, hal])
        expect((await only("pause-all", "held", one.incident)).row.state.hold?.reason).toBe("paused");
      await company.order(gil.id);
      await company.http.update("incidents", hal.incident, { statecode: 0, statuscode: 1 });
      expect((await only("pause-all", "goal", gil.incident)).row.state.ended?.name).toBe("order placed");
      expect((await only("pause-all", "exit", hal.incident)).row.state.ended?.name).toBe("case reopened");
      expect(await told("pause-all", fay)).toBe(0);
      await gate("pause-all", { state: "open" });
      expect(await told("pause-all", fay)).toBe(1);
      expect((await told("pause-all", gil)) + (await told("pause-all", hal))).toBe(0);
    });

    it("lets people in still: they stand at the first step, and go on when it is resumed", async () => {
      await publish("pause-entry", { start: "tell", steps: { tell: tell("pause-entry") } });
      await gate("pause-entry", { state: "paused" });
      const ida = await enter("Ida");
      expect((await only("pause-entry", "held", ida.incident)).row.state.at?.step).toBe("tell");
      expect(await told("pause-entry", ida)).toBe(0);
      await gate("pause-entry", { state: "open" });
      expect(await told("pause-entry", ida)).toBe(1);
      await only("pause-entry", "completed", ida.incident);
    });
  });

  describe("who stops a journey", () => {
    it("ends its runs, and nobody enters any more until it is opened", async () => {
      await publish("stop-all");
      const jo = await enter("Jo");
      await gate("stop-all", { state: "stopped" });
      await only("stop-all", "stopped", jo.incident);
      const kim = await enter("Kim");
      expect(await company.runs("stop-all", "live", kim.incident)).toEqual([]);
      const decisions = await stack.http.api<unknown[]>("GET", `/api/decisions?about=incident:${kim.incident}`);
      expect(decisions).toContainEqual(expect.objectContaining({ reason: "the journey is stopped" }));
      await gate("stop-all", { state: "open" });
      const lou = await enter("Lou");
      await only("stop-all", "live", lou.incident);
      await only("stop-all", "stopped", jo.incident);
    });
  });

  describe("who publishes a new version", () => {
    it("leaves those in flight on theirs, and lets the next one into the new", async () => {
      await publish("two-versions");
      const max = await enter("Max");
      await republish("two-versions", { steps: { pause: { ...WAIT, next: null } } });
      const nia = await enter("Nia");
      expect((await only("two-versions", "live", max.incident)).row.state.version).toBe(1);
      expect((await only("two-versions", "live", nia.incident)).row.state.version).toBe(2);
      await company.http.advance("P3D");
      expect(await told("two-versions", max)).toBe(1);
      expect(await told("two-versions", nia)).toBe(0);
    });

    it("moves those in flight over by a mapping of steps, and who enters later is not moved again", async () => {
      await publish("migrate-all");
      const [ole, pia] = [await enter("Ole"), await enter("Pia")];
      const rest = { rest: { ...WAIT, next: "tell" }, tell: tell("migrate-all") };
      await republish("migrate-all", { start: "rest", steps: rest });
      await gate("migrate-all", { state: "open", migrate: { version: 2, steps: { pause: "rest" } } });
      for (const one of [ole, pia]) {
        const run = await only("migrate-all", "live", one.incident);
        expect(run.row.state).toMatchObject({ version: 2, at: { step: "rest" } });
        expect(company.trace(run)).toContain("pause migrated 2");
      }
      // Another change of the gate asks for no other migration.
      await gate("migrate-all", { state: "paused" });
      await gate("migrate-all", { state: "open" });
      const quinn = await enter("Quinn");
      expect(company.trace(await only("migrate-all", "live", quinn.incident))).toEqual([
        `· entered ${TRIGGER}`,
        "rest arrived",
      ]);
      await republish("migrate-all", {});
      const rosa = await enter("Rosa");
      await gate("migrate-all", { state: "paused" });
      await gate("migrate-all", { state: "open" });
      expect((await only("migrate-all", "live", rosa.incident)).row.state.version).toBe(3);
      expect((await only("migrate-all", "live", quinn.incident)).row.state.version).toBe(2);
      await company.http.advance("P3D");
      expect(await told("migrate-all", ole)).toBe(1);
      const page = await (
        await fetch(
          `${stack.http.at.app}/runs/${encodeURIComponent((await only("migrate-all", "completed", ole.incident)).row.state.run)}`,
        )
      ).text();
      expect(page).toContain("Moved to version 2");
    });
  });
});
