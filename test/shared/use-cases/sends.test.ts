import { describe, expect, it } from "@jest/globals";
import type { TriggerEvent } from "../../../shared/domain/event.ts";
import type { Runner } from "../../../shared/ports/runner.ts";
import { continueRun } from "../../../shared/use-cases/continue-run.ts";
import { receiveEvent } from "../../../shared/use-cases/receive-event.ts";
import { ANNA, event, openCompany } from "../../support/company-in-process.ts";
import { expectConsistent, runsOf } from "../../support/consistency.ts";
import { inProcess, type World } from "../../support/in-process.ts";
import { Stops } from "../../support/weather.ts";

const MAIL = {
  slug: "one-mail",
  name: "One mail",
  entry: { trigger: "case-resolved" },
  exits: [{ name: "reopened", trigger: "case-reopened" }],
  start: "send",
  steps: { send: { kind: "email", mail: "thanks", next: "rest" }, rest: { kind: "wait", duration: "P1D", next: null } },
};

/** A world in which Anna stands at the mail, and nobody has called an activity yet. */
async function beforeTheMail(stops: Stops): Promise<World> {
  const world = inProcess({ weather: { step: stops.step, trouble: () => "none" } });
  await openCompany(world, [MAIL]);
  const never: Runner = {
    start: async () => "started",
    wake: async () => "gone",
    terminate: async () => "gone",
    forget: async () => undefined,
    status: async () => undefined,
  };
  await receiveEvent(event(world, "case-resolved"), never, world.deps);
  return world;
}

async function onlyRun(world: World) {
  const [row] = await runsOf(world, ANNA);
  if (row === undefined) throw new Error("nobody entered");
  return { row, call: { member: ANNA, run: row.state.run, seq: row.seq } };
}

function deliver(world: World, it: TriggerEvent): Promise<void> {
  return world.calm.members.deliver(ANNA, Date.parse(it.at), { kind: "event", event: { ...it, member: ANNA } });
}

describe("one activity that is handed out twice", () => {
  it("does not end the run by an exit while its double sends: the mail is settled first", async () => {
    const stops = new Stops();
    const world = await beforeTheMail(stops);
    const { call } = await onlyRun(world);
    // The first has read an empty inbox and is about to post; the exit comes; the second reads it.
    const post = stops.next(/^post/);
    const first = continueRun(call, world.deps);
    await post.reached;
    await deliver(world, event(world, "case-reopened"));
    const second = await continueRun(call, world.deps);
    expect(second.kind).toBe("wait");
    post.go();
    await first;
    world.clock.moveTo(world.clock.now() + world.deps.settings.sendLease);
    await continueRun({ member: ANNA, run: call.run, at: world.clock.now() }, world.deps);
    const { row } = await onlyRun(world);
    expect(row.state.ended).toMatchObject({ as: "exit", name: "reopened" });
    const facts = await expectConsistent(world, row);
    expect(facts.map(({ kind }) => kind)).toContain("sent");
    expect(world.mailer.mails).toHaveLength(1);
    world.close();
  });

  it("does not send once its double has read an exit and is about to end the run", async () => {
    const stops = new Stops();
    const world = await beforeTheMail(stops);
    const { call } = await onlyRun(world);
    const reserving = stops.next(/^commit Deliveries insert send/);
    const first = continueRun(call, world.deps);
    await reserving.reached;
    await deliver(world, event(world, "case-reopened"));
    const ending = stops.next(/^commit Members delete live/);
    const second = continueRun(call, world.deps);
    await ending.reached;
    reserving.go();
    await expect(first).rejects.toMatchObject({ code: "STALE_WRITE" });
    ending.go();
    expect((await second).kind).toBe("end");
    expect(world.mailer.mails).toEqual([]);
    world.close();
  });

  it("does not send twice where reading the person took longer than the lease", async () => {
    const stops = new Stops();
    const world = await beforeTheMail(stops);
    const { call } = await onlyRun(world);
    world.dataverse.onRead = () => world.clock.moveTo(world.clock.now() + 2 * world.deps.settings.sendLease);
    const post = stops.next(/^post/);
    const first = continueRun(call, world.deps);
    await post.reached;
    world.dataverse.onRead = () => {};
    expect((await continueRun(call, world.deps)).kind).toBe("wait");
    post.go();
    await first;
    world.clock.moveTo(world.clock.now() + world.deps.settings.sendLease);
    await continueRun({ member: ANNA, run: call.run, at: world.clock.now() }, world.deps);
    expect(world.mailer.mails).toHaveLength(1);
    expect((await onlyRun(world)).row.state.at?.step).toBe("rest");
    world.close();
  });
});
