import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { EntryDecision } from "../../../shared/domain/decision.ts";
import { changeGate } from "../../../shared/use-cases/operate.ts";
import { publishDefinition } from "../../../shared/use-cases/publish-definition.ts";
import { resetEntry } from "../../../shared/use-cases/reset-entry.ts";
import { stopTrigger } from "../../../shared/use-cases/stop-trigger.ts";
import { caseChanged, notFired } from "../../support/case-changes.ts";
import { ANNA, BEN, mail } from "../../support/company-in-process.ts";
import { runsOf } from "../../support/consistency.ts";
import { DAY_MS, inProcess, type World } from "../../support/in-process.ts";
import { CASE, lookup, option } from "../wire/payload.ts";

const ANNA_ID = ANNA.slice("contact:".length);
const BEN_ID = BEN.slice("contact:".length);
const COMPANY = "5c0e1f1a-0000-4000-8000-00000000ac01";
const CLERK = "11111111-aaaa-4aaa-8aaa-000000000001";
const LOADER = "11111111-aaaa-4aaa-8aaa-0000000000ff";
/** Of the catalogue. */
const LIFETIME_MS = 5_000;
const REST = { rest: { kind: "wait", duration: "P1D", next: null } };
const RESOLVED = { kind: "compare", field: "event.statecode", op: "changed-to", value: 1 };

describe("what users of the incumbent complain of", () => {
  let world: World;
  beforeEach(async () => {
    world = inProcess();
    for (const [n, id] of [ANNA_ID, BEN_ID].entries())
      world.dataverse.put("contact", id, { statecode: 0, firstname: `P${n}`, emailaddress1: `p${n}@example.com` });
    await publish({});
    await open({});
  });
  afterEach(() => world.close());

  const publish = (more: object) =>
    world.publish("triggers", {
      ...{ kind: "record", slug: "resolved", name: "Resolved", table: "incident", updated: { columns: ["statecode"] } },
      audience: [{ column: "customerid", table: "contact" }],
      condition: RESOLVED,
      ...more,
    });
  const open = (more: object) =>
    world.publish("journeys", {
      ...{ slug: "after", name: "After", start: "rest", steps: REST },
      entry: { trigger: "resolved", reentry: { kind: "always" } },
      ...more,
    });
  const entered = async (member = ANNA) => (await runsOf(world, member)).length;
  const lastEntry = async () => {
    const all = await world.calm.decisions.about(`incident:${CASE}`, world.clock.now(), 1);
    return all
      .filter((it): it is EntryDecision => it.kind === "entry")
      .sort((a, b) => (b.decidedAt ?? 0) - (a.decidedAt ?? 0))[0];
  };

  describe("manual edits and imports that start journeys", () => {
    const loaded = { over: { InitiatingUserId: LOADER, UserId: LOADER } };

    it("do not where the author ignores these users, and the reason stands", async () => {
      await publish({ ignore: { users: [CLERK] } });
      await caseChanged(world);
      expect(notFired(world)).toEqual({ resolved: "ignored-user" });
      await caseChanged(world, {}, loaded);
      expect(await entered()).toBe(1);
    });

    it("do not where only the changes of some users count", async () => {
      await publish({ by: [CLERK] });
      await caseChanged(world, {}, loaded);
      expect(notFired(world)).toEqual({ resolved: "other-user" });
      await caseChanged(world);
      expect(await entered()).toBe(1);
    });

    it("do not where the author ignores imports: by whom the setting names, by the import's number, by the tag", async () => {
      const settings = { ...world.deps.settings, importUsers: [LOADER.toUpperCase()] };
      const informed = { ...world, deps: { ...world.deps, settings } };
      await publish({ created: true, ignore: { imports: true } });
      await caseChanged(informed, {}, loaded);
      expect(notFired(world)).toEqual({ resolved: "import" });
      await caseChanged(informed, {}, { shared: { tag: "import:spring" } });
      expect(notFired(world)).toEqual({ resolved: "import" });
      const target = { statecode: option(1), customerid: lookup("contact", ANNA_ID), importsequencenumber: 7 };
      await caseChanged(informed, {}, { message: "Create", target });
      expect(notFired(world)).toEqual({ resolved: "import" });
      expect(await entered()).toBe(0);
      await caseChanged(informed);
      expect(await entered()).toBe(1);
    });

    it("do not where a save includes the column and changes nothing", async () => {
      await publish({ condition: undefined });
      const same = { statecode: option(1), customerid: lookup("contact", ANNA_ID) };
      await caseChanged(world, {}, { pre: same });
      expect(notFired(world)).toEqual({ resolved: "not-changed" });
      expect(await entered()).toBe(0);
    });
  });

  describe("journeys silently not starting on an audience mismatch", () => {
    const of = (table: string, id: string) => {
      const customerid = lookup(table, id);
      return { pre: { statecode: option(0), customerid }, post: { statecode: option(1), customerid } };
    };

    it("say whom each way led to, and why to nobody", async () => {
      await publish({
        audience: [
          { column: "customerid", table: "contact" },
          { column: "customerid", table: "account" },
        ],
      });
      await caseChanged(world, {}, of("account", COMPANY));
      expect(await lastEntry()).toMatchObject({
        outcome: "turned-away",
        code: "nobody",
        reason: "customerid:account: the account is gone",
      });
      world.clock.moveTo(world.clock.now() + 1);
      world.dataverse.put("account", COMPANY, {});
      await caseChanged(world, {}, of("account", COMPANY));
      expect((await lastEntry())?.reason).toBe("customerid:account: the account has no primary contact");
    });

    it("start by the next way where one leads nowhere, and say by which", async () => {
      await publish({
        audience: [
          { column: "customerid", table: "contact" },
          { column: "customerid", table: "account" },
        ],
      });
      world.dataverse.put("account", COMPANY, { primarycontactid: { table: "contact", id: BEN_ID, name: null } });
      await caseChanged(world, {}, of("account", COMPANY));
      expect(await entered(BEN)).toBe(1);
      expect(await lastEntry()).toMatchObject({
        outcome: "entered",
        member: BEN,
        way: "customerid:account→primarycontactid",
      });
    });

    it("say that nobody stands in the row at all", async () => {
      await caseChanged(world, {}, { pre: { statecode: option(0) }, post: { statecode: option(1), customerid: null } });
      expect(await lastEntry()).toMatchObject({ outcome: "turned-away", reason: "the row names nobody" });
    });
  });

  describe("customers who can't be written to", () => {
    const tell = (mailSlug: string) => ({ tell: { kind: "email", mail: mailSlug, next: null } });
    const facts = async (member = ANNA) => {
      const [row] = await runsOf(world, member);
      return row === undefined ? [] : world.calm.members.facts(member, row.state.run);
    };
    beforeEach(async () => {
      await world.publish("mails", mail("hello", "<p>{{ audience.firstname }}</p>"));
      await open({ start: "tell", steps: tell("hello") });
    });

    it("for want of an address: said at the entry, and at the send; the journey goes on", async () => {
      world.dataverse.put("contact", ANNA_ID, { statecode: 0 });
      await caseChanged(world);
      expect(await lastEntry()).toMatchObject({ outcome: "entered", standing: ["no-address"] });
      expect(await facts()).toContainEqual(expect.objectContaining({ kind: "suppressed", detail: "no-address" }));
      expect((await runsOf(world, ANNA))[0]?.state.ended?.as).toBe("completed");
    });

    it("for being inactive: the same", async () => {
      world.dataverse.put("contact", ANNA_ID, { statecode: 1, emailaddress1: "a@example.com" });
      await caseChanged(world);
      expect(await lastEntry()).toMatchObject({ outcome: "entered", standing: ["inactive"] });
      expect(await facts()).toContainEqual(expect.objectContaining({ kind: "suppressed", detail: "inactive" }));
    });

    it("under their old name, for they were merged: the survivor enters, and the entry says so", async () => {
      const masterid = { table: "contact", id: BEN_ID, name: null };
      world.dataverse.put("contact", ANNA_ID, { statecode: 1, merged: true, masterid });
      await caseChanged(world);
      expect(await lastEntry()).toMatchObject({ member: BEN, standing: ["merged"] });
      expect(world.mailer.mails.map(({ to }) => to)).toEqual(["p1@example.com"]);
    });

    it("since they were merged after they entered: the mail goes to the survivor, and the trace says so", async () => {
      const steps = { rest: { kind: "wait", duration: "P1D", next: "tell" }, ...tell("hello") };
      await open({ start: "rest", steps });
      await caseChanged(world);
      const masterid = { table: "contact", id: BEN_ID, name: null };
      world.dataverse.put("contact", ANNA_ID, { statecode: 1, merged: true, masterid });
      await world.pass(2 * DAY_MS);
      expect(world.mailer.mails.map(({ to }) => to)).toEqual(["p1@example.com"]);
      expect(await facts()).toContainEqual(expect.objectContaining({ kind: "sent", detail: "survivor" }));
    });
  });

  it("a null attribute failing the journey: it is a value like none, and the journey goes on", async () => {
    await world.publish(
      "mails",
      mail("hello", "<p>{{ audience.firstname }} {{ event.title }} {{ related.ownerid.fullname }}</p>"),
    );
    const compare = (field: string, op: string, value: unknown) => ({ kind: "compare", field, op, value });
    const arms = [
      { name: "long", when: compare("event.title", "contains", "x"), next: null },
      { name: "old", when: compare("audience.birthdate", "lt", "2000-01-01"), next: null },
      { name: "far", when: compare("related.ownerid.city", "starts-with", "P"), next: null },
      { name: "other", when: compare("audience.birthdate", "ne", "2000-01-01"), next: "tell" },
    ];
    const steps = {
      judge: { kind: "branch", arms, otherwise: null },
      tell: { kind: "email", mail: "hello", next: null },
    };
    await open({ start: "judge", steps });
    world.dataverse.put("contact", ANNA_ID, { statecode: 0, emailaddress1: "a@example.com" });
    await caseChanged(world);
    const [row] = await runsOf(world, ANNA);
    expect(row?.state.ended?.as).toBe("completed");
    expect(world.mailer.mails).toHaveLength(1);
  });

  it("nothing to reset a contact for a re-test: entries are forgotten, and the same case enters again", async () => {
    await open({ entry: { trigger: "resolved" } });
    await caseChanged(world);
    await caseChanged(world);
    expect(await entered()).toBe(1);
    expect(await resetEntry("after", BEN, world.deps)).toEqual({ kind: "reset", entries: 0, live: [] });
    const [run] = await runsOf(world, ANNA);
    expect(await resetEntry("after", ANNA, world.deps)).toEqual({ kind: "reset", entries: 1, live: [run?.state.run] });
    await caseChanged(world);
    expect(await entered()).toBe(2);
    await caseChanged(world);
    expect(await entered()).toBe(2);
    expect(await resetEntry("nothing", ANNA, world.deps)).toEqual({ kind: "missing" });
  });

  it("a reset forgets when somebody entered last", async () => {
    await open({ entry: { trigger: "resolved", reentry: { kind: "after", delay: "P30D" } } });
    await caseChanged(world);
    await caseChanged(world);
    expect(await entered()).toBe(1);
    await resetEntry("after", ANNA, world.deps);
    await caseChanged(world);
    expect(await entered()).toBe(2);
  });

  describe("stopped journeys that can't restart", () => {
    it("a journey that was stopped opens again", async () => {
      await changeGate("after", { state: "stopped" }, world.runner, world.deps);
      await caseChanged(world);
      expect(await lastEntry()).toMatchObject({ outcome: "turned-away", code: "stopped" });
      await changeGate("after", { state: "open" }, world.runner, world.deps);
      await caseChanged(world);
      expect(await entered()).toBe(1);
    });

    it("a trigger that was stopped is published again", async () => {
      expect((await stopTrigger("resolved", world.deps)).kind).toBe("stopped");
      world.clock.moveTo(world.clock.now() + LIFETIME_MS);
      expect((await caseChanged(world)).triggers).toEqual([]);
      expect((await publishDefinition("triggers", "resolved", world.deps)).kind).toBe("published");
      world.clock.moveTo(world.clock.now() + LIFETIME_MS);
      expect((await caseChanged(world)).triggers).toEqual(["resolved"]);
      expect(await entered()).toBe(1);
    });
  });

  it("no live edit in place: a live trigger gets a new version, and who is under way goes on", async () => {
    await caseChanged(world);
    await publish({ condition: { ...RESOLVED, value: 2 } });
    expect((await caseChanged(world)).triggers).toEqual([]);
    expect((await caseChanged(world, {}, { target: { statecode: option(2) } })).triggers).toEqual(["resolved"]);
    await world.pass(2 * DAY_MS);
    expect((await runsOf(world, ANNA)).map(({ state }) => state.ended?.as)).toEqual(["completed", "completed"]);
  });

  it("of a peer: a wait that tests the entry's event. Here it asks the event that it waits for", async () => {
    const when = { kind: "compare", field: "event.prioritycode", op: "eq", value: 1 };
    await publish({ slug: "touched", updated: { columns: ["title"] }, condition: undefined });
    const steps = {
      rest: { kind: "wait-for", trigger: "touched", condition: when, within: "P2D", happened: "yes", elapsed: "no" },
      yes: { kind: "exit", reason: "the awaited one" },
      no: { kind: "exit", reason: "in vain" },
    };
    await open({ steps });
    const touched = (prioritycode: number) => {
      const both = { customerid: lookup("contact", ANNA_ID), prioritycode: option(prioritycode) };
      return { target: { title: `t${prioritycode}` }, pre: both, post: both };
    };
    await caseChanged(world, { prioritycode: option(1) });
    await world.pass(60_000);
    await caseChanged(world, {}, touched(2));
    expect((await runsOf(world, ANNA))[0]?.state.ended).toBeNull();
    await caseChanged(world, {}, touched(1));
    expect((await runsOf(world, ANNA))[0]?.state.ended?.name).toBe("the awaited one");
  });
});
