import { describe, expect, it } from "@jest/globals";
import { ParcoursError } from "../../../shared/errors.ts";
import type { Runner } from "../../../shared/ports/runner.ts";
import { changeGate } from "../../../shared/use-cases/operate.ts";
import { passGates } from "../../../shared/use-cases/pass-gate.ts";
import { about, event, openCompany } from "../../support/company-in-process.ts";
import { DAY_MS, inProcess, type World } from "../../support/in-process.ts";

const MAIL = {
  slug: "mail",
  name: "Mail",
  entry: { trigger: "case-resolved" },
  start: "thank",
  steps: {
    thank: { kind: "email", mail: "thanks", next: "rest" },
    rest: { kind: "wait", duration: "P9D", next: null },
  },
};

/** So many people stand before their mail, for the journey is paused. */
async function paused(people: number): Promise<World> {
  const world = inProcess();
  await openCompany(world, [MAIL]);
  await gate(world, "paused", world.runner);
  for (let n = 0; n < people; n += 1) {
    const member = `contact:5c0e1f1a-0000-4000-8000-${String(n).padStart(12, "0")}`;
    world.dataverse.put("contact", member.slice("contact:".length), {
      statecode: 0,
      emailaddress1: `p${n}@example.com`,
    });
    await world.bring(event(world, "case-resolved", { id: `e${n}`, ...about(member) }));
  }
  await world.quiet();
  expect(world.mailer.mails).toEqual([]);
  return world;
}

const gate = (world: World, state: "open" | "paused" | "stopped", runner: Runner) =>
  changeGate(MAIL.slug, { state }, runner, world.deps);

/** An engine that answers so many wakes, and then goes away. */
function goesAway(world: World, after: number): Runner {
  let left = after;
  return {
    start: (run, handle) => world.runner.start(run, handle),
    terminate: (run) => world.runner.terminate(run),
    forget: (run) => world.runner.forget(run),
    status: (run) => world.runner.status(run),
    wake: async (run) => {
      left -= 1;
      if (left < 0) throw new ParcoursError("RUNNER_UNAVAILABLE", "away, as asked for");
      return world.runner.wake(run);
    },
  };
}

describe("waking the runs of a journey whose gate was changed", () => {
  it("is done within the request where they are few", async () => {
    const world = await paused(30);
    await gate(world, "open", world.runner);
    await world.quiet();
    expect(world.mailer.mails).toHaveLength(30);
    expect(await world.calm.gatePasses.waiting()).toEqual([]);
    world.close();
  });

  it("takes no longer for the request where they are many: a timer wakes the rest", async () => {
    const world = await paused(260);
    await gate(world, "open", world.runner);
    await world.quiet();
    const first = world.mailer.mails.length;
    expect(first).toBeLessThan(260);
    expect(await world.calm.gatePasses.waiting()).toEqual([MAIL.slug]);
    await passGates(world.runner, world.deps);
    await world.quiet();
    expect(world.mailer.mails).toHaveLength(260);
    expect(await world.calm.gatePasses.waiting()).toEqual([]);
    world.close();
  });

  it("goes on where it was cut off, and nobody is left out", async () => {
    const world = await paused(120);
    const changed = await gate(world, "open", goesAway(world, 65));
    expect(changed).toMatchObject({ kind: "changed", gate: { state: "open" } });
    await expect(passGates(goesAway(world, 20), world.deps)).rejects.toThrow("away");
    await passGates(world.runner, world.deps);
    await world.quiet();
    expect(world.mailer.mails).toHaveLength(120);
    world.close();
  });

  it("begins anew where the gate is changed again meanwhile", async () => {
    const world = await paused(120);
    await gate(world, "open", goesAway(world, 10));
    await gate(world, "stopped", goesAway(world, 10));
    await passGates(world.runner, world.deps);
    await world.quiet();
    expect((await world.calm.index.newest(MAIL.slug, "stopped", 200)).runs).toHaveLength(120);
    await world.pass(DAY_MS);
    expect(world.mailer.mails.length).toBeLessThan(120);
    world.close();
  });
});
