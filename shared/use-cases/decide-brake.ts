import type { EntryDecision } from "../domain/decision.ts";
import { eventTime, type TriggerEvent } from "../domain/event.ts";
import type { Brake, HeldCount, HeldEvent } from "../stores/brakes.ts";
import { hash } from "../stores/hash.ts";
import type { Deps } from "./deps.ts";
import { eventMessage } from "./interaction-event.ts";

type Needs = Pick<Deps, "brakes" | "bus" | "catalogue" | "clock" | "decisions">;

const MINUTE_MS = 60_000;
const CHUNK = 100;
/** Released, or given up, in one run of the timer. */
const MOST_A_RUN = 5_000;
const MOST_USERS_SHOWN = 20;
/** Longer than any process goes on by what it knew. */
const HEARD_MS = 30_000;
const WEEK_MS = 7 * 86_400_000;

/** The question that a closed brake puts: how many wait, since when, by whom, and for which journeys. */
export interface BrakeShown {
  readonly trigger: string;
  /** ISO 8601. */
  readonly since: string;
  readonly usualInHour: number;
  readonly limitInHour: number;
  /** About: some seconds late, and a process that ended has told what it could. */
  readonly held: number;
  readonly by: readonly { readonly user: string | null; readonly events: number }[];
  readonly journeys: readonly string[];
  /** What comes now enters. */
  readonly calm: boolean;
  readonly decided: { readonly kind: "release" | "discard"; readonly by: string; readonly perMinute?: number } | null;
}

export async function listBrakes({ brakes, catalogue }: Pick<Deps, "brakes" | "catalogue">): Promise<BrakeShown[]> {
  const { entries } = await catalogue.current();
  return Promise.all(
    (await brakes.brakes()).map(async ({ value }) => {
      const journeys = (entries.get(value.trigger) ?? []).map(({ journey }) => journey.slug);
      return shown(value, await countsOf(value.trigger, brakes), journeys);
    }),
  );
}

/** Exact where a page holds all that wait; else as the processes wrote it down, which is some seconds old. */
async function countsOf(trigger: string, brakes: Deps["brakes"]): Promise<readonly HeldCount[]> {
  const { rows, continuation } = await brakes.held(trigger, CHUNK);
  if (continuation !== undefined) return brakes.heldCounts(trigger);
  return rows.map(({ value }) => ({ held: 1, by: { [value.event.by ?? ""]: 1 } }));
}

function shown(brake: Brake, counts: readonly HeldCount[], journeys: readonly string[]): BrakeShown {
  const by = new Map<string, number>();
  for (const count of counts)
    for (const [user, events] of Object.entries(count.by)) by.set(user, (by.get(user) ?? 0) + events);
  const users = [...by].sort(([, one], [, other]) => other - one).slice(0, MOST_USERS_SHOWN);
  const { decided, trigger } = brake;
  return {
    trigger,
    since: new Date(brake.since).toISOString(),
    ...{ usualInHour: brake.usual, limitInHour: brake.limit, calm: brake.calm, journeys },
    held: Math.max(
      0,
      counts.reduce((sum, count) => sum + count.held, 0),
    ),
    by: users.filter(([, events]) => events > 0).map(([user, events]) => ({ user: user === "" ? null : user, events })),
    decided:
      decided === null
        ? null
        : { kind: decided.kind, by: decided.by, ...(decided.kind === "release" && { perMinute: decided.perMinute }) },
  };
}

/** A page of the events that wait, the oldest first. `id` is what choosing takes. */
export async function listHeld(
  trigger: string,
  next: string | undefined,
  { brakes }: Pick<Deps, "brakes">,
): Promise<{ readonly held: readonly HeldShown[]; readonly next: string | null }> {
  const page = await brakes.held(trigger, CHUNK, next);
  return { held: page.rows.map(({ row, value }) => heldShown(row, value)), next: page.continuation ?? null };
}

export interface HeldShown {
  readonly id: string;
  readonly at: string;
  readonly record: string | null;
  readonly by: string | null;
  /** Whoever it may be about, in the order in which they are tried. */
  readonly people: readonly string[];
}

function heldShown(id: string, { event }: HeldEvent): HeldShown {
  const record = event.record === null ? null : `${event.record.table}:${event.record.id}`;
  const people = event.candidates.flatMap((it) => ("id" in it ? [`${it.table}:${it.id}`] : []));
  const member = event.member === null ? people : [event.member];
  return { id, at: event.at, record, by: event.by, people: member };
}

/** What an operator answers: `choose` lets some in at once, and the rest waits on or is given up. */
export type BrakeAnswer =
  | { readonly do: "release"; readonly perMinute: number }
  | { readonly do: "discard" }
  | { readonly do: "choose"; readonly ids: readonly string[]; readonly rest: "keep" | "discard" };

/** Writes an answer down: a timer carries it out; who was chosen enters at once. @throws BUS_UNAVAILABLE */
export async function decideBrake(
  trigger: string,
  answer: BrakeAnswer,
  by: string,
  deps: Needs,
): Promise<{ readonly kind: "decided"; readonly entered: number } | { readonly kind: "missing" }> {
  const there = await deps.brakes.brake(trigger);
  if (there === undefined) return { kind: "missing" };
  const at = deps.clock.now();
  let entered = 0;
  if (answer.do === "choose") {
    const rows = [];
    for (const row of answer.ids) {
      const value = await deps.brakes.heldOne(trigger, row);
      if (value !== undefined) rows.push({ row, value });
    }
    await release(trigger, rows, deps);
    entered = rows.length;
  }
  const decided = decisionOf(answer, by, at);
  if (decided !== undefined && !(await deps.brakes.set({ ...there.value, decided }, there.etag)))
    return decideBrake(trigger, answer, by, deps);
  return { kind: "decided", entered };
}

function decisionOf(answer: BrakeAnswer, by: string, at: number): Exclude<Brake["decided"], null> | undefined {
  if (answer.do === "release") return { kind: "release", perMinute: answer.perMinute, by, at, upTo: at };
  if (answer.do === "discard" || answer.rest === "discard") return { kind: "discard", by, at };
  return undefined;
}

/** For the timer: releases so many a minute, gives up what was given up, opens a brake that nothing waits for. */
export async function tendBrakes(deps: Needs): Promise<{ readonly released: number; readonly discarded: number }> {
  let released = 0;
  let discarded = 0;
  for (const { value, etag } of await deps.brakes.brakes()) {
    if (value.decided?.kind === "release") released += await releaseSome(value, etag, deps);
    if (value.decided?.kind === "discard") discarded += await discardSome(value, value.decided, etag, deps);
    await openIfEmpty(value.trigger, deps);
  }
  await deps.brakes.drop(deps.clock.now() - 3 * WEEK_MS);
  return { released, discarded };
}

async function releaseSome(brake: Brake, etag: string, deps: Needs): Promise<number> {
  const { decided, trigger } = brake;
  if (decided?.kind !== "release") return 0;
  const now = deps.clock.now();
  const due = Math.floor(((now - decided.upTo) / MINUTE_MS) * decided.perMinute);
  const most = Math.min(due, MOST_A_RUN);
  if (most <= 0) return 0;
  // The time that these take up is used; where fewer wait, it is over anyway.
  const upTo = most < due ? decided.upTo + Math.ceil((most / decided.perMinute) * MINUTE_MS) : now;
  if (!(await deps.brakes.set({ ...brake, decided: { ...decided, upTo } }, etag))) return 0;
  let released = 0;
  while (released < most) {
    const { rows } = await deps.brakes.held(trigger, Math.min(CHUNK, most - released));
    if (rows.length === 0) break;
    await release(trigger, rows, deps);
    released += rows.length;
  }
  return released;
}

/** As events that are told to no run, for these heard of them when they came; the same event enters once. */
async function release(
  trigger: string,
  rows: readonly { readonly row: string; readonly value: HeldEvent }[],
  { brakes, bus }: Pick<Deps, "brakes" | "bus">,
): Promise<void> {
  const messages = rows.map(({ value: { event } }) =>
    eventMessage({ ...event, entryOnly: { journey: null } }, hash("released", event.id)),
  );
  await bus.publish(messages);
  await brakes.letGo(
    trigger,
    rows.map(({ row }) => row),
  );
  await brakes.countGone(
    trigger,
    rows.map(({ value }) => value.event),
  );
}

async function discardSome(
  brake: Brake,
  { at, by }: { readonly at: number; readonly by: string },
  etag: string,
  deps: Needs,
): Promise<number> {
  const { trigger } = brake;
  let discarded = 0;
  let next: string | undefined;
  do {
    const page = await deps.brakes.held(trigger, CHUNK, next);
    const meant = page.rows.filter(({ value }) => value.at <= at);
    for (const { value } of meant) await keepDiscarded(value.event, by, deps);
    await deps.brakes.letGo(
      trigger,
      meant.map(({ row }) => row),
    );
    await deps.brakes.countGone(
      trigger,
      meant.map(({ value }) => value.event),
    );
    discarded += meant.length;
    next = page.continuation;
  } while (next !== undefined && discarded < MOST_A_RUN);
  // What came after the answer is a new question.
  if (next === undefined) await deps.brakes.set({ ...brake, decided: null }, etag);
  return discarded;
}

async function keepDiscarded(event: TriggerEvent, by: string, deps: Needs): Promise<void> {
  const { entries } = await deps.catalogue.current();
  const record = event.record === null ? null : `${event.record.table}:${event.record.id}`;
  const places = [record, event.member].filter((about) => about !== null);
  for (const { journey, version } of entries.get(event.trigger) ?? []) {
    const decision: EntryDecision = {
      ...{ kind: "entry", at: eventTime(event), event: event.id, journey: journey.slug, member: event.member },
      ...{ outcome: "turned-away", reason: `held by the surge brake, and given up by ${by}`, run: null },
      ...{ trigger: event.trigger, change: event.change, record, version, code: "given-up" },
      decidedAt: deps.clock.now(),
    };
    for (const about of new Set(places)) await deps.decisions.writeUnlessEntered(about, decision);
  }
}

/**
 * Nothing waits any more: what comes now enters, and a while later the brake goes. In two steps, for a process may hold
 * events for some seconds after that, by what it knew: these must not wait at a brake that is gone.
 */
async function openIfEmpty(trigger: string, { brakes, clock }: Pick<Deps, "brakes" | "clock">): Promise<void> {
  const there = await brakes.brake(trigger);
  if (there === undefined) return;
  const { opening, ...brake } = there.value;
  const isEmpty = (await brakes.held(trigger, 1)).rows.length === 0;
  const now = clock.now();
  if (isEmpty && opening === undefined) await brakes.set({ ...brake, calm: true, opening: now }, there.etag);
  else if (isEmpty && opening !== undefined && now - opening >= HEARD_MS) await brakes.open(trigger, there.etag);
  else if (!isEmpty && opening !== undefined) await brakes.set(brake, there.etag);
}
