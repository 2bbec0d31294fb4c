import { describe, expect, it } from "@jest/globals";
import type { Decision } from "../../../shared/domain/decision.ts";
import { receiveEvent } from "../../../shared/use-cases/receive-event.ts";
import { caseChanged } from "../../support/case-changes.ts";
import { ANNA, answer, CASE, event, openCompany } from "../../support/company-in-process.ts";
import { runsOf } from "../../support/consistency.ts";
import { DAY_MS, inProcess, type World } from "../../support/in-process.ts";
import { lookup, option, CASE as PAYLOAD_CASE } from "../wire/payload.ts";

const JOURNEY = {
  slug: "waiting",
  name: "Waiting",
  entry: { trigger: "case-touched" },
  goals: [{ name: "touched again", trigger: "case-touched" }],
  start: "rest",
  steps: { rest: { kind: "wait", duration: "P1D", next: null } },
};

async function opened(): Promise<World> {
  const world = inProcess();
  await openCompany(world, [JOURNEY]);
  return world;
}

describe("a change that Parcours made itself", () => {
  it("lets nobody in, and says so", async () => {
    const world = await opened();
    await receiveEvent(event(world, "case-touched", { hops: 1 }), world.runner, world.deps);
    expect(await runsOf(world, ANNA)).toEqual([]);
    const [decision] = await world.calm.decisions.about(`${CASE.table}:${CASE.id}`, world.clock.now(), 1);
    expect(decision).toMatchObject({ outcome: "turned-away", reason: expect.stringContaining("Parcours") });
    world.close();
  });

  it("is seen by the goals and waits of runs that live", async () => {
    const world = await opened();
    await world.bring(event(world, "case-touched"));
    await world.pass(5_000);
    await world.bring(event(world, "case-touched", { hops: 1 }));
    await world.quiet();
    expect((await runsOf(world, ANNA))[0]?.state.ended).toMatchObject({ as: "goal", name: "touched again" });
    world.close();
  });

  it("is parked as a loop once more than five of its effects stand in a row", async () => {
    const world = await opened();
    await world.bring(event(world, "case-touched"));
    await world.pass(5_000);
    await world.bring(event(world, "case-touched", { hops: 6 }));
    await world.pass(2 * DAY_MS);
    expect((await runsOf(world, ANNA))[0]?.state.ended?.as).toBe("completed");
    const [item] = (await world.calm.parked.page("permanent", 10)).rows;
    expect(item?.value).toMatchObject({ source: "trigger-events", reason: expect.stringContaining("loop") });
    world.close();
  });
});

describe("a journey that writes the record that triggers it", () => {
  const COLUMN = "customersatisfactioncode";
  const RECORD = { table: "incident", id: PAYLOAD_CASE };
  const TRIGGER = {
    ...{ kind: "record", slug: "rated", name: "Rated", table: "incident", updated: { columns: [COLUMN] } },
    audience: [{ column: "customerid", table: "contact" }],
  };
  /** Each answer is written to the very column whose change asks for the next one. */
  const ASKING = {
    ...{ slug: "asking", name: "Asking", entry: { trigger: "rated", reentry: { kind: "always" } }, start: "ask" },
    steps: { ask: { kind: "survey", survey: "rating", mail: "invitation", answered: null, unanswered: null } },
  };
  const text = { text: "?", options: { 1: "1", 2: "2" } };
  const SURVEY = {
    ...{ slug: "rating", name: "Rating", fallback: "en" },
    questions: [{ kind: "rating", id: "satisfaction", options: [1, 2], writeTo: COLUMN }],
    variants: { en: { title: "?", questions: { satisfaction: text } } },
  };

  /** Dataverse tells of what Parcours writes as of any change, with the tag that it was written with, if it keeps it. */
  async function asking(trigger: object, keepsTag: boolean) {
    const world = await opened();
    let written = 0;
    world.dataverse.put(RECORD.table, RECORD.id, {});
    const rate = async (rating: number, tag: string | null) => {
      const customerid = lookup("contact", ANNA.slice("contact:".length));
      await caseChanged(
        world,
        {},
        {
          ...{ target: { [COLUMN]: option(rating) }, pre: { customerid, [COLUMN]: null }, post: { customerid } },
          ...(tag === null ? {} : { shared: { tag } }),
          over: { UserId: OWN, InitiatingUserId: tag === null && written === 0 ? CLERK : OWN },
        },
      );
    };
    world.dataverse.update = async (_table, _id, values, tag) => {
      written += 1;
      // Told later, as Dataverse does.
      world.clock.at(world.clock.now() + 1_000, () => void rate(Number(values[COLUMN]), keepsTag ? tag : null));
      return "updated";
    };
    await world.publish("triggers", { ...TRIGGER, ...trigger });
    await world.publish("surveys", SURVEY);
    await world.publish("journeys", ASKING);
    return { world, rate, written: () => written };
  }
  type Asking = Awaited<ReturnType<typeof asking>>;

  /** Answers each survey as soon as it comes, for a day. */
  async function answerAll({ world }: Asking): Promise<number> {
    const answered = new Set<string>();
    for (let hour = 0; hour < 24; hour += 1) {
      await world.pass(DAY_MS / 24);
      for (const [operation] of world.mailer.accepted) {
        if (answered.has(operation)) continue;
        answered.add(operation);
        await answer(world, operation, 1 + (answered.size % 2));
      }
    }
    return answered.size;
  }

  it("does not loop: its own write lets nobody in", async () => {
    const it = await asking({}, true);
    await it.rate(1, null);
    expect(await answerAll(it)).toBe(1);
    expect(it.written()).toBe(1);
    expect(
      (await it.world.calm.decisions.about(`incident:${RECORD.id}`, it.world.clock.now(), 2)).map(codeOf),
    ).toContain("own-write");
    it.world.close();
  });

  it("lets in where the author wants that, each answer anew; six effects in a row are a loop all the same", async () => {
    const it = await asking({ ignore: { own: false } }, true);
    await it.rate(1, null);
    expect(await answerAll(it)).toBeGreaterThan(1);
    await it.world.pass(60_000);
    const before = (await runsOf(it.world, ANNA)).length;
    await it.rate(2, "parcours:6");
    expect((await runsOf(it.world, ANNA)).length).toBe(before);
    const [item] = (await it.world.calm.parked.page("permanent", 10)).rows;
    expect(item?.value.reason).toContain("loop");
    it.world.close();
  });

  it("is known by the user that Parcours writes as, where Dataverse does not keep the tag", async () => {
    const it = await asking({}, false);
    const deps = { ...it.world.deps, settings: { ...it.world.deps.settings, ownUser: OWN } };
    await caseChanged(
      { ...it.world, deps },
      {},
      {
        ...{ target: { [COLUMN]: option(2) }, pre: { [COLUMN]: null }, over: { UserId: OWN, InitiatingUserId: OWN } },
      },
    );
    expect(await runsOf(it.world, ANNA)).toEqual([]);
    it.world.close();
  });
});

const OWN = "11111111-aaaa-4aaa-8aaa-0000000000aa";
const CLERK = "11111111-aaaa-4aaa-8aaa-000000000001";

function codeOf(decision: Decision): string | undefined {
  return decision.kind === "entry" ? decision.code : undefined;
}
