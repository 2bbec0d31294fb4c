import { expect } from "@jest/globals";
import type { Client, Mail } from "../../sandbox/client.ts";
import { seededRandom } from "../support/seeded-random.ts";
import type { Company } from "./company.ts";

export interface Crash {
  readonly runs: number;
  readonly kills: number;
  /** Decides when the app is killed: a number in the test's output repeats a failure. */
  readonly seed: number;
  /** What else is done before each kill: deploys another build, so that the instance that comes again is of it. */
  readonly beforeKill?: (kill: number) => Promise<unknown>;
}

const JOURNEY = {
  slug: "crash-test",
  name: "Crash test",
  entry: {
    trigger: "support-case-status-updated",
    filter: { kind: "compare", field: "event.statecode", op: "eq", value: 1 },
  },
  start: "first",
  steps: {
    first: { kind: "email", mail: "survey-thanks", next: "pause" },
    pause: { kind: "wait", duration: "PT3S", next: "code" },
    code: { kind: "discount", pool: "apology-10", next: "second" },
    second: { kind: "email", mail: "apology-discount", next: "rest" },
    rest: { kind: "wait", duration: "PT3S", next: "third" },
    third: { kind: "email", mail: "webinar-reminder", next: null },
  },
};
/** Three of this journey, and the survey of the sample company's own, which the same event enters. */
const MAILS_A_PERSON = 4;

/** The provider at its worst: refuses, fails, loses requests, loses answers, and drops no repeats. */
const MAIL_FAULTS = {
  deduplicate: false,
  rules: [
    { fault: "throttled", probability: 0.05 },
    { fault: "server-error", probability: 0.05 },
    { fault: "request-lost", probability: 0.05 },
    { fault: "answer-lost", probability: 0.05 },
    { fault: "throttled", at: "operation", probability: 0.1 },
  ],
};

/**
 * Kills the app with SIGKILL at random moments while runs are under way and the mail provider fails, then counts: every
 * run ended, no mail lost, none sent twice, no code given out twice, and each run's state agrees with its facts.
 */
export async function survivesCrashes(company: Company, { runs, kills, seed, beforeKill }: Crash): Promise<void> {
  const { http } = company;
  await company.publish("journeys", JOURNEY);
  const people = await inGroups(runs, () => company.person("Crash"));
  const cases = await inGroups(runs, (n) => company.openCase(people[n]?.id ?? ""));
  // The bus is down while the changes come, so that all of them enter, and all their runs go on, under the kills.
  await http.control("/faults", { serviceBus: "down", communication: MAIL_FAULTS });
  await inGroups(runs, (n) => http.resolve(cases[n] ?? ""));
  await accepted(http);
  await http.control("/faults", { serviceBus: null });
  const flowing = http.advance("PT1M");
  const chance = seededRandom(seed);
  for (let kill = 0; kill < kills; kill += 1) {
    await instanceUp(http);
    // Somewhere in the instance's work: the moment is the test's input, not a wait for something.
    await new Promise((go) => setTimeout(go, chance() * 1200));
    await beforeKill?.(kill);
    await http.control("/app/kill");
  }
  await flowing;
  await http.control("/faults", { communication: null });
  await company.quiet();
  await http.advance("PT2H");

  const ended = await allEnded(http, runs);
  expect(ended.filter((one) => one.state !== "completed")).toEqual([]);
  const addresses = new Set(people.map(({ address }) => address));
  const mails = (await http.mails()).filter(({ to }) => addresses.has(to));
  const perPerson = new Map(people.map(({ address }) => [address, mails.filter((mail) => mail.to === address)]));
  expect(
    [...perPerson]
      .filter(
        ([, got]) => got.length !== MAILS_A_PERSON || new Set(got.map((mail) => mail.subject)).size !== MAILS_A_PERSON,
      )
      .map(([to, got]) => [to, got.map(brief)]),
  ).toEqual([]);
  const codes = mails.flatMap((mail) => /VELO-\d{4,}/.exec(mail.text)?.[0] ?? []);
  expect(codes).toHaveLength(runs);
  expect(new Set(codes).size).toBe(runs);
  for (const { run } of ended) {
    const shown = await company.run(run);
    expect(company.trace(shown).filter((line) => !/ held | unknown/.test(line))).toEqual([
      "· entered support-case-status-updated",
      "first arrived",
      "first sent",
      "pause arrived",
      "pause elapsed",
      "code arrived",
      "code drew",
      "second arrived",
      "second sent",
      "rest arrived",
      "rest elapsed",
      "third arrived",
      "third sent",
      "third completed",
    ]);
  }
}

function brief(mail: Mail): string {
  return `${mail.operationId} ${mail.subject}`;
}

async function allEnded(http: Client, runs: number): Promise<{ run: string; state: string }[]> {
  const found: { run: string; state: string }[] = [];
  for (const state of ["live", "held", "completed"]) {
    let next: string | null = "";
    while (next !== null) {
      const query: string = next === "" ? "" : `&next=${encodeURIComponent(next)}`;
      const page: { runs: { run: string }[]; next: string | null } = await http.api(
        "GET",
        `/api/runs?journey=crash-test&state=${state}${query}`,
      );
      found.push(...page.runs.map(({ run }) => ({ run, state })));
      next = page.next;
    }
  }
  expect(found).toHaveLength(runs);
  return found;
}

/**
 * Until Dataverse has no system job left: the webhook took every change. It repeats a delivery once only, so a change
 * whose delivery was killed twice is Dataverse's failed job, and not lost by us.
 */
async function accepted(http: Client): Promise<void> {
  for (;;) {
    const { value } = await http.read("asyncoperations?$select=asyncoperationid&$top=1");
    if ((value as unknown[]).length === 0) return;
    await new Promise((again) => setTimeout(again, 50));
  }
}

async function instanceUp(http: Client): Promise<void> {
  for (;;) {
    const { instances } = (await (await fetch(`${http.at.control}/app`)).json()) as { instances: { state: string }[] };
    if (instances.some(({ state }) => state === "ready")) return;
    await new Promise((again) => setTimeout(again, 10));
  }
}

/** Ten at a time: more would wait in Dataverse's own queue. */
async function inGroups<T>(count: number, make: (n: number) => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  for (let n = 0; n < count; n += 10)
    made.push(...(await Promise.all(Array.from({ length: Math.min(10, count - n) }, (_, at) => make(n + at)))));
  return made;
}
