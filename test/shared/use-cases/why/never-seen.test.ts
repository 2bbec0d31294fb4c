import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { ParcoursError } from "../../../../shared/errors.ts";
import { hash } from "../../../../shared/stores/hash.ts";
import { stateOf } from "../../domain/registration/simulated.ts";
import { CASE } from "../../wire/payload.ts";
import { CASE_ABOUT, WhyWorld } from "./why-world.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

describe("a change that was never seen", () => {
  let company: WhyWorld;
  beforeEach(async () => {
    company = await WhyWorld.open();
    company.pass(MINUTE_MS);
  });
  afterEach(() => company.close());

  const causes = async (about = CASE_ABOUT): Promise<Record<string, string>> =>
    Object.fromEntries((await company.answer(about)).causes.map(({ cause, verdict }) => [cause, verdict]));
  const change = (values: Record<string, number>, since?: string): void => {
    const steps = company.registrar.state.found.steps.map((step) => ({
      ...step,
      ...(step.table === "incident" ? { ...values, enabled: false, changed: { by: "Noah", at: since ?? null } } : {}),
    }));
    company.registrar.state = stateOf({ ...company.registrar.state.found, steps });
  };

  it("is answered with every cause, each found, ruled out or not to be told: never with nothing", async () => {
    company.row({ statecode: 1 });
    const { answer, causes, chain } = await company.answer();
    expect(answer).toMatch(/^We never saw a change of Case CAS-01042/);
    expect(chain).toEqual([]);
    expect(causes.map(({ cause }) => cause).sort()).toEqual([
      ...["another-environment", "before-trigger", "bypassed", "not-in-save"],
      ...["older-than-kept", "registration-off", "stuck", "webhook-lost"],
    ]);
    for (const { text, label } of causes) expect([text, label]).not.toContain("");
  });

  it("the save did not include the column: what triggers listen to is as it was when the last change came", async () => {
    await company.save({ before: 0, after: 2 });
    company.row({ statecode: 2 }, company.world.clock.now() + 5 * MINUTE_MS);
    const { causes: told } = await company.answer();
    expect(told[0]).toMatchObject({ cause: "not-in-save", verdict: "found" });
    expect(told[0]?.text).toMatch(/^“Status” are as they were when the last change came/);
  });

  it("a row that was only created, where no trigger listens to creations", async () => {
    company.row({ statecode: 0 }, company.world.clock.now() - 2 * MINUTE_MS);
    expect((await causes())["not-in-save"]).toBe("unknown");
    const moment = new Date(company.world.clock.now()).toISOString();
    company.row({ statecode: 0, createdon: moment, modifiedon: moment });
    const { causes: told, answer } = await company.answer();
    expect(told[0]).toMatchObject({ cause: "not-in-save", verdict: "found" });
    expect(answer).toContain("no trigger of this table listens to creations");
  });

  it("went round Dataverse's logic: the value moved, and nothing else explains it", async () => {
    await company.save({ before: 0, after: 2 });
    company.row({ statecode: 1 }, company.world.clock.now() + 5 * MINUTE_MS);
    const { causes: told } = await company.answer();
    expect(told[0]).toMatchObject({ cause: "bypassed", verdict: "found" });
    expect(told.slice(1).every(({ verdict }) => verdict === "ruled-out")).toBe(true);
  });

  it("the registration is switched off: since when, and by whom", async () => {
    change({}, new Date(company.world.clock.now() - MINUTE_MS).toISOString());
    company.row({ statecode: 1 });
    const { answer, mend } = await company.answer();
    expect(answer).toMatch(/Now: the registered step is switched off, since 1 March 2026 at .*, by Noah\.$/);
    expect(mend).toContain("Switch it on again");
    expect((await causes())["registration-off"]).toBe("found");
  });

  it("the registration was switched off only after the save", async () => {
    company.row({ statecode: 1 });
    change({}, new Date(company.world.clock.now() + 5 * MINUTE_MS).toISOString());
    expect((await causes())["registration-off"]).toBe("ruled-out");
  });

  it("the registration was off at the time, as a comparison found then", async () => {
    const saved = company.world.clock.now();
    const off = {
      at: "Update of incident",
      difference: "is switched off: no change of it arrives",
      by: null,
      since: null,
    };
    await company.deps.registration.store.see({ at: saved - MINUTE_MS, differences: [off], mended: false });
    await company.deps.registration.store.see({ at: saved + MINUTE_MS, differences: [], mended: false });
    company.row({ statecode: 1 }, saved);
    const { causes: told } = await company.answer();
    expect(told[0]).toMatchObject({ cause: "registration-off", verdict: "found" });
    expect(told[0]?.text).toMatch(/^It was not as it should be from/);
  });

  it("Dataverse's message was lost, or has not been sent yet", async () => {
    const step = company.registrar.state.found.steps.find(({ table }) => table === "incident")?.id ?? "";
    const at = new Date(company.world.clock.now()).toISOString();
    const job = { id: "j", step: step.toLowerCase(), record: CASE, at, completedAt: at, by: null, depth: 1 };
    company.row({ statecode: 1 });
    company.world.missed.underWay.add(CASE);
    expect((await company.answer()).answer).toContain("Dataverse has not sent it yet");
    company.world.missed.jobs.push(job);
    expect((await company.answer()).answer).toMatch(/Dataverse gave it up on 1 March 2026.*: timed out\.$/);
  });

  it("was made before the trigger was published, or while it was stopped", async () => {
    const published = company.world.clock.now();
    company.row({ statecode: 1 }, published - 7 * DAY_MS);
    const { causes: told } = await company.answer();
    expect(told[0]).toMatchObject({ cause: "before-trigger", verdict: "found" });
    await company.stop("status-changed");
    company.pass(MINUTE_MS);
    company.row({ statecode: 1 });
    expect((await causes())["before-trigger"]).toBe("found");
  });

  it("is older than what is kept", async () => {
    company.pass(40 * DAY_MS);
    company.row({ statecode: 1 }, company.world.clock.now() - 35 * DAY_MS);
    const { causes: told, answer } = await company.answer();
    expect(told[0]).toMatchObject({ cause: "older-than-kept", verdict: "found" });
    expect(answer).toContain("what came is kept for 30 days");
  });

  it("was made in another environment: its address says so, or a copy of it told Parcours", async () => {
    company.row({ statecode: 1 });
    const page = `https://copy.crm4.dynamics.com/main.aspx?appid=1&pagetype=entityrecord&etn=incident&id=%7B${CASE}%7D`;
    const { answer, mend } = await company.answer(page);
    expect(answer).toContain("The address is of copy.crm4.dynamics.com; this Parcours is connected to contoso.crm4");
    expect(mend).toBe("Ask in the Parcours of that environment.");
    expect(await causes(page.replace("copy", "contoso"))).toMatchObject({ "another-environment": "ruled-out" });
    const copied = "99999999-aaaa-4aaa-8aaa-000000000009";
    expect(await company.tell({ before: 0, after: 1, organization: copied })).toBe("foreign");
    expect(await causes()).toMatchObject({ "another-environment": "found", stuck: "ruled-out" });
  });

  it("is of a row that the organisation does not have", async () => {
    company.world.dataverse.rows.delete(CASE_ABOUT);
    expect(await causes()).toMatchObject({ "another-environment": "found", "before-trigger": "unknown" });
  });

  it("came, and its message was set aside or waits", async () => {
    company.row({ statecode: 1 });
    const item = { source: "decisions", kind: "permanent", reason: "not a change report", journey: null } as const;
    const body = JSON.stringify({ about: CASE_ABOUT });
    await company.deps.parked.put({ ...item, id: hash(body), at: company.world.clock.now(), body });
    const { answer } = await company.answer();
    expect(answer).toMatch(
      /It could not be worked on, and was set aside on 1 March 2026 at .*: not a change report\.$/,
    );
  });

  it("came, and its message lies in the bus's dead letters, as far as the bus can be asked", async () => {
    company.row({ statecode: 1 });
    const at = new Date(company.world.clock.now()).toISOString();
    const letter = { sequence: "1", messageId: "m", at, deliveryCount: 20, reason: null, description: null };
    company.world.deadLetters.letters.set("decisions", [{ ...letter, body: { about: CASE_ABOUT } }]);
    expect((await company.answer()).answer).toContain("It lies in the bus’s dead letters.");
    company.world.deadLetters.peek = async () => {
      throw new ParcoursError("BUS_UNAVAILABLE", "down");
    };
    expect(await causes()).toMatchObject({ stuck: "unknown" });
  });

  it("came, and waits until the bus takes it", async () => {
    company.world.bus.down = true;
    expect(await company.tell({ before: 0, after: 1 })).toBe("spilled");
    expect((await company.answer()).answer).toContain("It waits until the bus takes messages again.");
  });

  it("can't be told from what Dataverse refuses to say, and says so", async () => {
    company.row({ statecode: 1 });
    company.registrar.find = async () => {
      throw new ParcoursError("DATAVERSE_UNAVAILABLE", "down");
    };
    expect(await causes()).toMatchObject({ "registration-off": "unknown", "webhook-lost": "unknown" });
  });

  it("of a table that no trigger is about", async () => {
    const { answer, causes: told } = await company.answer("quote:5c0e1f1a-0000-4000-8000-00000000f001");
    expect(answer).toContain("No trigger of this table is published: nobody listens to it.");
    // Tables that no trigger and no person is in are not read.
    expect(told.find(({ cause }) => cause === "another-environment")).toMatchObject({ verdict: "unknown" });
  });
});

describe("a change that came, and what it led to", () => {
  let company: WhyWorld;
  beforeEach(async () => {
    company = await WhyWorld.open();
  });
  afterEach(() => company.close());

  it("is not decided yet while its event is under way, spilled or set aside", async () => {
    company.world.bus.subscribe(() => {});
    await company.save({ before: 0, after: 1 });
    const { answer, chain } = await company.answer();
    expect(answer).toBe("Whether somebody enters “Thank you” is not decided yet: its message is under way.");
    expect(chain[3]).toMatchObject({ step: "entry", outcome: "not-reached" });
    const event = company.world.bus.messages.find(({ subject }) => subject === "event")?.body;
    const item = { source: "trigger-events", kind: "transient", reason: "the store is down", journey: null } as const;
    const body = JSON.stringify(event);
    await company.deps.parked.put({ ...item, id: hash(body), at: company.world.clock.now(), body });
    expect((await company.answer()).answer).toMatch(/is not decided yet: its message was set aside on 1 March 2026/);
  });
});
