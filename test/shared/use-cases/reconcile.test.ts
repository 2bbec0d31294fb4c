import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { reconcile, showReconciliation } from "../../../shared/use-cases/reconcile.ts";
import { ANNA } from "../../support/company-in-process.ts";
import { runsOf } from "../../support/consistency.ts";
import { id, type LossyCompany, lossyCompany } from "../../support/lossy-company.ts";
import { MemoryRegistrar } from "../../support/memory-registrar.ts";
import { CASE } from "../wire/payload.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

describe("a change whose call of the webhook was lost", () => {
  let here: LossyCompany;
  beforeEach(async () => {
    here = await lossyCompany();
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
  let here: LossyCompany;
  beforeEach(async () => {
    here = await lossyCompany();
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
