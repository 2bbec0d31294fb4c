import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { ParcoursError } from "../../../shared/errors.ts";
import { receiveChange } from "../../../shared/use-cases/receive-change.ts";
import { replayParkedById } from "../../../shared/use-cases/replay-parked.ts";
import { ChangeReports } from "../../support/change-reports.ts";
import { ANNA, openCompany } from "../../support/company-in-process.ts";
import { runsOf } from "../../support/consistency.ts";
import { inProcess, type World } from "../../support/in-process.ts";
import { CASE, caseBody, lookup } from "../wire/payload.ts";

const CUSTOMER = { table: "contact", id: ANNA.slice("contact:".length), name: null };

/** Enters whoever's case was resolved, and knows of a case that was opened. */
const RESOLVED = {
  ...{ kind: "record", slug: "resolved", name: "Resolved", table: "incident" },
  audience: [{ column: "customerid", table: "contact" }],
  created: false,
  updated: { columns: ["statecode"] },
  condition: { kind: "compare", field: "event.statecode", op: "changed-to", value: 1 },
};
const DELETED = {
  ...{ kind: "record", slug: "deleted", name: "Deleted", table: "incident" },
  audience: [{ column: "customerid", table: "contact" }],
  deleted: true,
};
const REST = { kind: "wait", duration: "P30D", next: null };

describe("an oversize change", () => {
  let world: World;
  let reports: ChangeReports;
  beforeEach(async () => {
    world = inProcess();
    reports = new ChangeReports(world);
    await openCompany(world, []);
    for (const trigger of [RESOLVED, DELETED]) await world.publish("triggers", trigger);
    for (const trigger of ["resolved", "deleted"]) {
      const journey = { slug: trigger, name: trigger, entry: { trigger }, start: "rest", steps: { rest: REST } };
      await world.publish("journeys", journey);
    }
    world.dataverse.put("incident", CASE, { statecode: 0, customerid: CUSTOMER });
  });
  afterEach(() => world.close());

  /** As Dataverse posts it: what is over 256 KB comes without Target and images. */
  async function post(shape: Parameters<typeof caseBody>[0], oversize: boolean): Promise<void> {
    world.clock.moveTo(world.clock.now() + 60_000);
    const over = {
      OrganizationId: world.deps.settings.organization,
      OperationId: `22222222-aaaa-4aaa-8aaa-${String(world.clock.now()).padStart(12, "0").slice(-12)}`,
      OperationCreatedOn: `/Date(${world.clock.now()}+0000)/`,
      ...(oversize ? { InputParameters: null, PreEntityImages: null, PostEntityImages: null } : {}),
    };
    const body = caseBody({ ...shape, over });
    expect(await receiveChange({ key: "webhook-key", body, oversize }, world.deps)).toMatchObject({ kind: "fired" });
  }
  const opened = () =>
    post({ target: { statecode: 0 }, post: { statecode: 0, customerid: lookup("contact", CUSTOMER.id) } }, false);
  const parked = async () => (await world.calm.parked.page("unknown", 10)).rows.map(({ value }) => value);
  const entered = async () => (await runsOf(world, ANNA)).map(({ state }) => state.journey);

  it("fires by the row as it is now, where the last change tells what was before", async () => {
    await opened();
    await reports.workAll();
    world.dataverse.put("incident", CASE, { statecode: 1, customerid: CUSTOMER });
    await post({}, true);
    expect(await entered()).toEqual([]);
    await reports.workAll();
    expect(await entered()).toEqual(["resolved"]);
    const decisions = await world.calm.decisions.about(`incident:${CASE}`, world.clock.now(), 1);
    expect(decisions).toContainEqual(
      expect.objectContaining({ kind: "entry", trigger: "resolved", outcome: "entered" }),
    );
  });

  it("is listed where nobody can tell whether it fires, and let in by whoever knows", async () => {
    world.dataverse.put("incident", CASE, { statecode: 1, customerid: CUSTOMER });
    await post({}, true);
    await reports.workAll();
    expect(await entered()).toEqual([]);
    const [item] = await parked();
    expect(item?.reason).toContain("before.statecode");
    expect(item?.reason).toContain("too large");
    expect(await replayParkedById("unknown", item?.id ?? "", world.calm)).toBe("replayed");
    await world.quiet();
    expect(await entered()).toEqual(["resolved"]);
    expect(await parked()).toEqual([]);
  });

  it("is neither fired nor listed where the row says that it can't have been", async () => {
    await post({}, true);
    await reports.workAll();
    expect([await entered(), await parked()]).toEqual([[], []]);
    const [decision] = await world.calm.decisions.about(`incident:${CASE}`, world.clock.now(), 1);
    const failed = expect.objectContaining({ field: "event.statecode", seen: 0 });
    expect(decision).toMatchObject({ considered: [{ trigger: "resolved", failed }] });
  });

  it("waits while Dataverse does not answer, and is lost by nobody", async () => {
    await opened();
    await reports.workAll();
    world.dataverse.put("incident", CASE, { statecode: 1, customerid: CUSTOMER });
    await post({}, true);
    const [message] = reports.waiting;
    if (message === undefined) throw new Error("nothing to read back");
    world.dataverse.onRead = () => {
      throw new ParcoursError("DATAVERSE_UNAVAILABLE", "Dataverse asks to wait 30 s");
    };
    await expect(reports.work(message)).rejects.toMatchObject({ retryable: true });
    world.dataverse.onRead = () => {};
    await reports.workAll();
    expect(await entered()).toEqual(["resolved"]);
  });

  it("says so where the row is gone meanwhile", async () => {
    await post({}, true);
    world.dataverse.rows.delete(`incident:${CASE}`);
    await reports.workAll();
    expect((await parked())[0]?.reason).toMatch(/the row is gone$/);
  });

  it("of a delete is about whom the last change named", async () => {
    await opened();
    await reports.workAll();
    world.dataverse.rows.delete(`incident:${CASE}`);
    await post({ message: "Delete" }, true);
    await reports.workAll();
    expect(await entered()).toEqual(["deleted"]);
  });

  it("that comes twice is one", async () => {
    await opened();
    await reports.workAll();
    world.dataverse.put("incident", CASE, { statecode: 1, customerid: CUSTOMER });
    await post({}, true);
    const [message] = reports.waiting;
    if (message === undefined) throw new Error("nothing to read back");
    await reports.work(message);
    await reports.work(message);
    await reports.workAll();
    await reports.work(message);
    const fired = world.bus.messages.filter(({ properties }) => properties.trigger === "resolved");
    expect(fired).toHaveLength(1);
  });
});
