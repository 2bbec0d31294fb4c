import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { sendOf } from "../../../shared/use-cases/send-mail.ts";
import { ANNA, about, BEN, CASE, event, OTHER_CASE, openCompany, POOL } from "../../support/company-in-process.ts";
import { expectConsistent, runsOf } from "../../support/consistency.ts";
import { DAY_MS, type World } from "../../support/in-process.ts";
import { fate, interleaved } from "../../support/interleaved.ts";
import type { MailFault } from "../../support/outside-systems.ts";
import { runs } from "../../support/runs.ts";

const JOURNEY = {
  slug: "two-mails",
  name: "Two mails",
  entry: { trigger: "case-resolved" },
  exits: [{ name: "reopened", trigger: "case-reopened" }],
  start: "thank",
  steps: {
    thank: { kind: "email", mail: "thanks", next: "code" },
    code: { kind: "discount", pool: POOL, next: "apologise" },
    apologise: { kind: "email", mail: "apology", next: null },
  },
};

const scene = fc.record({
  faults: fc.array(fc.constantFrom<MailFault>("ok", "ok", "throttled", "refused", "request-lost", "answer-lost"), {
    maxLength: 12,
  }),
  answers: fc.array(fc.boolean(), { maxLength: 8 }),
  /** The provider answers no question for two days: longer than a send is waited for. */
  silent: fc.boolean(),
  exit: fc.option(fc.nat({ max: 80 }), { nil: undefined }),
  fate,
});

/** No run may have ended, or stand elsewhere, while a row of its sends is reserved. */
async function expectNoneReserved(world: World): Promise<void> {
  for (const operation of world.mailer.accepted.keys()) {
    const delivery = await world.calm.deliveries.read(operation);
    expect(["sent", "unknown"]).toContain(delivery?.value.state);
  }
}

describe("mails under a provider and a store at their worst", () => {
  it("go out at most once, once where the run says sent, and none is reserved when the run ends", async () => {
    await fc.assert(
      fc.asyncProperty(scene, fc.scheduler(), async ({ faults, answers, silent, exit, fate: it }, scheduler) => {
        const { world, begin, later } = interleaved(scheduler, it);
        await openCompany(world, [JOURNEY]);
        const [posts, questions] = [[...faults], [...answers]];
        world.mailer.fault = () => posts.shift() ?? "ok";
        const spoken = world.clock.now() + 2 * DAY_MS;
        world.mailer.answers = () => (silent ? world.clock.now() > spoken : (questions.shift() ?? true));
        const entries = [
          event(world, "case-resolved"),
          event(world, "case-resolved", { record: OTHER_CASE, ...about(BEN) }),
        ];
        const reopened = event(world, "case-reopened");
        begin();
        for (const [n, entry] of entries.entries()) later(n, () => world.bring(entry));
        if (exit !== undefined) later(exit, () => world.bring(reopened));
        await world.pass(3 * DAY_MS);

        for (const mails of world.mailer.accepted.values()) expect(mails).toHaveLength(1);
        await expectNoneReserved(world);
        let [sent, unknown] = [0, 0];
        const rows = [...(await runsOf(world, ANNA)), ...(await runsOf(world, BEN))];
        expect(rows).toHaveLength(2);
        for (const row of rows) {
          expect(row.state.ended).not.toBeNull();
          const facts = await expectConsistent(world, row);
          sent += facts.filter((fact) => fact.kind === "sent").length;
          unknown += facts.filter((fact) => fact.kind === "unknown").length;
          const drew = facts.filter((fact) => fact.kind === "drew").length;
          expect(drew).toBe(Object.keys(row.state.codes).length);
          const { journey } = (await world.calm.journeys.revision(row.state.journey, row.state.version)) ?? {};
          expect(journey && sendOf(row.state, journey)).toBeUndefined();
        }
        expect(world.mailer.mails.length).toBeGreaterThanOrEqual(sent);
        expect(world.mailer.mails.length).toBeLessThanOrEqual(sent + unknown);
        if (!silent) expect(unknown).toBe(0);
        const codes = rows.flatMap((row) => Object.values(row.state.codes));
        expect(new Set(codes).size).toBe(codes.length);
        expect(await world.calm.bindings.runs(CASE)).toEqual([]);
        world.close();
      }),
      runs(60),
    );
  });
});
