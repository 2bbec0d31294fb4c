import { expect } from "@jest/globals";
import type { Client } from "../../sandbox/client.ts";
import { seededRandom } from "../support/seeded-random.ts";
import type { Company } from "./company.ts";
import { breakable, KINDS_OF_TROUBLE, type Trouble, troublesBy } from "./trouble.ts";

export interface Soak {
  /** Of real time, for the rounds, of which there is at least one for each trouble; then all is brought to its end. */
  readonly seconds: number;
  /** Decides all that happens: a number in the test's output repeats a failure, but for the machine's own pace. */
  readonly seed: number;
  /** How many megabytes the platform uses at this moment. */
  readonly heapMb: () => number;
  readonly log?: (line: string) => void;
}

interface Customer {
  readonly id: string;
  readonly address: string;
  readonly incident: string;
  /** What the survey was answered with, and was accepted. */
  answered: "1" | "5" | undefined;
  /** An order is the journey's goal: from then on no mail is owed any more. */
  ordered: boolean;
}

/** Told at the end, for the test's line and for curious people. */
export interface Soaked {
  readonly rounds: number;
  readonly customers: number;
  readonly virtualDays: number;
  readonly troubles: Readonly<Record<string, number>>;
  readonly heapMb: readonly number[];
}

const PEOPLE_A_ROUND = 4;
const SURVEY = /^Votre demande/;
const APOLOGY = /^Toutes nos excuses/;
/** A journey's longest way: seven days for the survey, fourteen to order. */
const LONGEST_DAYS = 21;

/**
 * Weeks of a company's life while something goes wrong all the time, then the count: what Dataverse delivered has its
 * run and every mail that it should have, once; no code was given out twice; nothing is left under way.
 */
export async function survivesWeeks(company: Company, { seconds, seed, heapMb, log }: Soak): Promise<Soaked> {
  const { http } = company;
  const chance = seededRandom(seed);
  const customers: Customer[] = [];
  const troubles: Record<string, number> = {};
  const heap: number[] = [];
  const began = await http.now();
  const until = performance.now() + seconds * 1000;
  let rounds = 0;
  for (const trouble of troublesBy(chance)) {
    if (rounds >= KINDS_OF_TROUBLE && performance.now() > until) break;
    rounds += 1;
    const at = performance.now();
    troubles[trouble.name] = (troubles[trouble.name] ?? 0) + 1;
    await round(company, customers, trouble, chance);
    heap.push(heapMb());
    log?.(
      `round ${rounds}: ${trouble.name}, ${customers.length} customers, ${Math.round(performance.now() - at)} ms, ${heap.at(-1)} MB`,
    );
  }
  await http.advance(`P${LONGEST_DAYS + 1}D`);
  await http.advance("P1D");
  await expectNothingLostOrDoubled(company, customers);
  return {
    rounds,
    customers: customers.length,
    virtualDays: Math.round(((await http.now()) - began) / 86_400_000),
    troubles,
    heapMb: heap,
  };
}

/** A day or more: new cases are resolved and older surveys answered while something goes wrong, and time goes on. */
async function round(company: Company, customers: Customer[], trouble: Trouble, chance: () => number): Promise<void> {
  const { http } = company;
  const fresh: Customer[] = [];
  for (let n = 0; n < PEOPLE_A_ROUND; n++) {
    const { id, address } = await company.person("Soak", { ab_langue: "fr" });
    fresh.push({ id, address, incident: await company.openCase(id), answered: undefined, ordered: false });
  }
  const waiting = customers.filter(({ answered }) => answered === undefined).slice(-2 * PEOPLE_A_ROUND);
  const answering = waiting.filter(() => chance() < 0.4);
  const choices = answering.map(() => (chance() < 0.5 ? "1" : "5"));

  const end = await trouble.begin(http);
  const under = trouble.during(http, chance);
  await Promise.all([
    ...fresh.map(({ incident }) => breakable(() => http.resolve(incident))),
    ...answering.map((customer, n) => answer(http, customer, choices[n] ?? "5")),
  ]);
  await under;
  await end();
  customers.push(...fresh);
  await delivered(http);
  await company.quiet();
  if (chance() < 0.3) {
    const [buyer] = customers.filter(({ answered }) => answered === "1").slice(-1);
    if (buyer !== undefined) {
      buyer.ordered = true;
      await company.order(buyer.id);
    }
  }
  await http.advance(chance() < 0.5 ? "P1D" : "PT9H");
}

/** Answers the survey as its mail asks, until the app has taken it. A survey that is over takes nothing any more. */
async function answer(http: Client, customer: Customer, satisfaction: "1" | "5"): Promise<void> {
  const survey = (await http.mails(customer.address)).find(({ subject }) => SURVEY.test(subject));
  const link = /https?:\/\/[^\s"<]+\/survey\/[^\s"<)]+/.exec(survey?.html ?? "")?.[0];
  if (link === undefined) return;
  const response = await breakable(() => http.answerSurvey(link, { satisfaction, comment: "Essai" }));
  if (response.status < 300) customer.answered = satisfaction;
}

/** Until Dataverse has delivered, or given up, every change: it repeats a delivery once only. */
async function delivered(http: Client): Promise<void> {
  for (;;) {
    const { value } = await http.read("asyncoperations?$select=asyncoperationid&$filter=statecode ne 3&$top=1");
    if ((value as unknown[]).length === 0) return;
    await new Promise((again) => setTimeout(again, 30));
  }
}

/** The page thanks whoever answers, also after the step's time limit: the journey went on without the answer then. */
async function answeredLate(company: Company, incident: string): Promise<boolean> {
  const about = await company.http.api<{ run?: string | null }[]>("GET", `/api/decisions?about=incident:${incident}`);
  for (const { run } of about)
    if (run != null && company.trace(await company.run(run)).includes("ask elapsed")) return true;
  return false;
}

async function expectNothingLostOrDoubled(company: Company, customers: readonly Customer[]): Promise<void> {
  const { http } = company;
  const { value } = await http.read("asyncoperations?$select=_regardingobjectid_value&$filter=statuscode eq 31");
  const given = (value as { _regardingobjectid_value: string }[]).map((job) => job._regardingobjectid_value);
  const refused = new Set(given.map((id) => id.toLowerCase()));
  const mails = await http.mails();
  const wrong: string[] = [];
  for (const { address, incident, answered, ordered } of customers) {
    const subjects = mails.filter(({ to }) => to === address).map(({ subject }) => subject);
    const surveys = subjects.filter((subject) => SURVEY.test(subject)).length;
    const apologies = subjects.filter((subject) => APOLOGY.test(subject)).length;
    const others = subjects.length - surveys - apologies;
    const apology = ordered ? Math.min(apologies, 1) : Number(answered === "1");
    const sent = [surveys, apologies, others];
    const survey = refused.has(incident) ? Math.min(surveys, 1) : 1;
    const expected = [survey, apology, Number(answered === "5")];
    // Only what follows an answer may be missing, and only where the answer came too late.
    const late = answered !== undefined && `${sent}` === `${[survey, 0, 0]}` && (await answeredLate(company, incident));
    if (`${sent}` !== `${expected}` && !late)
      wrong.push(`${address} (answered ${answered}): surveys, apologies, thanks ${sent}, not ${expected}`);
  }
  expect(wrong).toEqual([]);
  const codes = mails.flatMap(({ text }) => /VELO-\d{4,}/.exec(text)?.[0] ?? []);
  expect(new Set(codes).size).toBe(codes.length);
  for (const state of ["live", "held"])
    expect(
      (await http.api<{ runs: unknown[] }>("GET", `/api/runs?journey=after-the-case&state=${state}`)).runs,
    ).toEqual([]);
}
