import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Command } from "../../../shared/domain/run.ts";
import { changeGate, commandRun } from "../../../shared/use-cases/operate.ts";
import { receiveEvent } from "../../../shared/use-cases/receive-event.ts";
import { ANNA, answer, event, JOURNEY, openCompany } from "../../support/company-in-process.ts";
import { expectConsistent, runsOf } from "../../support/consistency.ts";
import { DAY_MS, type Document, inProcess, type World } from "../../support/in-process.ts";
import { fate, interleaved } from "../../support/interleaved.ts";
import { runs } from "../../support/runs.ts";
import { Stops } from "../../support/weather.ts";

const MAILS = {
  slug: "mails",
  name: "Mails",
  entry: { trigger: "case-resolved" },
  exits: [{ name: "reopened", trigger: "case-reopened" }],
  start: "rest",
  steps: {
    rest: { kind: "wait", duration: "P2D", next: "thank" },
    thank: { kind: "email", mail: "thanks", next: "after" },
    after: { kind: "wait", duration: "P2D", next: null },
  },
};

async function entered(journey: Document = MAILS, world = inProcess()): Promise<World> {
  await openCompany(world, [journey]);
  await world.bring(event(world, "case-resolved"));
  await world.pass(1_000);
  return world;
}

async function run(world: World) {
  const [row] = await runsOf(world, ANNA);
  if (row === undefined) throw new Error("nobody entered");
  return row;
}

async function ask(world: World, command: Command): Promise<void> {
  const { state } = await run(world);
  expect(await commandRun(state.run, command, world.runner, world.calm)).toEqual({ kind: "asked" });
  await world.pass(1_000);
}

/** The same, but its mail comes first. */
const MAIL_FIRST: Document = {
  ...MAILS,
  start: "thank",
  steps: { thank: MAILS.steps.thank, after: MAILS.steps.after },
};

const gate = (world: World, state: "open" | "paused" | "stopped", version?: number) => {
  const migrate = version === undefined ? undefined : { version, steps: {} };
  return changeGate(MAILS.slug, { state, migrate }, world.runner, world.calm);
};

describe("an operator, of one run", () => {
  it("stops it", async () => {
    const world = await entered();
    await ask(world, { kind: "stop" });
    expect((await run(world)).state.ended?.as).toBe("stopped");
    await expectConsistent(world, await run(world));
    world.close();
  });

  it("pauses it: its wait runs on, its mail waits, an exit is taken all the same", async () => {
    const world = await entered();
    await ask(world, { kind: "pause" });
    await world.pass(5 * DAY_MS);
    const paused = await run(world);
    expect(paused).toMatchObject({ bucket: "held", state: { at: { step: "thank" }, hold: { reason: "paused" } } });
    expect(world.mailer.mails).toEqual([]);
    await world.bring(event(world, "case-reopened"));
    await world.quiet();
    expect((await run(world)).state.ended?.as).toBe("exit");
    await expectConsistent(world, await run(world));
    world.close();
  });

  it("resumes it: the mail that waited goes out at once", async () => {
    const world = await entered();
    await ask(world, { kind: "pause" });
    await world.pass(5 * DAY_MS);
    await ask(world, { kind: "resume" });
    expect(world.mailer.mails).toHaveLength(1);
    world.close();
  });

  it("moves it to a step, where its effect is made anew", async () => {
    const world = await entered();
    await world.pass(2 * DAY_MS);
    expect(world.mailer.mails).toHaveLength(1);
    await ask(world, { kind: "move", step: "thank" });
    expect(world.mailer.mails).toHaveLength(2);
    await expectConsistent(world, await run(world));
    world.close();
  });

  it("is obeyed in each of two moves that are asked at the same moment", async () => {
    const world = await entered();
    const { state } = await run(world);
    for (const step of ["thank", "after"])
      await commandRun(state.run, { kind: "move", step }, world.runner, world.calm);
    await world.pass(1_000);
    const facts = await expectConsistent(world, await run(world));
    expect(facts.filter((fact) => fact.kind === "moved").map((fact) => fact.detail)).toHaveLength(2);
    world.close();
  });
});

describe("an operator, of a whole journey", () => {
  it("stops all its runs, and nobody enters any more", async () => {
    const world = await entered();
    await gate(world, "stopped");
    await world.quiet();
    expect((await run(world)).state.ended?.as).toBe("stopped");
    await world.bring(event(world, "case-resolved", { id: "again", record: { table: "incident", id: "other" } }));
    expect(await runsOf(world, ANNA)).toHaveLength(1);
    world.close();
  });

  it("pauses it: who enters stands at the first step, and nothing goes out until it is opened", async () => {
    const world = await entered(MAIL_FIRST);
    expect(world.mailer.mails).toHaveLength(1);
    await gate(world, "paused");
    await world.bring(event(world, "case-resolved", { id: "new", record: { table: "incident", id: "other" } }));
    await world.pass(10 * DAY_MS);
    expect(world.mailer.mails).toHaveLength(1);
    await gate(world, "open");
    await world.pass(1_000);
    expect(world.mailer.mails).toHaveLength(2);
    world.close();
  });

  it("reaches a run that changes lists while the runs are being woken", async () => {
    const stops = new Stops();
    const world = inProcess({ weather: { step: stops.step, trouble: () => "none" } });
    await openCompany(world, [MAIL_FIRST]);
    world.mailer.fault = () => "throttled";
    await world.bring(event(world, "case-resolved"));
    await world.quiet();
    expect((await run(world)).bucket).toBe("held");
    world.mailer.fault = () => "ok";
    // The run has just read the gate, open, and is about to send; the journey is stopped, and looks for its runs.
    const post = stops.next(/^post/);
    world.clock.moveTo(world.clock.now() + 10_000);
    await post.reached;
    const listing = stops.next(/^list RunIndex/);
    const next = stops.next(/^list RunIndex/);
    const stopping = changeGate(MAILS.slug, { state: "stopped" }, world.runner, world.deps);
    await listing.reached;
    listing.go();
    await next.reached;
    // Between the two lists the mail goes out, and the run goes from one to the other.
    post.go();
    await world.quiet();
    next.go();
    await stopping;
    await world.pass(1_000);
    expect((await run(world)).state.ended?.as).toBe("stopped");
    world.close();
  });

  it("migrates those who are under way, and those whom an old catalogue let in meanwhile", async () => {
    const world = inProcess();
    await openCompany(world, [MAILS]);
    const stale = await world.calm.catalogue.current();
    await world.publish("journeys", { ...MAILS, name: "Mails, better" });
    await gate(world, "open", 2);
    // This consumer looked into its catalogue before, and took long over the person.
    const old = {
      ...world.deps,
      catalogue: Object.assign(Object.create(world.deps.catalogue), { current: async () => stale }),
    };
    await receiveEvent(event(world, "case-resolved"), world.runner, old);
    await world.pass(1_000);
    expect((await run(world)).state.version).toBe(2);
    world.close();
  });

  it("does not take runs of a newer version back, when the gate is changed for another reason", async () => {
    const world = inProcess();
    await openCompany(world, [MAILS]);
    await world.publish("journeys", { ...MAILS, name: "Two" });
    await gate(world, "open", 2);
    await world.publish("journeys", { ...MAILS, name: "Three" });
    await world.bring(event(world, "case-resolved"));
    await world.quiet();
    expect((await run(world)).state.version).toBe(3);
    await gate(world, "paused");
    await world.pass(1_000);
    expect((await run(world)).state.version).toBe(3);
    world.close();
  });
});

describe("a migration to a version that names a step otherwise", () => {
  const renamed = (journey: Document, from: string, to: string): Document =>
    JSON.parse(JSON.stringify(journey).replaceAll(`"${from}"`, `"${to}"`).replaceAll(`.${from}.`, `.${to}.`));

  it("still knows the answer to the survey that the step had sent", async () => {
    const world = inProcess();
    await openCompany(world);
    await world.bring(event(world, "case-resolved"));
    await world.quiet();
    const [operation] = [...world.mailer.accepted.keys()];
    await world.publish("journeys", renamed(JOURNEY, "ask", "question"));
    const migrate = { version: 2, steps: { ask: "question" } };
    await changeGate(JOURNEY.slug, { state: "open", migrate }, world.runner, world.calm);
    await world.pass(1_000);
    expect((await run(world)).state.at?.step).toBe("question");
    await answer(world, operation ?? "", 1);
    await world.pass(1_000);
    const { state } = await run(world);
    // Dissatisfied, as the branch of the new version reads it: it leads to the code and to the wait after it.
    expect(state.at?.step).toBe("time");
    expect(state.surveys.question).toEqual({ satisfaction: 1 });
    await expectConsistent(world, await run(world));
    world.close();
  });

  it("sends at each visit of the new step, also where the numbers of visits differ", async () => {
    const loop = (step: string): Document => ({
      ...MAILS,
      start: step,
      steps: {
        [step]: { kind: "email", mail: "thanks", next: "pause" },
        pause: { kind: "wait", duration: "P1D", next: step },
      },
    });
    const world = await entered(loop("thank"));
    await world.pass(2 * DAY_MS);
    // Twice or three times so far; it pauses at the mail when it is migrated.
    await gate(world, "paused");
    await world.pass(DAY_MS);
    const before = world.mailer.mails.length;
    await world.publish("journeys", loop("mail"));
    const migrate = { version: 2, steps: { thank: "mail" } };
    await changeGate(MAILS.slug, { state: "open", migrate }, world.runner, world.calm);
    await world.pass(5 * DAY_MS + 60_000);
    expect(world.mailer.mails).toHaveLength(before + 6);
    world.close();
  });
});

describe("commands and gates among events, wakes and doubles", () => {
  const act = fc.constantFrom("stop", "pause", "resume", "move", "exit", "gate-paused", "gate-open", "gate-stopped");
  const scene = fc.array(fc.record({ act, turns: fc.nat({ max: 80 }) }), { maxLength: 5 });

  it("leave a run whose facts and state agree, which ends once all is open again", async () => {
    await fc.assert(
      fc.asyncProperty(scene, fate, fc.scheduler(), async (acts, it, scheduler) => {
        const { world, begin, later } = interleaved(scheduler, it);
        await openCompany(world, [MAIL_FIRST]);
        const entry = event(world, "case-resolved");
        begin();
        later(0, () => world.bring(entry));
        for (const { act, turns } of acts)
          later(turns, async () => {
            if (act === "exit") return world.bring(event(world, "case-reopened"));
            if (act === "gate-paused") return gate(world, "paused");
            if (act === "gate-open") return gate(world, "open");
            if (act === "gate-stopped") return gate(world, "stopped");
            const [row] = await runsOf(world, ANNA);
            const command: Command = act === "move" ? { kind: act, step: "after" } : { kind: act };
            if (row !== undefined) await commandRun(row.state.run, command, world.runner, world.calm);
            return undefined;
          });
        await world.pass(DAY_MS);
        later(0, () => gate(world, "open"));
        const [midway] = await runsOf(world, ANNA);
        if (midway?.state.ended === null)
          later(0, () => commandRun(midway.state.run, { kind: "resume" }, world.runner, world.calm));
        await world.pass(10 * DAY_MS);
        for (const row of await runsOf(world, ANNA)) {
          expect(row.state.ended).not.toBeNull();
          const facts = await expectConsistent(world, row);
          const asked = acts.map(({ act }) => act);
          if (row.state.ended?.as === "stopped") expect(asked.some((act) => act.includes("stop"))).toBe(true);
          expect(facts.filter((fact) => fact.kind === "sent")).toHaveLength(world.mailer.mails.length);
        }
        world.close();
      }),
      runs(40),
    );
  });
});
