import type { Client } from "../client.ts";
import { APPLICATIONS, CASES, CONTRACTS, idOf, LEADS, ORDERS } from "../company/company.ts";
import {
  addLead,
  answerSurvey,
  changeCase,
  decideApplication,
  draftContract,
  mergePeople,
  openCase,
  placeOrder,
  receiveApplication,
  resolveCase,
  studyApplication,
} from "./agents.ts";

/** How long the history is. */
export const DAYS = 60;

/** One thing that happened, at a time counted from the history's begin. */
export interface Happening {
  readonly atMs: number;
  readonly what: string;
  /** @param now when it happens, in milliseconds since 1970 */
  readonly run: (client: Client, now: number) => Promise<unknown>;
}

const DAY_MS = 86_400_000;
const WORKING_DAY_MS = 10 * 3_600_000;
const HOUR = 0.1;
const WAITING_FOR_DETAILS = { statecode: 0, statuscode: 3 };
const IN_PROGRESS = { statecode: 0, statuscode: 1 };
const CANCELLED = { statecode: 2, statuscode: 6 };
const SUBMITTED = { statecode: 1, statuscode: 3 };
const ORDER_CANCELLED = { statecode: 2, statuscode: 4 };
const FULFILLED = { statecode: 3, statuscode: 100_001 };
const CONTRACT_ACTIVE = { statecode: 2, statuscode: 3 };
/** Malik's two rows are found to be one person. */
const MERGED = 41.1;
/** An author looks at a text again: its journey is paused, and is so when the history ends. */
const PAUSED = { journey: "contract-in-force", day: 58.9 };

/** All that happened in the sixty days, in its order. */
export function timeline(): Happening[] {
  const all = [...cases(), ...orders(), ...leads(), ...contracts(), ...applications(), ...others()];
  return all.sort((a, b) => a.atMs - b.atMs);
}

function cases(): Happening[] {
  return CASES.flatMap((it, n) => {
    const title = `case ${n + 1}`;
    const happenings = [at(it.day, `${title} is opened`, (client) => openCase(client, n))];
    const then = (day: number, what: string, run: Happening["run"]) =>
      happenings.push(at(day, `${title} ${what}`, run));
    if (it.details !== undefined)
      then(it.day + it.details, "waits for details", (client) => changeCase(client, n, WAITING_FOR_DETAILS));
    if (it.detailsGiven !== undefined)
      then(it.day + it.detailsGiven, "goes on", (client) => changeCase(client, n, IN_PROGRESS));
    if (it.cancelled !== undefined)
      then(it.day + it.cancelled, "is cancelled", (client) => changeCase(client, n, CANCELLED));
    if (it.resolved === undefined) return happenings;
    const resolved = it.day + it.resolved;
    then(resolved, "is resolved", (client) => resolveCase(client, n));
    if (it.reopened !== undefined)
      then(resolved + it.reopened, "is reopened", (client) => changeCase(client, n, IN_PROGRESS));
    if (it.answer !== undefined)
      then(resolved + it.answer[1], "is judged by its customer", (client) => answerSurvey(client, n));
    return happenings;
  });
}

function orders(): Happening[] {
  return ORDERS.flatMap((it, n) => {
    const { placed = 0 } = it;
    const id = idOf("salesorders", n);
    const become = (row: Record<string, number>) => (client: Client) => client.update("salesorders", id, row);
    const happenings = [
      at(placed, `${it.number} is placed`, (client) => placeOrder(client, it, id)),
      at(placed + 2 * HOUR, `${it.number} is submitted`, become(SUBMITTED)),
    ];
    if (it.ready !== undefined) happenings.push(at(placed + it.ready, `${it.number} is ready`, become(FULFILLED)));
    if (it.cancelled !== undefined)
      happenings.push(at(placed + it.cancelled, `${it.number} is cancelled`, become(ORDER_CANCELLED)));
    return happenings;
  });
}

function leads(): Happening[] {
  return LEADS.map((it, n) => at(it.arrives, `${it.key} shows interest`, (client) => addLead(client, n, it)));
}

function contracts(): Happening[] {
  return CONTRACTS.flatMap((it, n) => [
    at(it.activeon - 2, `contract ${n + 1} is drafted`, (client, now) =>
      draftContract(client, n, it, now + 2 * DAY_MS),
    ),
    at(it.activeon, `contract ${n + 1} comes into force`, (client) =>
      client.update("contracts", idOf("contracts", n), CONTRACT_ACTIVE),
    ),
  ]);
}

function applications(): Happening[] {
  return APPLICATIONS.flatMap((it, n) => {
    const happenings = [at(it.received, `${it.number} comes in`, (client) => receiveApplication(client, n, it))];
    if (it.studied !== undefined)
      happenings.push(
        at(it.received + it.studied, `${it.number} is looked at`, (client) => studyApplication(client, n)),
      );
    if (it.decided !== undefined)
      happenings.push(
        at(it.received + it.decided, `${it.number} is decided`, (client) => decideApplication(client, n, it)),
      );
    return happenings;
  });
}

function others(): Happening[] {
  return [
    at(MERGED, "Malik's rows are merged", (client) => mergePeople(client, "malik", "malek")),
    at(PAUSED.day, `${PAUSED.journey} is paused`, (client) =>
      client.api("POST", `/api/journeys/${PAUSED.journey}/gate`, { state: "paused" }),
    ),
  ];
}

/** @param day days since the begin; behind the point stands the part of the working day */
function at(day: number, what: string, run: Happening["run"]): Happening {
  const whole = Math.floor(day);
  return { atMs: whole * DAY_MS + Math.round((day - whole) * WORKING_DAY_MS), what, run };
}
