import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Client, Row } from "../../sandbox/client.ts";
import { publishDefinitions } from "../../sandbox/definitions.ts";
import { createTables } from "../../sandbox/tables.ts";
import { type Stack, startStack } from "../support/stack.ts";

interface Told {
  readonly kind: string;
  readonly subject: string;
  readonly answer: string;
  readonly mend: string;
  readonly chain: readonly { readonly step: string; readonly outcome: string; readonly text: string }[];
  readonly causes: readonly { readonly cause: string; readonly verdict: string; readonly text: string }[];
  readonly also: readonly { readonly answer: string }[];
  readonly choices: readonly { readonly about: string; readonly label: string }[];
  readonly sides: readonly { readonly title: string; readonly change: { readonly text: string } }[];
}

/** The sample company, which registers by itself: whoever asks why is told, in the words of Dynamics. */
describe("why, of the sample company", () => {
  let stack: Stack;
  let http: Client;
  let made = 0;
  beforeAll(async () => {
    stack = await startStack({ settings: { PARCOURS_REGISTER: "on", PARCOURS_RECONCILE: "off" } });
    http = stack.http;
    await createTables(http);
    await publishDefinitions(http);
    await http.api("POST", "/api/discount-pools/apology-10/codes", { codes: ["VELO-1"] });
  }, 120_000);
  afterAll(() => stack.stop());

  const why = (about: string, more = "&language=fr"): Promise<Told> =>
    http.api("GET", `/api/why?about=${encodeURIComponent(about)}${more}`);
  const person = async (firstname: string, lastname: string, more = {}) => {
    made += 1;
    const emailaddress1 = `${firstname.toLowerCase()}-${made}@example.com`;
    const id = await http.create("contacts", { firstname, lastname, emailaddress1, ...more });
    return { id, address: emailaddress1 };
  };
  const openCase = async (contact: string, title = "Le frein avant grince"): Promise<string> => {
    const incident = await http.create("incidents", {
      title,
      "customerid_contact@odata.bind": `/contacts(${contact})`,
    });
    await http.advance("PT2S");
    return incident;
  };
  const number = async (incident: string): Promise<string> =>
    String((await http.read(`incidents(${incident})?$select=ticketnumber`)).ticketnumber);

  it("no mail: the customer withdrew consent; found by the number of the case", async () => {
    const hugo = await person("Hugo", "Petit", { donotbulkemail: true });
    const incident = await openCase(hugo.id);
    await http.resolve(incident);
    await http.advance("PT0S");
    const told = await why(await number(incident));
    expect(told.subject).toBe(`incident:${incident}`);
    expect(told.answer).toMatch(
      /^Pas d’envoi de l’enquête «\u00a0Après l’incident\u00a0»\u00a0: Hugo Petit a retiré son consentement \(vu le/,
    );
    expect(told.chain.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual([
      ...["change yes", "trigger yes", "filter yes", "entry yes", "consent no", "send not-reached"],
      "delivery not-reached",
    ]);
    expect(told.chain[0]?.text).toMatch(/Statut\u00a0: Actif → Résolu/);
    expect((await why("Hugo Petit")).answer).toBe(told.answer);
  });

  it("a case that was cancelled: what was seen and what was needed, by label", async () => {
    const ines = await person("Inès", "Roux");
    const incident = await openCase(ines.id);
    await http.update("incidents", incident, { statecode: 2, statuscode: 6 });
    await http.advance("PT0S");
    const told = await why(`incident:${incident}`, "&journey=after-the-case&language=fr");
    expect(told.answer).toContain("Statut est Annulé\u00a0; il fallait Résolu.");
    // Without a journey, all that begin with the trigger are told.
    const all = await why(incident, "&language=en");
    const answers = [all.answer, ...all.also.map(({ answer }) => answer)];
    expect(answers).toContain("Inès Roux did not enter “Après l’incident”: Status is Cancelled; needed Resolved.");
  });

  it("a trigger that does not fire and no way to see why: the page's address in Dynamics is enough to see it", async () => {
    const noe = await person("Noé", "Lemaire");
    const incident = await openCase(noe.id);
    await http.advance("PT5S");
    await http.update("incidents", incident, { description: "Appelé deux fois" });
    await http.advance("PT0S");
    const { host } = new URL(http.at.dataverse);
    const told = await why(`https://${host}/main.aspx?pagetype=entityrecord&etn=incident&id=${incident}`);
    expect(told.answer).not.toBe("");
    const [first] = told.causes;
    expect(first).toMatchObject({ verdict: expect.stringMatching(/found|unknown/) });
    expect(told.causes.find(({ cause }) => cause === "not-in-save")?.text).toMatch(/Statut/);
    expect(told.causes.find(({ cause }) => cause === "another-environment")?.verdict).toBe("ruled-out");
  });

  it("a save that went round Dataverse's logic is found by exclusion", async () => {
    const lou = await person("Lou", "Faure");
    const incident = await openCase(lou.id);
    await http.update("incidents", incident, { statecode: 0, statuscode: 2 });
    await http.advance("PT5S");
    const bypass = { "content-type": "application/json", "MSCRM.BypassBusinessLogicExecution": "CustomAsync" };
    const body = JSON.stringify({ statecode: 1, statuscode: 5 });
    const saved = await fetch(`${http.at.dataverse}/incidents(${incident})`, {
      method: "PATCH",
      headers: bypass,
      body,
    });
    expect(saved.ok).toBe(true);
    await http.advance("PT0S");
    const told = await why(`incident:${incident}`);
    expect(told.causes[0]).toMatchObject({ cause: "bypassed", verdict: "found" });
    expect(told.causes.slice(1).map(({ verdict }) => verdict)).toEqual(Array(7).fill("ruled-out"));
  });

  it("a message that Dataverse gave up is found, with when", async () => {
    const eva = await person("Eva", "Simon");
    const incident = await openCase(eva.id);
    await http.advance("PT5S");
    const name = encodeURIComponent("name eq 'Parcours'");
    const { value } = await http.read(`serviceendpoints?$select=serviceendpointid,url&$filter=${name}`);
    const [{ serviceendpointid, url }] = value as [Row];
    await http.update("serviceendpoints", String(serviceendpointid), { url: "http://127.0.0.1:9/" });
    await http.resolve(incident);
    await http.advance("PT0S");
    await http.update("serviceendpoints", String(serviceendpointid), { url });
    const told = await why(`incident:${incident}`, "&language=en");
    expect(told.causes[0]).toMatchObject({ cause: "webhook-lost", verdict: "found" });
    expect(told.causes[0]?.text).toMatch(/^Dataverse gave it up on /);
  });

  it("an order that was the goal of a run says so", async () => {
    const ada = await person("Ada", "Leroy");
    await http.resolve(await openCase(ada.id));
    await http.advance("PT0S");
    const customer = { "customerid_contact@odata.bind": `/contacts(${ada.id})` };
    const order = await http.create("salesorders", { name: "Un vélo", ordernumber: "CMD-7001", ...customer });
    await http.advance("PT0S");
    const told = await why("CMD-7001");
    expect(told.subject).toBe(`salesorder:${order}`);
    expect(JSON.stringify(told)).toContain(
      "Cela a compté dans «\u00a0Après l’incident\u00a0» – Objectif atteint\u00a0: order placed.",
    );
  });

  it("twice, for two cases: both side by side, and who made the changes", async () => {
    const jeanne = await person("Jeanne", "Morel");
    for (const title of ["La selle", "La roue"]) await http.resolve(await openCase(jeanne.id, title));
    await http.advance("PT0S");
    const query = `about=${encodeURIComponent(jeanne.address)}&journey=after-the-case&language=fr`;
    const told = await http.api<Told>("GET", `/api/why/twice?${query}`);
    expect(told.answer).toMatch(
      /^Jeanne Morel\u00a0: deux entrées dans «\u00a0Après l’incident\u00a0», pour deux enregistrements\u00a0: .*La selle et .*La roue\.$/,
    );
    expect(told.sides).toHaveLength(2);
    for (const side of told.sides) expect(side.change.text).toMatch(/: mise à jour par /);
  });

  it("several of one name are a list; nobody is said to be nobody; what makes no sense is told", async () => {
    for (const firstname of ["Paul", "Paula"]) await person(firstname, "Garnier");
    const several = await why("Garnier");
    expect(several).toMatchObject({ kind: "choices", answer: expect.stringContaining("lequel") });
    expect(several.choices.map(({ label }) => label).sort()).toEqual(["Contact Paul Garnier", "Contact Paula Garnier"]);
    expect(await why("personne de ce nom")).toMatchObject({ kind: "nobody" });
    for (const query of ["", "?about=", "?about=x&journey=No%20Such"])
      expect((await fetch(`${http.at.app}/api/why${query}`)).status).toBe(400);
  });

  it("whoever looked is written down, under the row that was looked at and not under what was typed", async () => {
    const mia = await person("Mia", "Henry");
    await why(mia.address);
    const { entries } = await http.api<{ entries: { action: string; subject: string }[] }>("GET", "/api/audit");
    expect(entries).toContainEqual(expect.objectContaining({ action: "look-at", subject: `contact:${mia.id}` }));
    expect(JSON.stringify(entries)).not.toContain("@");
  });

  it("for a ticket, as text: ids, and no name and no address", async () => {
    const zoe = await person("Zoé", "Blanc");
    const incident = await openCase(zoe.id, "Le pédalier");
    await http.resolve(incident);
    await http.advance("PT0S");
    const response = await fetch(`${http.at.app}/api/why?about=incident:${incident}&format=text&language=fr`);
    expect(response.headers.get("content-type")).toContain("text/plain");
    const text = await response.text();
    expect(text).toContain(`Pourquoi\u00a0? Incident ${incident}`);
    expect(text).not.toMatch(/Zoé|Blanc|pédalier|CAS-|@/);
  });
});
