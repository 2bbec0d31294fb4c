import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Decision, RowsDecision } from "../../../shared/domain/decision.ts";
import { ParcoursError } from "../../../shared/errors.ts";
import { caseChanged } from "../../support/case-changes.ts";
import { ANNA, BEN } from "../../support/company-in-process.ts";
import { runsOf } from "../../support/consistency.ts";
import { DAY_MS, inProcess, type World } from "../../support/in-process.ts";
import { type Attributes, CASE, lookup, option } from "../wire/payload.ts";

const ANNA_ID = ANNA.slice("contact:".length);
const COMPANY = "5c0e1f1a-0000-4000-8000-00000000ac01";
const OTHER = "5c0e1f1a-0000-4000-8000-00000000d0f1";
const ANOTHER = "5c0e1f1a-0000-4000-8000-00000000d0f2";

const RESOLVED = { kind: "compare", field: "event.statecode", op: "changed-to", value: 1 };
const OPEN_CASES = { table: "incident", lookup: "customerid", where: [{ column: "statecode", op: "eq", value: 0 }] };

describe("a trigger whose condition asks rows", () => {
  let world: World;
  beforeEach(() => {
    world = inProcess();
    for (const [n, member] of [ANNA, BEN].entries())
      world.dataverse.put("contact", member.slice("contact:".length), { statecode: 0, firstname: `Person ${n}` });
  });
  afterEach(() => world.close());

  const publish = (of: object[], more: object = {}) =>
    world.publish("triggers", {
      ...{ kind: "record", slug: "last-resolved", name: "Last case resolved", table: "incident" },
      audience: [{ column: "customerid", table: "contact" }],
      updated: { columns: ["statecode"] },
      condition: { kind: "all", of },
      ...more,
    });
  const open = (steps: object, more: object = {}) =>
    world.publish("journeys", {
      ...{ slug: "after", name: "After", start: "rest", steps },
      entry: { trigger: "last-resolved", reentry: { kind: "always" }, ...more },
    });
  const REST = { rest: { kind: "wait", duration: "P1D", next: null } };

  const put = (id: string, statecode: number, customer = ANNA_ID) =>
    world.dataverse.put("incident", id, { statecode, customerid: { table: "contact", id: customer, name: null } });
  const resolve = (post: Attributes = {}) => caseChanged(world, post);
  const entered = async (member = ANNA) => (await runsOf(world, member)).length;
  const decisions = () => world.calm.decisions.about(`incident:${CASE}`, world.clock.now(), 1);
  const ofRows = async () => (await decisions()).filter((it: Decision): it is RowsDecision => it.kind === "rows");

  it("fires where the customer has no other open case, and its own case is no other", async () => {
    await publish([RESOLVED, { kind: "has-no", ...OPEN_CASES }]);
    await open(REST);
    put(CASE, 0); // as stale as a row may be
    put(OTHER, 1);
    expect((await resolve()).triggers).toEqual(["last-resolved"]);
    expect(await entered()).toBe(1);
    expect(await ofRows()).toMatchObject([{ trigger: "last-resolved", outcome: "fired", failed: null }]);
  });

  it("does not fire where one is left; nobody enters, no run hears of it, and the reason says what was seen", async () => {
    await publish([RESOLVED, { kind: "has-no", ...OPEN_CASES }]);
    await world.publish("journeys", {
      ...{ slug: "after", name: "After", entry: { trigger: "last-resolved" }, start: "rest", steps: REST },
      goals: [{ name: "once more", trigger: "last-resolved" }],
    });
    await resolve();
    put(OTHER, 0);
    await resolve();
    expect((await runsOf(world, ANNA)).map(({ state }) => state.ended)).toEqual([null]);
    const decision = (await ofRows()).find(({ outcome }) => outcome === "not-fired");
    expect(decision).toMatchObject({
      outcome: "not-fired",
      failed: { field: "rows.incident", op: "has-no", seen: 1, asked: { table: "incident", lookup: "customerid" } },
      counts: [{ found: 1 }],
    });
  });

  it("asks the person and a row one lookup away, and keeps the values that it saw", async () => {
    await publish([
      RESOLVED,
      { kind: "compare", field: "audience.firstname", op: "eq", value: "Person 0" },
      { kind: "compare", field: "related.accountid.tier", op: "eq", value: "gold" },
    ]);
    await open(REST);
    const account = { accountid: lookup("account", COMPANY) };
    world.dataverse.put("account", COMPANY, { tier: "silver" });
    await resolve(account);
    expect(await entered()).toBe(0);
    const [refused] = await ofRows();
    expect(refused).toMatchObject({
      values: { "audience.firstname": "Person 0", "related.accountid.tier": "silver" },
      failed: { field: "related.accountid.tier", expected: "gold", seen: "silver" },
    });
    world.dataverse.put("account", COMPANY, { tier: "gold" });
    await resolve(account);
    expect(await entered()).toBe(1);
  });

  it("asks all of it at once, however much it is", async () => {
    const asked: Parameters<typeof world.dataverse.look>[0][] = [];
    const look = world.dataverse.look.bind(world.dataverse);
    world.dataverse.look = (what) => {
      asked.push(what);
      return look(what);
    };
    await publish([
      RESOLVED,
      { kind: "has-no", ...OPEN_CASES },
      { kind: "count", ...OPEN_CASES, whose: "record.accountid", op: "lt", value: 5 },
      { kind: "compare", field: "audience.firstname", op: "ne", value: "x" },
      { kind: "compare", field: "related.accountid.tier", op: "ne", value: "x" },
    ]);
    await resolve({ accountid: lookup("account", COMPANY) });
    expect(asked).toHaveLength(1);
    expect(asked[0]?.rows.map(({ table }) => table)).toEqual(["contact", "account"]);
    expect(asked[0]?.counts).toHaveLength(2);
  });

  it("reads nothing where the change itself says no", async () => {
    await publish([RESOLVED, { kind: "has-no", ...OPEN_CASES }]);
    let reads = 0;
    world.dataverse.onRead = () => {
      reads += 1;
    };
    const reopened = { target: { statecode: option(0) }, pre: { statecode: option(1) } };
    expect((await caseChanged(world, {}, reopened)).triggers).toEqual([]);
    expect(reads).toBe(0);
  });

  it("asks once: what comes again follows what was decided then", async () => {
    await publish([RESOLVED, { kind: "has-no", ...OPEN_CASES }]);
    await open(REST);
    put(OTHER, 0);
    await resolve();
    const [message] = world.bus.messages.filter(({ subject }) => subject === "event");
    put(OTHER, 1);
    await world.deliver({ id: "again", body: message?.body });
    expect(await entered()).toBe(0);
    expect(await ofRows()).toHaveLength(1);
  });

  it("waits where Dataverse throttles, and then fires once", async () => {
    await publish([RESOLVED, { kind: "has-no", ...OPEN_CASES }]);
    await open(REST);
    let refusals = 3;
    world.dataverse.onRead = (table) => {
      if (table === "incident" && refusals-- > 0)
        throw new ParcoursError("DATAVERSE_UNAVAILABLE", "Dataverse asks to wait 30 s");
    };
    await resolve();
    expect(world.clock.slept.slice(-3)).toEqual([2_000, 4_000, 8_000]);
    expect(await entered()).toBe(1);
    expect((await world.calm.parked.page("permanent", 10)).rows).toEqual([]);
  });

  it("is parked with its reason where Dataverse refuses for good", async () => {
    await publish([RESOLVED, { kind: "compare", field: "audience.tier", op: "eq", value: "gold" }]);
    world.dataverse.onRead = (table) => {
      if (table === "contact") throw new ParcoursError("DATAVERSE_REFUSED", "contact has no column tier");
    };
    await resolve();
    const [item] = (await world.calm.parked.page("permanent", 10)).rows;
    expect(item?.value).toMatchObject({ reason: "contact has no column tier" });
  });

  it("asks about a deleted row by what it was", async () => {
    const related = { kind: "compare", field: "related.accountid.tier", op: "eq", value: "gold" };
    await publish([related], { deleted: true });
    await open(REST);
    world.dataverse.put("account", COMPANY, { tier: "gold" });
    const pre = { customerid: lookup("contact", ANNA_ID), accountid: lookup("account", COMPANY) };
    await caseChanged(world, {}, { message: "Delete", pre });
    expect(await entered()).toBe(1);
  });

  it("counts rows of whoever the record's lookup leads to", async () => {
    const cases = { ...OPEN_CASES, whose: "record.customerid", kind: "count", op: "ge", value: 2 };
    await publish([RESOLVED, cases]);
    await open(REST);
    put(OTHER, 0);
    await resolve();
    expect(await entered()).toBe(0);
    put(ANOTHER, 0);
    await resolve();
    expect(await entered()).toBe(1);
  });

  it("counts rows of the last days, and of those alone", async () => {
    const where = [{ column: "createdon", op: "within-last", value: "P30D" }];
    await publish([RESOLVED, { kind: "has", table: "incident", lookup: "customerid", where }]);
    await open(REST);
    const made = (daysAgo: number) =>
      world.dataverse.put("incident", OTHER, {
        customerid: { table: "contact", id: ANNA_ID, name: null },
        createdon: new Date(world.clock.now() - daysAgo * DAY_MS).toISOString(),
      });
    made(31);
    await resolve();
    expect(await entered()).toBe(0);
    made(29);
    await resolve();
    expect(await entered()).toBe(1);
  });

  it("finds the rows of who survived a merge", async () => {
    await publish([RESOLVED, { kind: "has", ...OPEN_CASES }]);
    await open(REST);
    const ben = BEN.slice("contact:".length);
    world.dataverse.put("contact", ANNA_ID, {
      ...{ statecode: 1, merged: true, masterid: { table: "contact", id: ben, name: null } },
    });
    put(OTHER, 0, ben);
    await resolve();
    expect(await entered(BEN)).toBe(1);
  });

  describe("in a journey", () => {
    const SEVERAL = { kind: "count", ...OPEN_CASES, op: "ge", value: 2 };

    it("an entry filter is asked at entry, and says why it turned somebody away", async () => {
      await publish([RESOLVED]);
      await open(REST, { filter: SEVERAL });
      put(OTHER, 0);
      await resolve();
      expect(await entered()).toBe(0);
      const [refused] = (await decisions()).filter(({ kind }) => kind === "entry");
      expect(refused).toMatchObject({ outcome: "turned-away", failed: { op: "count", expected: 2, seen: 1 } });
      put(ANOTHER, 0);
      await resolve();
      expect(await entered()).toBe(1);
    });

    it("a branch is asked when the run comes to it", async () => {
      await publish([RESOLVED]);
      await open({
        rest: { kind: "wait", duration: "P1D", next: "judge" },
        judge: { kind: "branch", arms: [{ name: "several", when: SEVERAL, next: "left" }], otherwise: null },
        left: { kind: "exit", reason: "has several open cases" },
      });
      await resolve();
      put(OTHER, 0);
      put(ANOTHER, 0);
      await world.pass(2 * DAY_MS);
      const [run] = await runsOf(world, ANNA);
      expect(run?.state.ended).toMatchObject({ as: "exit", name: "has several open cases" });
    });

    it("what is asked of each event that arrives can ask no rows", async () => {
      await publish([RESOLVED]);
      const goals = [{ name: "g", trigger: "last-resolved", condition: { kind: "has", ...OPEN_CASES } }];
      const journey = { slug: "wrong", name: "Wrong", entry: { trigger: "last-resolved" }, goals, start: "rest" };
      await expect(world.publish("journeys", { ...journey, steps: REST })).rejects.toThrow(
        "how many rows of incident there are",
      );
    });
  });
});
