import type { Client } from "../../sandbox/client.ts";
import { publish } from "../../sandbox/definitions.ts";
import { caseBody, lookup, option } from "../shared/wire/payload.ts";

export interface Burst {
  /** Changes that one bulk update makes. */
  readonly changes: number;
  /** Calls of the webhook at once; Dataverse itself makes many. */
  readonly atOnce: number;
}

/** What became of a burst, and of others meanwhile. Milliseconds, real ones. */
export interface Absorbed {
  readonly changes: number;
  /** Until the last call of the webhook was answered. */
  readonly takenIn: number;
  /** Until the last event was worked on: its entry decided, or held. */
  readonly workedOff: number;
  readonly answers: Readonly<Record<number, number>>;
  readonly entered: number;
  readonly held: number;
  /** From the call of the webhook to the decision about the entry, of another trigger's events. */
  readonly others: { readonly count: number; readonly p50: number; readonly p99: number; readonly most: number };
}

const EVERY_MS = 250;
const ASKED_EVERY_MS = 100;
/** Counting is work for the app too. */
const LOOKED_EVERY_MS = 3_000;
/** Events that a process holds before it writes down how many. */
const UNCOUNTED = 100;
const PATIENCE_MS = 600_000;

/** Two triggers on different tables, each with a journey that it enters as often as it fires. */
export async function openForBurst(http: Client): Promise<{ readonly contact: string }> {
  await publish(http, "triggers", {
    ...{ kind: "record", slug: "touched", name: "Touched", table: "incident" },
    audience: [{ column: "customerid", table: "contact" }],
    updated: { columns: ["title"], onlyWhenChanged: false },
  } as never);
  await publish(http, "triggers", {
    ...{ kind: "record", slug: "ordered", name: "Ordered", table: "salesorder", created: true },
    audience: [{ column: "customerid", table: "contact" }],
  } as never);
  for (const trigger of ["touched", "ordered"])
    await publish(http, "journeys", {
      ...{ slug: trigger, name: trigger, entry: { trigger, reentry: { kind: "always" } }, start: "end" },
      steps: { end: { kind: "exit", reason: "done" } },
    } as never);
  return { contact: await http.create("contacts", { lastname: "Essai", emailaddress1: "burst@example.com" }) };
}

/** A bulk update: every change posted as Dataverse posts it, while another trigger's changes come now and then. */
export async function burst(http: Client, contact: string, { changes, atOnce }: Burst): Promise<Absorbed> {
  const began = performance.now();
  let posting = true;
  let working = true;
  const latencies: number[] = [];
  const others = (async () => {
    // One after the other: many that ask at once would be a load of their own.
    for (let n = 0; working; n += 1) {
      latencies.push(await latencyOfOther(http, contact, n));
      await pause(EVERY_MS);
    }
  })();
  const answers: Record<number, number> = {};
  let next = 0;
  const caller = async (): Promise<void> => {
    for (let n = next++; n < changes; n = next++) {
      const status = await post(http, bodyOf(http, "Update", "incident", n, contact));
      answers[status] = (answers[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, caller));
  posting = false;
  const takenIn = performance.now() - began;
  while (!(await isWorkedOff(http, changes))) await pause(LOOKED_EVERY_MS);
  const workedOff = performance.now() - began;
  working = posting;
  await others;
  const sorted = latencies.sort((one, other) => one - other);
  const at = (share: number): number =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return {
    ...{ changes, takenIn: Math.round(takenIn), workedOff: Math.round(workedOff), answers },
    ...(await whereTheyAre(http)),
    others: { count: sorted.length, p50: at(0.5), p99: at(0.99), most: at(1) },
  };
}

/** Counted row by row only where the brake's own number, which is some seconds late, says that it is about time. */
async function isWorkedOff(http: Client, changes: number): Promise<boolean> {
  const { brakes } = await http.api<{ brakes: { trigger: string; held: number }[] }>("GET", "/api/brakes");
  const braked = brakes.find(({ trigger }) => trigger === "touched");
  const about = (braked?.held ?? 0) + (await enteredIn(http));
  if (about < changes - UNCOUNTED) return false;
  const { entered, held } = await whereTheyAre(http);
  return entered + held >= changes;
}

async function enteredIn(http: Client): Promise<number> {
  const { totals } = await http.api<{ totals: Record<string, number> }>("GET", "/api/journeys/touched/insights");
  return totals["journey~entered"] ?? 0;
}

/** Entries of the burst's journey, and events that wait at its brake. */
export async function whereTheyAre(http: Client): Promise<{ readonly entered: number; readonly held: number }> {
  let held = 0;
  let next: string | null = null;
  do {
    const query: string = next === null ? "" : `?next=${encodeURIComponent(next)}`;
    const page = await http.api<{ held: unknown[]; next: string | null }>("GET", `/api/brakes/touched/held${query}`);
    held += page.held.length;
    next = page.next;
  } while (next !== null);
  return { entered: await enteredIn(http), held };
}

/** From the post of another trigger's change to the decision whether it enters. */
async function latencyOfOther(http: Client, contact: string, n: number): Promise<number> {
  const began = performance.now();
  await post(http, bodyOf(http, "Create", "salesorder", n, contact));
  const about = `salesorder:${recordOf("salesorder", n)}`;
  for (;;) {
    const decisions = await http.api<{ kind: string }[]>("GET", `/api/decisions?about=${about}`);
    const ms = performance.now() - began;
    if (decisions.some(({ kind }) => kind === "entry")) return ms;
    if (ms > PATIENCE_MS) throw new Error(`nothing was decided about ${about} in ${PATIENCE_MS} ms`);
    await pause(ASKED_EVERY_MS);
  }
}

function bodyOf(http: Client, message: string, table: string, n: number, contact: string): string {
  const id = recordOf(table, n);
  return caseBody({
    message,
    target: { title: `Bulk ${n}` },
    ...(message === "Update" ? { pre: { title: "Before", statecode: option(0) } } : {}),
    post: { title: `Bulk ${n}`, statecode: option(0), customerid: lookup("contact", contact) },
    over: {
      OrganizationId: http.at.organizationId,
      PrimaryEntityName: table,
      PrimaryEntityId: id,
      OperationId: id,
      OperationCreatedOn: `/Date(${Math.floor(Date.now() / 1000) * 1000}+0000)/`,
    },
  });
}

function recordOf(table: string, n: number): string {
  return `${table === "incident" ? "b0000000" : "c0000000"}-0000-4000-8000-${String(n).padStart(12, "0")}`;
}

async function post(http: Client, body: string): Promise<number> {
  const headers = { "x-parcours-key": http.at.webhookKey, "content-type": "application/json" };
  const answer = await fetch(`${http.at.app}/api/dataverse/webhook`, { method: "POST", headers, body });
  await answer.arrayBuffer();
  return answer.status;
}

function pause(ms: number): Promise<void> {
  return new Promise((over) => setTimeout(over, ms));
}
