import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { commandRun } from "../../../../shared/use-cases/operate.ts";
import { receiveReport } from "../../../../shared/use-cases/receive-report.ts";
import { ANNA, event, ORDER } from "../../../support/company-in-process.ts";
import { CASE_ABOUT, STATUS, THANKS, WhyWorld } from "./why-world.ts";

const DAY_MS = 86_400_000;
const ANNA_ID = ANNA.slice("contact:".length);

describe("why", () => {
  let company: WhyWorld;
  beforeEach(async () => {
    company = await WhyWorld.open();
  });
  afterEach(() => company.close());

  it("a trigger that does not fire, and no way to see why: there is one", async () => {
    await company.save({ before: 0, after: 0 });
    const { answer, mend } = await company.answer();
    expect(answer).toBe(
      "Case CAS-01042 – The brake squeals changed, but “Status changed” did not fire: “Status” kept the value that was there before.",
    );
    expect(mend).toContain("gives “Status” another value");
    expect(await company.links()).toEqual([
      ...["change yes", "trigger no", "filter not-reached", "entry not-reached"],
      ...["consent not-reached", "send not-reached", "delivery not-reached"],
    ]);
  });

  it("somebody was not let in: what the filter saw and what it needed, by label, in the reader's language", async () => {
    await company.save({ before: 0, after: 2 });
    const { answer, mend, chain } = await company.answer();
    expect(answer).toBe("Anna Blum did not enter “Thank you”: Status is Cancelled; needed Resolved.");
    expect(mend).toBe("A change that comes with Status: Resolved.");
    expect(chain[2]).toMatchObject({
      ...{ step: "filter", outcome: "no" },
      values: [{ label: "Status", expected: "Resolved", seen: "Cancelled" }],
    });
    const french = await company.answer(CASE_ABOUT, { language: "fr" });
    expect(french.answer).toBe(
      "Pas d’entrée dans «\u00a0Thank you\u00a0» pour Anna Blum\u00a0: Statut est Annulé\u00a0; il fallait Résolu.",
    );
  });

  it("somebody got a mail: who changed what, who entered, when it was sent", async () => {
    await company.save({ before: 0, after: 1 });
    const { answer, chain, causes } = await company.answer();
    expect(answer).toMatch(
      /^Mail “thanks” was sent to Anna Blum on 1 March 2026 at .*; no word of its delivery yet\.$/,
    );
    expect(chain.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual([
      ...["change yes", "trigger yes", "filter yes", "entry yes", "consent yes", "send yes", "delivery unknown"],
    ]);
    expect(chain[0]?.text).toBe(
      "Case CAS-01042 – The brake squeals was changed by Léa Martin. Status: Active → Resolved",
    );
    expect(chain[3]?.text).toBe("Anna Blum entered “Thank you”. Found by “Customer”.");
    expect(chain.every(({ at, outcome }) => (at === null) === (outcome === "unknown"))).toBe(true);
    expect(causes).toEqual([]);
  });

  it.each([
    ["Delivered", /^Mail “thanks” was delivered to Anna Blum/, "yes"],
    ["Bounced", /and did not arrive: the recipient’s server sent it back/, "no"],
    ["FilteredSpam", /and did not arrive: the recipient’s server took it for spam/, "no"],
  ] as const)("a mail was %s: the provider's word ends the chain", async (status, answer, outcome) => {
    await company.save({ before: 0, after: 1 });
    const [operation = ""] = company.world.mailer.accepted.keys();
    const at = new Date(company.world.clock.now()).toISOString();
    await receiveReport({ kind: "delivery", operation, status, at, link: null } as never, company.deps);
    const told = await company.answer();
    expect(told.answer).toMatch(answer);
    expect(told.chain.at(-1)).toMatchObject({ step: "delivery", outcome });
  });

  it.each([
    [{ donotbulkemail: true }, "No mail “thanks”: Anna Blum withdrew consent", "Consent, given again"],
    [{ emailaddress1: null }, "No mail “thanks”: Anna Blum has no e-mail address", "An e-mail address"],
    [{ statecode: 1 }, "No mail “thanks”: the row of Anna Blum is inactive", "activated"],
  ])("no mail went out to whom it must not: %j", async (columns, answer, mend) => {
    const before = company.world.dataverse.rows.get(ANNA);
    company.world.dataverse.put("contact", ANNA_ID, { ...before, ...columns });
    await company.save({ before: 0, after: 1 });
    const told = await company.answer();
    expect(told.answer.startsWith(answer)).toBe(true);
    expect(told.mend).toContain(mend);
    expect(told.chain.slice(4).map(({ outcome }) => outcome)).toEqual(["no", "not-reached", "not-reached"]);
  });

  it("a mail that is held back is said to be, and never to have failed", async () => {
    company.world.mailer.fault = () => "throttled";
    await company.save({ before: 0, after: 1 });
    const { answer, chain, mend } = await company.answer();
    expect(answer).toBe("Mail “thanks” is on hold: the mail provider’s limit is reached.");
    expect(mend).toBe("Nothing need be done: it goes on by itself.");
    expect(chain.map(({ outcome }) => outcome)).not.toContain("no");
  });

  it("a mail that was held back when an operator stopped the run never went out", async () => {
    company.world.mailer.fault = () => "throttled";
    await company.save({ before: 0, after: 1 });
    const { run } = (await company.deps.decisions.about(ANNA, company.world.clock.now(), 1)).find(
      (one) => one.kind === "entry",
    ) as { readonly run: string };
    await commandRun(run, { kind: "stop" }, company.world.runner, company.deps);
    await company.world.quiet();
    expect((await company.answer()).answer).toBe(
      "No mail: Anna Blum entered “Thank you”, and an operator stopped the run before.",
    );
  });

  it("the provider refused the mail", async () => {
    company.world.mailer.fault = () => "refused";
    await company.save({ before: 0, after: 1 });
    expect((await company.answer()).answer).toBe("Mail “thanks” to Anna Blum failed: the address does not exist.");
  });

  it("who entered before enters no second time, and the mail of the first time is still told", async () => {
    await company.save({ before: 0, after: 1 });
    await company.save({ before: 1, after: 0 });
    await company.save({ before: 0, after: 1 });
    const { answer, also, changes } = await company.answer();
    expect(answer).toBe("Anna Blum did not enter “Thank you”: who entered before enters no second time.");
    expect(also.map((one) => one.answer).join()).toContain("Mail “thanks” was sent to Anna Blum");
    expect(changes).toHaveLength(3);
  });

  it("what happened too long ago lets nobody in", async () => {
    await company.save({ before: 0, after: 1, at: company.world.clock.now() - 31 * DAY_MS });
    expect((await company.answer()).answer).toBe(
      "Anna Blum did not enter “Thank you”: what happened so long ago lets nobody in.",
    );
  });

  it("a change that Parcours made itself lets nobody in", async () => {
    await company.save({ before: 0, after: 1, tag: "parcours:1" });
    expect((await company.answer()).answer).toContain("Parcours made this change itself");
  });

  it("a row that leads to nobody", async () => {
    company.world.dataverse.rows.delete(ANNA);
    await company.save({ before: 0, after: 1 });
    expect((await company.answer()).answer).toBe(
      "Case CAS-01042 – The brake squeals leads to nobody: the contact no longer exists.",
    );
  });

  it("a trigger fired that no journey begins with", async () => {
    await company.world.publish("triggers", { ...STATUS, slug: "lonely", name: "Lonely" });
    await company.save({ before: 0, after: 2 });
    expect((await company.answer(CASE_ABOUT, { trigger: "lonely" })).answer).toBe(
      "“Lonely” fired, but no published journey begins with it.",
    );
  });

  it("a trigger fired that ends a run which was under way", async () => {
    const closed = { ...STATUS, slug: "closed", name: "Closed" };
    const condition = { kind: "compare", field: "event.statecode", op: "eq", value: 2 };
    await company.world.publish("triggers", { ...closed, condition });
    const exits = [{ name: "case cancelled", trigger: "closed" }];
    const rest = { kind: "wait", duration: "P14D", next: null };
    const patient = { ...THANKS, slug: "patient", name: "Patient", exits, start: "rest", steps: { rest } };
    await company.world.publish("journeys", patient);
    await company.save({ before: 0, after: 1 });
    await company.save({ before: 1, after: 2 });
    const told = await company.answer(CASE_ABOUT, { trigger: "closed" });
    expect(told.answer).toBe("“Closed” fired. In “Patient” it counted – Left by an exit: case cancelled.");
    expect(told.chain[3]).toMatchObject({ step: "entry", outcome: "not-reached" });
    const [, last] = told.changes;
    expect(last?.triggers.flatMap(({ journeys }) => journeys)).toContain(
      "In “Patient” it counted – Left by an exit: case cancelled.",
    );
  });

  it("of what the filter reads later, the time of the reading is told", async () => {
    const filter = { kind: "compare", field: "record.statecode", op: "eq", value: 1 };
    const later = { ...THANKS, slug: "later", name: "Later", entry: { trigger: "status-changed", filter } };
    await company.world.publish("journeys", later);
    await company.save({ before: 0, after: 2 });
    const { answer, chain } = await company.answer(CASE_ABOUT, { journey: "later" });
    expect(answer).toMatch(/Status is Cancelled; needed Resolved\. Read on 1 March 2026/);
    expect(chain[2]?.values[0]?.readAt).toMatch(/^2026-03-01T/);
  });

  it("a condition that only rows can tell: what they said, and when they were read", async () => {
    const condition = { kind: "compare", field: "audience.donotbulkemail", op: "eq", value: true };
    await company.world.publish("triggers", { ...STATUS, slug: "quiet", name: "Quiet people", condition });
    await company.save({ before: 0, after: 2 });
    const { answer, chain } = await company.answer(CASE_ABOUT, { trigger: "quiet" });
    expect(answer).toMatch(
      /“Quiet people” did not fire: donotbulkemail of the person is empty; needed Yes\. Read on 1 March/,
    );
    expect(chain[1]).toMatchObject({ outcome: "no", values: [{ readAt: expect.stringMatching(/^2026-03-01T/) }] });
  });

  it("a change that came without its values, of which nobody can tell what it fires", async () => {
    await company.save({ oversize: true });
    const { answer, mend } = await company.answer();
    expect(answer).toMatch(
      /nobody can tell whether it should: the change came without its values, and this is not known: Status before/,
    );
    expect(mend).toContain("An operator decides it");
  });

  it("a change whose message was lost and that was found later says both", async () => {
    await company.save({ before: 0, after: 2 });
    const [decision] = (await company.deps.decisions.about(CASE_ABOUT, company.world.clock.now(), 1)).filter(
      (one) => one.kind === "change",
    );
    if (decision?.kind !== "change") throw new Error("no decision");
    const received = new Date(company.world.clock.now()).toISOString();
    await company.deps.decisions.write(CASE_ABOUT, { ...decision, via: "failed-job", received });
    expect((await company.answer()).chain[0]?.text).toMatch(
      /Dataverse’s message was lost; Parcours found the change on 1 March/,
    );
  });

  it("is answered out of the one partition of the record's decisions", async () => {
    await company.save({ before: 0, after: 1 });
    const read = new Set<string>();
    const list = company.world.rows.list.bind(company.world.rows);
    company.world.rows.list = (table, partition, range) => {
      if (/^(Decisions|Changes)/.test(table)) read.add(partition);
      return list(table, partition, range);
    };
    await company.answer();
    expect([...read]).toEqual([CASE_ABOUT]);
  });

  it("a trigger that was being published at that very moment is said to have been, and not to have fired", async () => {
    await company.save({ before: 0, after: 1 });
    for (const one of await company.deps.decisions.about(CASE_ABOUT, company.world.clock.now(), 1))
      if (one.kind === "change") await company.deps.decisions.write(CASE_ABOUT, { ...one, fired: [] });
    const { changes } = await company.answer();
    expect(changes[0]?.triggers[0]?.text).toContain("it was published in the very moment of the change");
  });

  it("an event of another system, and what a person did with a mail, begin a chain as a change does", async () => {
    const shipped = { kind: "custom", slug: "order-shipped", name: "Order shipped" };
    await company.world.publish("triggers", shipped);
    for (const trigger of ["order-shipped", "mail-clicked"])
      await company.world.publish("journeys", { ...THANKS, slug: trigger, name: trigger, entry: { trigger } });
    const custom = { record: null, change: null, message: null };
    await company.world.bring(event(company.world, "order-shipped", custom));
    await company.world.bring(event(company.world, "mail-clicked", { ...custom, id: "click" }));
    await company.world.quiet();
    const told = await company.answer(ANNA, { journey: "order-shipped" });
    expect(told.answer).toMatch(/^Mail “thanks” was sent to Anna Blum/);
    expect(told.chain[0]?.text).toBe("“Order shipped” came.");
    expect((await company.answer(ANNA, { journey: "mail-clicked" })).chain[0]?.text).toBe("Link in a mail clicked.");
  });

  it("a mail that another journey's filter passed over does not stand before the mail itself", async () => {
    const filter = { kind: "compare", field: "event.mail", op: "eq", value: "offer" };
    const entry = { trigger: "mail-clicked", filter };
    await company.world.publish("journeys", { ...THANKS, slug: "clicked", name: "Clicked", entry });
    await company.save({ before: 0, after: 1 });
    company.pass(60_000);
    const clicked = { id: "click", change: null, message: null, at: new Date(company.world.clock.now()).toISOString() };
    await company.world.bring(event(company.world, "mail-clicked", clicked));
    const told = await company.answer(ANNA);
    expect(told.answer).toMatch(/^Mail “thanks” was sent to Anna Blum/);
    expect(told.also[0]?.answer).toMatch(/^Anna Blum did not enter “Clicked”: /);
  });

  it("an event of another system that no journey uses came all the same, and that is said", async () => {
    await company.world.publish("triggers", { kind: "custom", slug: "order-shipped", name: "Order shipped" });
    await company.save({ before: 0, after: 1 });
    const asked = { trigger: "order-shipped" };
    expect((await company.answer(ANNA, asked)).answer).toBe(
      "Nothing that came of Contact Anna Blum fired “Order shipped”.",
    );
    const read = company.deps.decisions.newest.bind(company.deps.decisions);
    company.deps.decisions.newest = async (...args) => ({ ...(await read(...args)), more: true });
    expect((await company.answer(ANNA, asked)).answer).toMatch(/More came than was looked through/);
    const custom = { record: null, change: null, message: null };
    await company.world.bring(event(company.world, "order-shipped", custom));
    const told = await company.answer(ANNA, asked);
    expect(told.answer).toBe("“Order shipped” fired, but no published journey begins with it.");
    expect(told.chain[0]?.text).toBe("“Order shipped” came.");
  });

  it("saves of one second are told in the order in which they were made", async () => {
    await company.save({ before: 1, after: 0 });
    const at = company.world.clock.now() + 60_000;
    await company.tell({ before: 2, after: 0, at });
    await company.tell({ before: 0, after: 1, at });
    await company.tell({ before: 1, after: 2, at });
    await company.reports.workAll();
    const { changes } = await company.answer();
    expect(changes.map(({ moved }) => moved.map(({ before, after }) => `${before} → ${after}`))).toEqual([
      ["Resolved → Active"],
      ["Active → Resolved"],
      ["Resolved → Cancelled"],
      ["Cancelled → Active"],
    ]);
  });

  it("an event of another system about a record, and of nobody who is known", async () => {
    const shipped = { kind: "custom", slug: "order-shipped", name: "Order shipped", table: "salesorder" };
    await company.world.publish("triggers", shipped);
    const candidates = [{ way: "email", table: "contact", find: { column: "emailaddress1", value: "x@example.com" } }];
    const about = { record: ORDER, change: null, message: null, candidates } as const;
    await company.world.bring(event(company.world, "order-shipped", about as never));
    const told = await company.answer(`salesorder:${ORDER.id}`);
    expect(told.answer).toMatch(
      /“Order shipped” came, and nobody is known who it could be about \(no active person has this value\)/,
    );
  });

  it("reads rows that were written before reasons had codes and entries named their change", async () => {
    await company.save({ before: 0, after: 2 });
    const about = await company.deps.decisions.about(CASE_ABOUT, company.world.clock.now(), 1);
    for (const one of about) {
      if (one.kind !== "entry") continue;
      const { kind, at, event, journey, member, outcome, reason, run } = one;
      await company.deps.decisions.write(CASE_ABOUT, { kind, at, event, journey, member, outcome, reason, run });
    }
    expect(await company.answer()).toMatchObject({
      answer: "Anna Blum did not enter “Thank you”: the entry filter does not hold.",
      chain: [{ outcome: "yes" }, { outcome: "yes" }, { outcome: "no" }, {}, {}, {}, {}],
    });
  });

  it("a person is told what her own cases led to, each with its change", async () => {
    await company.save({ before: 0, after: 1 });
    const told = await company.answer(ANNA);
    expect(told.about).toBe("Contact Anna Blum");
    expect(told.answer).toMatch(/^Mail “thanks” was sent to Anna Blum/);
    expect(told.chain[0]?.text).toBe(
      "Case CAS-01042 – The brake squeals was changed by Léa Martin. Status: Active → Resolved",
    );
  });

  it("of whom nothing came, that is said, and where else to look", async () => {
    const told = await company.answer(ANNA);
    expect(told).toMatchObject({
      answer: "Nothing about Contact Anna Blum came in the last 30 days.",
      chain: [],
    });
    expect(told.mend).toContain("Ask about the record itself");
  });
});
