import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Stack, startStack } from "../support/stack.ts";
import { Company } from "./company.ts";
import { mainStory } from "./main-story.ts";

const JOURNEY = "after-the-case";

describe("after the case", () => {
  let stack: Stack;
  let company: Company;
  beforeAll(async () => {
    stack = await startStack();
    company = await Company.open(stack.http);
  });
  afterAll(() => stack.stop());

  mainStory(() => company);

  const merge = async (Target: string, Subordinate: string): Promise<void> => {
    const contact = (contactid: string) => ({ "@odata.type": "Microsoft.Dynamics.CRM.contact", contactid });
    const rows = { Target: contact(Target), Subordinate: contact(Subordinate) };
    await company.http.post("Merge", { ...rows, PerformParentingChecks: false });
    await company.quiet();
  };

  it("a case that an agent closes by an update of its status counts as one that was resolved by the action", async () => {
    const noa = await company.person("Noa", { ab_langue: "fr" });
    const incident = await company.openCase(noa.id);
    await company.http.update("incidents", incident, { statecode: 1, statuscode: 5 });
    expect(await company.mailsTo(noa.address)).toHaveLength(1);
  });

  it("a satisfied customer gets thanks, in English where that is the customer's language", async () => {
    const oliver = await company.person("Oliver", { ab_langue: "en" });
    const incident = await company.openCase(oliver.id);
    await company.http.resolve(incident);
    const [survey] = await company.mailsTo(oliver.address);
    expect(survey?.text).toContain("is now Resolved");
    await company.answer(survey, { satisfaction: "5" });
    const subjects = (await company.mailsTo(oliver.address)).map((mail) => mail.subject);
    expect(subjects).toContain("Thank you for your opinion");
    const [run] = await company.runs(JOURNEY, "completed", incident);
    expect(company.trace(run)).toContain("judge chose otherwise");
  });

  it("the branch sees what an agent wrote to the case, as it sees the survey's answer", async () => {
    const lea = await company.person("Léa", { ab_langue: "fr" });
    const incident = await company.openCase(lea.id);
    await company.http.resolve(incident);
    const [survey] = await company.mailsTo(lea.address);
    await company.answer(survey, { satisfaction: "2" });
    const [run] = await company.runs(JOURNEY, "live", incident);
    expect(company.trace(run)).toContain("judge chose dissatisfied");
  });

  it("a case that is reopened takes its customer out of the journey", async () => {
    const zoe = await company.person("Zoé");
    const incident = await company.openCase(zoe.id);
    await company.http.resolve(incident);
    const [survey] = await company.mailsTo(zoe.address);
    await company.http.update("incidents", incident, { statecode: 0, statuscode: 1 });
    const [run] = await company.runs(JOURNEY, "exit", incident);
    expect(run?.row.state.ended).toMatchObject({ as: "exit", name: "case reopened" });
    // Who answers all the same is thanked on the page, and gets no mail of a journey that ended.
    expect((await company.answer(survey, { satisfaction: "1" })).status).toBe(200);
    expect(await company.mailsTo(zoe.address)).toHaveLength(1);
  });

  it("two cases of one customer are two runs, and each answer goes to its own", async () => {
    const jeanne = await company.person("Jeanne");
    const first = await company.openCase(jeanne.id, { title: "La selle" });
    const second = await company.openCase(jeanne.id, { title: "La roue" });
    await Promise.all([company.http.resolve(first), company.http.resolve(second)]);
    const mails = await company.mailsTo(jeanne.address);
    expect(mails).toHaveLength(2);
    await company.answer(
      mails.find((mail) => mail.text.includes("La roue")),
      { satisfaction: "1" },
    );
    const [wheel] = await company.runs(JOURNEY, "live", second);
    const [saddle] = await company.runs(JOURNEY, "live", first);
    expect(wheel?.row.state.at?.step).toBe("time-to-order");
    expect(saddle?.row.state.at?.step).toBe("ask");
    await company.http.update("incidents", first, { statecode: 0, statuscode: 1 });
    expect(await company.runs(JOURNEY, "exit", first)).toHaveLength(1);
    expect(await company.runs(JOURNEY, "live", second)).toHaveLength(1);
  });

  it("a case that is handed to another contact still ends the run of the one before", async () => {
    const [before, after] = [await company.person("Avant"), await company.person("Apres")];
    const incident = await company.openCase(before.id);
    await company.http.resolve(incident);
    await company.quiet();
    await company.http.update("incidents", incident, { "customerid_contact@odata.bind": `/contacts(${after.id})` });
    await company.http.update("incidents", incident, { statecode: 0, statuscode: 1 });
    const [run] = await company.runs(JOURNEY, "exit", incident);
    expect(run?.row.state.member).toBe(`contact:${before.id}`);
  });

  it("who does not answer within the limit goes on without an answer", async () => {
    const paul = await company.person("Paul");
    const incident = await company.openCase(paul.id);
    await company.http.resolve(incident);
    await company.quiet();
    await company.http.advance("P6D");
    expect(await company.runs(JOURNEY, "live", incident)).toHaveLength(1);
    await company.http.advance("P2D");
    const [run] = await company.runs(JOURNEY, "completed", incident);
    expect(company.trace(run)).toContain("ask elapsed");
    expect(await company.mailsTo(paul.address)).toHaveLength(1);
  });

  it("a case that is cancelled lets nobody in, and the reason is kept", async () => {
    const noe = await company.person("Noé");
    const incident = await company.openCase(noe.id);
    await company.http.update("incidents", incident, { statecode: 2, statuscode: 6 });
    expect(await company.mailsTo(noe.address)).toHaveLength(0);
    const decisions = await company.http.api<unknown[]>("GET", `/api/decisions?about=incident:${incident}`);
    expect(decisions).toContainEqual(
      expect.objectContaining({ kind: "entry", reason: "the entry filter does not hold" }),
    );
    expect(decisions).toContainEqual(
      expect.objectContaining({ kind: "change", fired: ["support-case-status-updated"] }),
    );
  });

  it("who withdrew consent, or has no address, gets no mail, and the journey goes on", async () => {
    const hugo = await company.person("Hugo", { donotbulkemail: true });
    const ines = await company.person("Inès", { emailaddress1: null });
    const cases = [await company.openCase(hugo.id), await company.openCase(ines.id)];
    for (const incident of cases) await company.http.resolve(incident);
    const traces = await Promise.all(cases.map((it) => company.runs(JOURNEY, "completed", it)));
    expect(traces.map(([run]) => company.trace(run)[2])).toEqual([
      "ask suppressed no-consent",
      "ask suppressed no-address",
    ]);
    expect(await company.mailsTo(hugo.address)).toHaveLength(0);
  });

  it("an account's case reaches its primary contact, where the case names none", async () => {
    const person = await company.person("Sarl");
    const primary = { "primarycontactid@odata.bind": `/contacts(${person.id})` };
    const account = await company.http.create("accounts", { name: "SARL Vélo+", ...primary });
    const incident = await company.http.create("incidents", {
      title: "Facture",
      "customerid_account@odata.bind": `/accounts(${account})`,
    });
    await company.http.resolve(incident);
    expect(await company.mailsTo(person.address)).toHaveLength(1);
  });

  it("a contact that is merged takes its entries along: the same case does not let it in twice", async () => {
    const master = await company.person("Malik");
    const loser = await company.person("Malek");
    const incident = await company.openCase(loser.id);
    await company.http.resolve(incident);
    const [survey] = await company.mailsTo(loser.address);
    await merge(master.id, loser.id);
    await company.answer(survey, { satisfaction: "5" });
    // The run of the one that is gone goes on, and its mail reaches the one that stayed.
    expect((await company.mailsTo(master.address)).map((mail) => mail.subject)).toEqual(["Merci de votre avis"]);
    await company.http.update("incidents", incident, { statecode: 0, statuscode: 1 });
    await company.http.resolve(incident);
    await company.quiet();
    expect(await company.mailsTo(master.address)).toHaveLength(1);
  });

  it("what the survivor of a merge does ends the run of the one that is gone", async () => {
    const master = await company.person("Maud");
    const loser = await company.person("Maude");
    const incident = await company.openCase(loser.id);
    await company.http.resolve(incident);
    await company.quiet();
    await merge(master.id, loser.id);
    await company.order(master.id);
    const [run] = await company.runs(JOURNEY, "goal", incident);
    expect(run?.row.state.member).toBe(`contact:${loser.id}`);
  });
});
