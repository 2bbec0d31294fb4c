import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { ParcoursError } from "../../../shared/errors.ts";
import { reconcile } from "../../../shared/use-cases/reconcile.ts";
import { replayTransient } from "../../../shared/use-cases/replay.ts";
import { ANNA } from "../../support/company-in-process.ts";
import { runsOf } from "../../support/consistency.ts";
import { id, lossyCompany } from "../../support/lossy-company.ts";
import { runs } from "../../support/runs.ts";

const MINUTE_MS = 60_000;

describe("webhook, reconciliation and replay together", () => {
  const how = fc.constantFrom("post", "twice", "lost", "late", "both", "never") as fc.Arbitrary<
    "post" | "twice" | "lost" | "late" | "both" | "never"
  >;
  const action = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("save" as const), how }) },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constantFrom("work", "reconcile", "replay", "late", "away", "back") }),
    },
  );

  it("fire each change's event once, in whatever order and however often each comes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 14 }), async (actions) => {
        const here = await lossyCompany();
        const { deps, reports, world } = here;
        await reconcile(deps);
        const away = (it: boolean) => {
          world.dataverse.onRead = (table) => {
            if (it && table === "incident") throw new ParcoursError("DATAVERSE_UNAVAILABLE", "away, as asked for");
          };
        };
        const late: (() => Promise<void>)[] = [];
        let saves = 0;
        for (const each of actions)
          switch (each.kind) {
            case "save": {
              saves += 1;
              const save = here.save("Create", {}, id("5c0e1f1a", saves));
              save.track();
              if (each.how === "post" || each.how === "twice" || each.how === "both") await save.post();
              if (each.how === "twice") late.push(save.post);
              // Dataverse gave up, and the call arrives all the same.
              if (each.how === "late") late.push(save.post);
              if (each.how === "both" || each.how === "lost" || each.how === "late") save.fail();
              break;
            }
            case "work":
              await reports.workSome(2);
              break;
            case "late":
              await late.shift()?.();
              break;
            case "reconcile":
              await world.pass(6 * MINUTE_MS);
              await reconcile(deps);
              break;
            case "replay":
              await replayTransient(deps);
              break;
            case "away":
              away(true);
              break;
            case "back":
              away(false);
          }
        away(false);
        for (const post of late) await post();
        for (let round = 0; round < 5; round += 1) {
          await reports.workAll();
          await replayTransient(deps);
          await world.pass(6 * MINUTE_MS);
          await reconcile(deps);
        }
        await reports.workAll();
        expect((await runsOf(world, ANNA)).map(({ state }) => state.entry.record?.id).sort()).toEqual(
          Array.from({ length: saves }, (_, n) => id("5c0e1f1a", n + 1)),
        );
        here.close();
      }),
      runs(25),
    );
  });
});
