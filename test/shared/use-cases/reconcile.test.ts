import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { ParcoursError } from "../../../shared/errors.ts";
import type { TrackedRow } from "../../../shared/ports/missed-changes.ts";
import { receiveChange } from "../../../shared/use-cases/receive-change.ts";
import { reconcile, showReconciliation } from "../../../shared/use-cases/reconcile.ts";
import { replayTransient } from "../../../shared/use-cases/replay.ts";
import { ChangeReports } from "../../support/change-reports.ts";
import { ANNA, openCompany } from "../../support/company-in-process.ts";
import { runsOf } from "../../support/consistency.ts";
import { inProcess } from "../../support/in-process.ts";
import { MemoryRegistrar } from "../../support/memory-registrar.ts";
import { runs } from "../../support/runs.ts";
import { stateOf } from "../domain/registration/simulated.ts";
import { CASE, caseBody, lookup } from "../wire/payload.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const CUSTOMER = ANNA.slice("contact:".length);
const STEPS = { Create: id("44444444", 1), Update: id("44444444", 2), Delete: id("44444444", 3) };
const REST = { kind: "wait", duration: "P90D", next: null };

function id(start: string, n: number): string {
  return `${start}-aaaa-4aaa-8aaa-${String(n).padStart(12, "0")}`;
}

/** A company whose webhook may fail: each case's change comes by it, or by what Dataverse keeps of it. */
async function company() {
  const world = inProcess();
  const { clock, dataverse, missed } = world;
  const reports = new ChangeReports(world);
  await openCompany(world, []);
  for (const [slug, more] of [
    ["made", { created: true }],
    ["saved", { updated: { columns: "any", onlyWhenChanged: false } }],
    ["resolved", { updated: { columns: ["statecode"] }, condition: RESOLVED }],
    ["gone", { deleted: true }],
  ] as const) {
    const audience = [{ column: "customerid", table: "contact" }];
    await world.publish("triggers", { kind: "record", slug, name: slug, table: "incident", audience, ...more });
    const entry = { trigger: slug, reentry: { kind: "always" } };
    await world.publish("journeys", { slug, name: slug, entry, start: "rest", steps: { rest: REST } });
  }
  const registrar = new MemoryRegistrar();
  const found = { columns: "all", enabled: true, sound: true, images: [] } as const;
  registrar.state = stateOf({
    endpoint: { id: "endpoint", url: "https://parcours.example", keyMark: "0" },
    steps: Object.entries(STEPS).map(([message, step]) => ({ ...found, id: step, table: "incident", message })),
  });
  const deps = { ...world.calm, registration: { ...world.calm.registration, on: true, registrar } };
  missed.tracked.set("incident", []);
  let made = 0;

  /** A save that took place now: what Dataverse has to tell of it. */
  function save(message: "Create" | "Update" | "Delete", columns: Record<string, number> = {}, record = CASE) {
    clock.moveTo(clock.now() + MINUTE_MS);
    made += 1;
    const operation = id("22222222", made);
    const was = dataverse.rows.get(`incident:${record}`);
    const row = { statecode: 0, ...was, ...columns, customerid: { table: "contact", id: CUSTOMER, name: null } };
    if (message === "Delete") dataverse.rows.delete(`incident:${record}`);
    else dataverse.put("incident", record, row);
    const at = new Date(clock.now()).toISOString();
    const createdAt = message === "Create" ? at : "2026-01-01T00:00:00.000Z";
    const tracked: TrackedRow =
      message === "Delete"
        ? { id: record, deleted: true, createdAt: null, modifiedAt: null, by: null }
        : { id: record, deleted: false, createdAt, modifiedAt: at, by: "u" };
    const image = (values: object) => ({ ...values, customerid: lookup("contact", CUSTOMER) });
    const body = caseBody({
      message,
      target: { ...columns, title: `save ${made}` },
      ...(message === "Create" ? {} : { pre: image({ statecode: Number(was?.statecode ?? 0) }) }),
      ...(message === "Delete" ? {} : { post: image({ statecode: Number(row.statecode) }) }),
      over: {
        PrimaryEntityId: record,
        OrganizationId: deps.settings.organization,
        OperationId: operation,
        OwningExtension: { Id: STEPS[message], LogicalName: "sdkmessageprocessingstep" },
        OperationCreatedOn: `/Date(${clock.now()}+0000)/`,
      },
    });
    return {
      track: () => missed.tracked.get("incident")?.push(tracked),
      post: async () => void (await receiveChange({ key: "webhook-key", body, oversize: false }, deps)),
      fail: () => {
        const completedAt = new Date(clock.now()).toISOString();
        missed.jobs.push({ id: operation, step: STEPS[message], record, at, completedAt, by: "u", depth: 1 });
      },
    };
  }
  return { world, deps, reports, save, close: () => world.close() };
}

const RESOLVED = { kind: "compare", field: "event.statecode", op: "changed-to", value: 1 };

describe("a change whose call of the webhook was lost", () => {
  let here: Awaited<ReturnType<typeof company>>;
  beforeEach(async () => {
    here = await company();
  });
  afterEach(() => here.close());
  const entered = async () => (await runsOf(here.world, ANNA)).map(({ state }) => state.journey).sort();
  const unknown = async () => (await here.world.calm.parked.page("unknown", 100)).rows.map(({ value }) => value);
  const look = async () => {
    await reconcile(here.deps);
    await here.world.pass(5 * MINUTE_MS);
    await here.reports.workAll();
  };

  it("is found by its failed system job, however long nobody looked, and says so in its decision", async () => {
    here.save("Create").fail();
    await here.world.pass(20 * DAY_MS);
    await look();
    expect(await entered()).toEqual(["made"]);
    const decisions = await here.world.calm.decisions.about(`incident:${CASE}`, here.world.clock.now(), 5);
    const found = {
      kind: "change",
      via: "failed-job",
      received: expect.stringMatching(/^2026-03-21/),
      fired: expect.arrayContaining(["made"]),
    };
    expect(decisions).toContainEqual(expect.objectContaining(found));
  });

  it("has the webhook's own event: the call that came after all enters nobody again", async () => {
    const lost = here.save("Create");
    lost.fail();
    await look();
    await lost.post();
    await here.reports.workAll();
    await look();
    expect(await entered()).toEqual(["made"]);
  });

  it("that came after all keeps what the webhook told of it", async () => {
    const update = here.save("Update", { statecode: 1 });
    await update.post();
    update.fail();
    await here.reports.workAll();
    await look();
    expect(await entered()).toEqual(["resolved", "saved"]);
    const decisions = await here.world.calm.decisions.about(`incident:${CASE}`, here.world.clock.now(), 5);
    expect(decisions.flatMap((it) => (it.kind === "change" ? [it.via ?? "webhook"] : []))).toEqual(["webhook"]);
  });

  it("of several of one record each tells what it changed, and none of them twice", async () => {
    await here.save("Create").post();
    await here.reports.workAll();
    for (const statecode of [1, 0, 1]) here.save("Update", { statecode }).fail();
    for (let n = 0; n < 3; n += 1) await look();
    expect((await entered()).filter((journey) => journey === "saved")).toHaveLength(3);
    // Between the first and the last nobody saw the row: that it was resolved is known once.
    expect((await entered()).filter((journey) => journey === "resolved")).toHaveLength(1);
  });

  it("is listed where what was before is not known, and not fired", async () => {
    here.save("Update", { statecode: 1 }).fail();
    await look();
    expect(await entered()).toEqual(["saved"]);
    expect(await unknown()).toEqual([expect.objectContaining({ reason: expect.stringContaining("before.statecode") })]);
  });

  it("that was Parcours's own write enters nobody", async () => {
    here.world.missed.ownUser = "u";
    here.save("Create").fail();
    await look();
    expect(await entered()).toEqual([]);
  });

  it("whose job names no record is parked with the reason", async () => {
    here.save("Create").fail();
    const [job] = here.world.missed.jobs.splice(0);
    if (job !== undefined) here.world.missed.jobs.push({ ...job, record: null });
    await look();
    const [item] = (await here.world.calm.parked.page("permanent", 10)).rows;
    expect(item?.value.reason).toContain("names no record");
  });

  it("is found though its registration is gone by now", async () => {
    await look();
    here.save("Create").fail();
    const registrar = new MemoryRegistrar();
    await reconcile({ ...here.deps, registration: { ...here.deps.registration, registrar } });
    await here.reports.workAll();
    expect(await entered()).toEqual(["made"]);
  });
});

describe("a change made past the business logic", () => {
  let here: Awaited<ReturnType<typeof company>>;
  beforeEach(async () => {
    here = await company();
    // From now on.
    await reconcile(here.deps);
  });
  afterEach(() => here.close());
  const entered = async () => (await runsOf(here.world, ANNA)).map(({ state }) => state.journey).sort();
  const unknown = async () => (await here.world.calm.parked.page("unknown", 100)).rows.map(({ value }) => value.reason);
  const look = async (ms = 11 * MINUTE_MS) => {
    await reconcile(here.deps);
    await here.world.pass(ms);
    for (let round = 0; round < 2; round += 1) {
      await reconcile(here.deps);
      await here.reports.workAll();
    }
  };

  it("is found by change tracking once the webhook had its time, and not before", async () => {
    here.save("Create").track();
    await look(MINUTE_MS);
    expect(await entered()).toEqual([]);
    await look();
    expect(await entered()).toEqual(["made"]);
    await look();
    expect(await entered()).toEqual(["made"]);
  });

  it("is listed, not fired, where its condition asks for the old value", async () => {
    here.save("Update", { statecode: 1 }).track();
    await look();
    expect(await entered()).toEqual(["saved"]);
    expect(await unknown()).toEqual([expect.stringMatching(/before\.statecode.*past the business logic/)]);
  });

  it("fires where the last change that came tells the old value", async () => {
    await here.save("Create").post();
    await here.reports.workAll();
    here.save("Update", { statecode: 1 }).track();
    await look();
    expect(await entered()).toEqual(["made", "resolved", "saved"]);
  });

  it("of a deleted row is found too", async () => {
    await here.save("Create").post();
    await here.reports.workAll();
    here.save("Delete").track();
    await look();
    expect(await entered()).toEqual(["gone", "made"]);
  });

  it("is none where the webhook told it, or has yet to", async () => {
    const told = here.save("Create");
    told.track();
    await told.post();
    await here.reports.workAll();
    const late = here.save("Create", {}, id("5c0e1f1a", 77));
    late.track();
    here.world.missed.underWay.add(id("5c0e1f1a", 77));
    await look();
    await late.post();
    await here.reports.workAll();
    here.world.missed.underWay.clear();
    await look();
    await look();
    expect(await entered()).toEqual(["made", "made"]);
  });

  it("is found after the place to go on from had expired; of that time deletes are said to be unknown", async () => {
    await here.world.pass(8 * DAY_MS);
    here.save("Create").track();
    here.world.missed.expired = true;
    await look();
    expect(await entered()).toEqual(["made"]);
    const { tables } = await showReconciliation(here.deps);
    expect(tables[0]).toMatchObject({ table: "incident", refused: null, gaps: [expect.anything()] });
  });

  it("can't be found where the table has no change tracking, and this is said", async () => {
    here.world.missed.tracked.delete("incident");
    await look();
    const { tables } = await showReconciliation(here.deps);
    expect(tables[0]).toMatchObject({ since: null, refused: expect.stringContaining("no change tracking") });
  });
});

describe("webhook, reconciliation and replay together", () => {
  const how = fc.constantFrom("post", "twice", "lost", "late", "both", "never") as fc.Arbitrary<
    "post" | "twice" | "lost" | "late" | "both" | "never"
  >;
  const action = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("save" as const), how, on: fc.nat({ max: 2 }) }) },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constantFrom("work", "reconcile", "replay", "late", "away", "back") }),
    },
  );

  it("fire each change's event once, in whatever order and however often each comes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 14 }), async (actions) => {
        const here = await company();
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
