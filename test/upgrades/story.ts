import { type Mail, surveyLink } from "../../sandbox/client.ts";
import type { Company } from "../journeys/company.ts";

export interface Person {
  readonly id: string;
  readonly address: string;
}

/** Who stands where when a build is recorded. */
export interface Recorded {
  readonly asked: Person & { readonly incident: string };
  readonly discounted: Person & { readonly incident: string };
  readonly resting: Person;
  readonly withoutCode: Person;
  readonly paused: Person;
  readonly onFirstVersion: Person;
  readonly unanswered: Person & { readonly incident: string };
  readonly spilled: Person & { readonly incident: string };
}

export const PAUSED = "recorded-paused";

function journey(slug: string, ordernumber: string, steps: object, start: string) {
  const filter = { kind: "compare", field: "event.ordernumber", op: "eq", value: ordernumber };
  return { slug, name: slug, entry: { trigger: "order-created", filter }, start, steps };
}

const MAIL = { kind: "email", mail: "webinar-reminder", next: null };
const rest = (mail: string) => ({
  rest: { kind: "wait", duration: "P3D", next: "after" },
  after: { ...MAIL, mail },
});

/** Brings people to where runs wait: each kind of wait, hold and half-done effect that a deployment may meet. */
export async function recordStory(company: Company): Promise<Recorded> {
  const { http } = company;
  await company.publish("journeys", journey("recorded-rest", "REST", rest("webinar-reminder"), "rest"));
  await company.publish("journeys", journey(PAUSED, "PAUSED", rest("webinar-reminder"), "rest"));
  await company.publish("journeys", journey("recorded-versions", "VERSIONS", rest("webinar-reminder"), "rest"));
  const draw = { code: { kind: "discount", pool: "recorded-pool", next: "after" }, after: MAIL };
  await company.publish("journeys", journey("recorded-code", "CODE", draw, "code"));

  const asked = await withCase(company, "Asked");
  const discounted = await withCase(company, "Discounted");
  await company.quiet();
  const [survey] = await http.mails(discounted.address);
  await answer(company, survey, "1");

  const resting = await withOrder(company, "Resting", "REST");
  const withoutCode = await withOrder(company, "Codeless", "CODE");
  const paused = await withOrder(company, "Paused", "PAUSED");
  const onFirstVersion = await withOrder(company, "First", "VERSIONS");
  await company.quiet();
  await http.api("POST", `/api/journeys/${PAUSED}/gate`, { state: "paused" });
  await republish(company, journey("recorded-versions", "VERSIONS", rest("survey-thanks"), "rest"));
  await company.quiet();

  await http.control("/faults", { communication: { rules: [{ fault: "answer-lost", probability: 1 }] } });
  const unanswered = await withCase(company, "Unanswered");
  await http.mails(unanswered.address).then(function arrived(mails): unknown {
    return mails.length > 0 ? undefined : http.mails(unanswered.address).then(arrived);
  });
  await http.control("/faults", { serviceBus: "down" });
  const spilled = await withCase(company, "Spilled");
  for (let jobs = -1; jobs !== 0; )
    jobs = ((await http.read("asyncoperations?$select=asyncoperationid&$top=1")).value as unknown[]).length;
  return { asked, discounted, resting, withoutCode, paused, onFirstVersion, unanswered, spilled };
}

async function withCase(company: Company, name: string): Promise<Person & { incident: string }> {
  const person = await company.person(name, { ab_langue: "fr" });
  const incident = await company.openCase(person.id);
  await company.http.resolve(incident);
  return { ...person, incident };
}

async function withOrder(company: Company, name: string, ordernumber: string): Promise<Person> {
  const person = await company.person(name, { ab_langue: "fr" });
  await company.order(person.id, { ordernumber });
  return person;
}

async function republish(company: Company, document: { readonly slug: string }): Promise<void> {
  const path = `/api/journeys/${document.slug}`;
  const response = await fetch(`${company.http.at.app}${path}`);
  const headers = { "if-match": response.headers.get("etag") ?? "" };
  await company.http.api("PUT", path, document, headers);
  await company.http.api("POST", `${path}/publish`);
}

/** Answers at the address where the app is now: the mail may have been sent by one that lived elsewhere. */
export async function answer(company: Company, mail: Mail | undefined, satisfaction: string): Promise<void> {
  if (mail === undefined) throw new Error("there is no survey mail to answer");
  const link = surveyLink(mail).replace(/^https?:\/\/[^/]+/, company.http.at.app);
  const { status } = await company.http.answerSurvey(link, { satisfaction });
  if (status !== 200) throw new Error(`the survey's page answered ${status}`);
}
