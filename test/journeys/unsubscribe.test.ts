import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Mail, surveyLink } from "../../sandbox/client.ts";
import { register } from "../../sandbox/register.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { Company } from "./company.ts";

const GREETED = { kind: "custom", slug: "greeted", name: "Greeted" };
const variants = {
  en: { subject: "Hello", html: "<html><body><p>Hello</p></body></html>" },
  fr: { subject: "Bonjour", html: "<p>Bonjour</p>" },
};
const OWN = { en: { subject: "Own", html: '<p><a href="{{ unsubscribe.link }}">Enough!</a></p>' } };

function journey(slug: string, mail: string) {
  const entry = { trigger: "greeted", reentry: { kind: "always" } };
  return { slug, name: slug, entry, start: "send", steps: { send: { kind: "email", mail, next: null } } };
}

describe("unsubscribing", () => {
  let stack: Stack;
  let company: Company;
  beforeAll(async () => {
    stack = await startStack();
    company = await Company.open(stack.http, 1);
    await company.publish("triggers", GREETED);
    const mail = { name: "Mail", fallback: "en" };
    await company.publish("mails", { ...mail, slug: "news", variants } as never);
    await company.publish("mails", { ...mail, slug: "own", variants: OWN } as never);
    await company.publish("mails", { ...mail, slug: "receipt", purpose: "transactional", variants } as never);
    for (const slug of ["news", "own", "receipt"]) await company.publish("journeys", journey(slug, slug) as never);
  }, 120_000);
  afterAll(() => stack.stop());

  let sent = 0;
  const greet = async ({ id, address }: { id: string; address: string }): Promise<readonly Mail[]> => {
    sent += 1;
    const event = { idempotencyKey: `greeting-${sent}`, person: { contact: id }, attributes: {} };
    const headers = { "x-parcours-key": `ingestion-${stack.http.at.webhookKey}` };
    const before = (await company.mailsTo(address)).length;
    await stack.http.api("POST", "/api/events/greeted", event, headers);
    const mails = await company.mailsTo(address);
    const fresh = mails.length - before;
    return [...mails].sort((one, other) => other.sentAt.localeCompare(one.sentAt)).slice(0, fresh);
  };
  const linkOf = (mail: Mail | undefined) => /<(.*)>/.exec(mail?.headers["List-Unsubscribe"] ?? "")?.[1] ?? "";
  const purposeOf = (mail: Mail) => (mail.headers["List-Unsubscribe"] === undefined ? "transactional" : "commercial");
  const counted = (mails: readonly Mail[]) => mails.map(purposeOf).sort();
  const oneClick = (link: string) =>
    fetch(link, { method: "POST", body: new URLSearchParams({ "List-Unsubscribe": "One-Click" }) });

  it("stands in each commercial mail: as a link, and as headers for mail programs; in no transactional one", async () => {
    const mails = await greet(await company.person("Link"));
    expect(counted(mails)).toEqual(["commercial", "commercial", "transactional"]);
    for (const mail of mails.filter((one) => purposeOf(one) === "commercial")) {
      const link = linkOf(mail);
      expect(mail.headers["List-Unsubscribe-Post"]).toBe("List-Unsubscribe=One-Click");
      expect(link).toMatch(new RegExp(`^${stack.http.at.app}/unsubscribe/`));
      // Once: where the author put it, or at the end.
      expect(mail.html.split(link)).toHaveLength(2);
      expect(mail.text.split(link)).toHaveLength(2);
    }
    const news = mails.find(({ subject, headers }) => subject === "Hello" && headers["List-Unsubscribe"] !== undefined);
    expect(news?.html).toMatch(/Unsubscribe<\/a><\/p><\/body><\/html>$/);
    expect(mails.filter((one) => purposeOf(one) === "transactional")[0]?.html).not.toContain("unsubscribe");
  });

  it("is in the mail's language", async () => {
    const mails = await greet(await company.person("Manon", { ab_langue: "fr" }));
    const news = mails.find((mail) => mail.subject === "Bonjour" && purposeOf(mail) === "commercial");
    expect(news?.html).toContain(">Se désabonner</a>");
    expect(news?.text).toMatch(/Se désabonner\u00a0: http/);
  });

  it("looking at the page changes nothing; it asks in the reader's language, with one button", async () => {
    const person = await company.person("Look");
    const link = linkOf((await greet(person)).find((mail) => purposeOf(mail) === "commercial"));
    for (const [language, button] of [
      ["fr", "Se désabonner"],
      ["en", "Unsubscribe"],
    ] as const) {
      const asked = await fetch(link, { headers: { "accept-language": language } });
      const html = await asked.text();
      expect({ status: asked.status, buttons: html.match(/<button/g)?.length }).toEqual({ status: 200, buttons: 1 });
      expect(html).toContain(`<html lang="${language}">`);
      expect(html).toContain(`<button>${button}</button>`);
    }
    await fetch(link, { method: "HEAD" });
    expect(counted(await greet(person))).toEqual(["commercial", "commercial", "transactional"]);
  });

  it("by the page's button: nothing commercial is sent any more, and the trace says why; transactional mails go on", async () => {
    const person = await company.person("Done");
    const link = linkOf((await greet(person)).find((mail) => purposeOf(mail) === "commercial"));
    const posted = await fetch(link, { method: "POST", headers: { "accept-language": "fr" } });
    expect({
      status: posted.status,
      said: (await posted.text()).includes("Votre désabonnement est enregistré"),
    }).toEqual({
      status: 200,
      said: true,
    });
    await company.quiet();
    expect(counted(await greet(person))).toEqual(["transactional"]);
    const runs = await company.runs("news", "completed");
    const traces = runs
      .filter(({ row }) => row.state.member === `contact:${person.id}`)
      .map((run) => company.trace(run));
    expect(traces).toContainEqual(
      expect.arrayContaining([expect.stringMatching(/send suppressed (unsubscribed|no-consent)/)]),
    );
  });

  it("by the mail program's own button: Dataverse knows, marked as Parcours's own write", async () => {
    await register(stack.http, [
      { table: "contact", message: "Update", columns: ["donotbulkemail"], image: ["donotbulkemail"] },
    ]);
    const refused = {
      slug: "refused-mail",
      name: "Refused",
      table: "contact",
      updated: { columns: ["donotbulkemail"] },
    };
    await company.publish("triggers", {
      ...{ ...refused, kind: "record", audience: [{ column: "self", table: "contact" }] },
    } as never);
    const rest = { rest: { kind: "wait", duration: "P1D", next: null } };
    await company.publish("journeys", {
      ...{ slug: "sorry", name: "Sorry", entry: { trigger: "refused-mail" }, start: "rest", steps: rest },
    } as never);
    const person = await company.person("Click");
    const link = linkOf((await greet(person)).find((mail) => purposeOf(mail) === "commercial"));
    expect((await oneClick(link)).status).toBe(200);
    await company.quiet();
    const read = `contacts(${person.id})?$select=donotbulkemail`;
    expect(await stack.http.read(read)).toMatchObject({ donotbulkemail: true });
    expect(await stack.http.api("GET", `/api/decisions?about=contact:${person.id}`)).toContainEqual(
      expect.objectContaining({
        ...{ kind: "entry", journey: "sorry", outcome: "turned-away" },
        reason: "Parcours made this change itself",
      }),
    );
  });

  it("counts for the address, whoever has it and however it is written", async () => {
    const person = await company.person("Shared");
    const link = linkOf((await greet(person)).find((mail) => purposeOf(mail) === "commercial"));
    await oneClick(link);
    await company.quiet();
    const twin = await stack.http.create("contacts", { lastname: "Twin", emailaddress1: person.address.toUpperCase() });
    const address = person.address.toUpperCase();
    const mails = await greet({ id: twin, address });
    expect(counted(mails)).toEqual(["transactional"]);
    const runs = await company.runs("news", "completed");
    const trace = runs.filter(({ row }) => row.state.member === `contact:${twin}`).flatMap((run) => company.trace(run));
    expect(trace).toContain("send suppressed unsubscribed");
  });

  it("again changes nothing, and happened once", async () => {
    await company.publish("journeys", {
      ...{ slug: "gone", name: "Gone", entry: { trigger: "mail-unsubscribed", reentry: { kind: "always" } } },
      ...{ start: "rest", steps: { rest: { kind: "wait", duration: "P1D", next: null } } },
    } as never);
    const person = await company.person("Again");
    const link = linkOf((await greet(person)).find((mail) => purposeOf(mail) === "commercial"));
    for (let n = 0; n < 3; n += 1) expect((await oneClick(link)).status).toBe(200);
    const runs = await company.runs("gone", "live");
    expect(runs.filter(({ row }) => row.state.member === `contact:${person.id}`)).toHaveLength(1);
  });

  it("is taken back by an operator, as the reader asks; what Dataverse says of them still stands", async () => {
    const person = await company.person("Back");
    const { address } = person;
    await oneClick(linkOf((await greet(person)).find((mail) => purposeOf(mail) === "commercial")));
    await company.quiet();
    const asked = (what: string) => stack.http.api("POST", `/api/suppressions/${what}`, { address });
    expect(await asked("check")).toMatchObject({ suppressed: true, reason: "unsubscribed" });
    expect(await asked("lift")).toEqual({ lifted: true });
    expect(await asked("lift")).toEqual({ lifted: false });
    expect(await asked("check")).toEqual({ suppressed: false, since: null, reason: null });
    expect(counted(await greet(person))).toEqual(["transactional"]);
    await stack.http.update("contacts", person.id, { donotbulkemail: false });
    await stack.http.advance("PT2M");
    expect(counted(await greet(person))).toEqual(["commercial", "commercial", "transactional"]);
  });

  it("needs a token of its own: one that was changed, or a survey's, does nothing", async () => {
    const person = await company.person("Token");
    await stack.http.resolve(await company.openCase(person.id));
    const survey = (await company.mailsTo(person.address)).find(({ html }) => html.includes("/survey/"));
    if (survey === undefined) throw new Error("no survey was sent");
    const token = surveyLink(survey).split("/survey/")[1] ?? "";
    const link = linkOf(survey);
    for (const wrong of [token, `${link.split("/unsubscribe/")[1]}x`, "a.b.c"]) {
      const path = `${stack.http.at.app}/unsubscribe/${wrong}`;
      expect((await fetch(path)).status).toBe(404);
      expect((await oneClick(path)).status).toBe(404);
    }
    expect((await fetch(`${stack.http.at.app}/survey/${link.split("/unsubscribe/")[1]}`)).status).toBe(404);
  });
});
