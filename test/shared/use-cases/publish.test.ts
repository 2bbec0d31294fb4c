import { describe, expect, it } from "@jest/globals";
import { CatalogueReader } from "../../../shared/use-cases/catalogue.ts";
import type { Deps } from "../../../shared/use-cases/deps.ts";
import { changeGate } from "../../../shared/use-cases/operate.ts";
import { publishDefinition } from "../../../shared/use-cases/publish-definition.ts";
import { receiveChange } from "../../../shared/use-cases/receive-change.ts";
import { receiveEvent } from "../../../shared/use-cases/receive-event.ts";
import { saveDefinition } from "../../../shared/use-cases/save-definition.ts";
import { readEvent } from "../../../shared/wire/bus-messages.ts";
import { ANNA, event, mail, openCompany } from "../../support/company-in-process.ts";
import { runsOf } from "../../support/consistency.ts";
import { inProcess, type World } from "../../support/in-process.ts";
import { caseBody, lookup } from "../wire/payload.ts";

const JOURNEY = {
  slug: "late",
  name: "Late",
  entry: { trigger: "case-resolved" },
  exits: [{ name: "reopened", trigger: "case-reopened" }],
  start: "rest",
  steps: {
    rest: { kind: "wait", duration: "P30D", next: "tell" },
    tell: { kind: "email", mail: "titled", next: null },
  },
};

/** A process of its own: what it knows of the catalogue is as old as it is. */
function processOf(world: World): Deps {
  const { triggers, journeys, generation, clock, settings } = world.calm;
  const sources = { triggers, journeys, generation, clock };
  return { ...world.calm, catalogue: new CatalogueReader(sources, settings.catalogueLifetime) };
}

/** Publishes the journey; whenever the publisher waits, `meanwhile` is done first. */
async function publishWhile(world: World, meanwhile: (wait: number) => Promise<void>) {
  await saveDefinition("journeys", JOURNEY.slug, JOURNEY, undefined, world.calm);
  let waits = 0;
  const { clock } = world;
  const sleep = async (ms: number): Promise<void> => {
    waits += 1;
    await meanwhile(waits);
    clock.moveTo(clock.now() + ms);
  };
  const slow = { ...world.calm, clock: { now: clock.now, random: clock.random, sleep } };
  return publishDefinition("journeys", JOURNEY.slug, slow);
}

async function opened(): Promise<World> {
  const world = inProcess();
  await openCompany(world, []);
  await world.publish("mails", mail("titled", "<p>{{ event.title }}</p>"));
  return world;
}

describe("publishing a journey", () => {
  it("leaves no gap: nobody enters before every process knows what may end the run", async () => {
    const world = await opened();
    const warm = processOf(world);
    await warm.catalogue.current();
    const about = (n: number) => ({ record: { table: "incident", id: `case-${n}` } });
    await publishWhile(world, async (wait) => {
      // A process that just started lets people in; one that has been there for a while brings the exit.
      const entry = event(world, "case-resolved", about(wait));
      await receiveEvent(entry, world.runner, processOf(world));
      await receiveEvent(event(world, "case-reopened", about(wait)), world.runner, warm);
      await world.quiet();
    });
    for (const row of await runsOf(world, ANNA)) expect(row.state.ended?.as).toBe("exit");
    await receiveEvent(event(world, "case-resolved", about(9)), world.runner, warm);
    expect((await runsOf(world, ANNA)).map((row) => row.state.entry.record?.id)).toContain("case-9");
    world.close();
  });

  it("leaves no gap: nobody enters on an event without the columns that the journey's mails name", async () => {
    const world = await opened();
    const warm = processOf(world);
    await warm.catalogue.current();
    world.bus.subscribe(({ subject, body }) => {
      if (subject === "event") world.busy.during(receiveEvent(readEvent(body), world.runner, processOf(world)));
    });
    await publishWhile(world, async (wait) => {
      const columns = { title: "Brakes", customerid: lookup("contact", ANNA.slice("contact:".length)) };
      const over = {
        OrganizationId: world.calm.settings.organization,
        OperationId: `22222222-aaaa-4aaa-8aaa-00000000000${wait}`,
        OperationCreatedOn: `/Date(${world.clock.now()}+0000)/`,
      };
      const body = caseBody({ target: columns, pre: {}, post: columns, over });
      // A process that knows the old catalogue takes the change in; one that just started works on the event.
      await receiveChange({ key: "webhook-key", body, oversize: false }, warm);
      await world.quiet();
    });
    for (const row of await runsOf(world, ANNA)) expect(row.state.entry.after).toEqual({ title: "Brakes" });
    world.close();
  });

  it("lets nobody migrate to a version that is not open yet", async () => {
    const world = await opened();
    const answers: string[] = [];
    await publishWhile(world, async () => {
      const migrate = { version: 1, steps: {} };
      answers.push((await changeGate(JOURNEY.slug, { state: "open", migrate }, world.runner, world.calm)).kind);
    });
    expect(answers[0]).toBe("invalid");
    world.close();
  });

  it("that was cut off is finished by the next one, and the catalogue never goes back", async () => {
    const world = await opened();
    const cut = publishWhile(world, async () => {
      throw new Error("killed");
    });
    await expect(cut).rejects.toThrow("killed");
    expect((await publishDefinition("journeys", JOURNEY.slug, world.calm)).kind).toBe("stale");
    expect(await publishDefinition("journeys", JOURNEY.slug, world.calm)).toMatchObject({ revision: 2 });
    await world.calm.journeys.open(JOURNEY.slug, JOURNEY.name, 1, "");
    expect((await world.calm.journeys.listed(JOURNEY.slug))?.published).toBe(2);
    world.close();
  });
});
