import type { EntryDecision } from "../domain/decision.ts";
import { countingsOf, explain, fieldsOf } from "../domain/evaluate.ts";
import { eventTime, type TriggerEvent } from "../domain/event.ts";
import type { JourneyVersion } from "../domain/journey.ts";
import type { Refusal } from "../domain/refusal.ts";
import { isInteraction } from "../domain/trigger.ts";
import { isRetryable } from "../errors.ts";
import type { Runner } from "../ports/runner.ts";
import { hash } from "../stores/hash.ts";
import { rowsHold } from "./ask-rows.ts";
import type { Catalogue } from "./catalogue.ts";
import { bringPast, deliverAndWake, OLDEST_ENTRY_DAYS } from "./deliver-event.ts";
import type { Deps } from "./deps.ts";
import { type Entry, enterJourney } from "./enter-journey.ts";
import { shortened } from "./fit-message.ts";
import { type Person, resolvePerson } from "./resolve-person.ts";
import { readValues } from "./values.ts";
import { writeAnswerBack } from "./write-answer-back.ts";
import { writeConsentBack } from "./write-consent-back.ts";

const DAY_MS = 86_400_000;

/** More of Parcours's own effects in a row than any design needs. */
const MOST_HOPS = 5;

/** What became of an event: who it was about, which runs were woken, which journeys it entered. */
export interface EventReceived {
  readonly member: string | null;
  readonly woken: number;
  readonly entries: readonly { readonly journey: string; readonly outcome: string }[];
}

/**
 * The one door: resolve the person, write the inboxes, wake the runs that care, start the journeys that it enters, in
 * that order (rule 3): a run that is just entering reads the inbox in its first activity.
 */
export async function receiveEvent(event: TriggerEvent, runner: Runner, deps: Deps): Promise<EventReceived> {
  if (event.hops > MOST_HOPS) {
    const reason = `a loop: ${event.hops} effects of Parcours stand in a row before it`;
    await park(event, reason, null, deps);
    return { member: event.member, woken: 0, entries: [] };
  }
  const { entryOnly } = event;
  deps.measure.label({ trigger: event.trigger });
  deps.measure.count("parcours.events", { trigger: event.trigger });
  const catalogue = await deps.catalogue.current();
  const person = event.member === null ? await resolvePerson(event.candidates, deps) : undefined;
  const member = event.member ?? (person?.kind === "member" ? person.member : null);
  const trace = deps.measure.trace();
  const { rest, ...known }: TriggerEvent = { ...event, member, ...(trace === undefined ? {} : { trace }) };
  // Nothing happened where the trigger's condition does not hold: no run hears of it, nobody enters.
  if (rest !== undefined && !(await rowsHold(known, rest, deps))) return { member, woken: 0, entries: [] };
  if (event.trigger === "survey-answered") await writeAnswerBack(event, deps);
  if (event.trigger === "mail-unsubscribed") await writeConsentBack(event, deps);
  if (event.trigger === "contact-merged" && event.record !== null && member !== null) {
    const gone = `contact:${event.record.id}`;
    await deps.members.merge(gone, member);
    await bringPast(gone, member, eventTime(event), runner, deps);
  }

  if (person?.kind === "nobody" && catalogue.custom.has(event.trigger)) await decideNobody(event, person, deps);
  const woken = entryOnly === undefined ? await deliverAndWake(known, catalogue, runner, deps) : 0;
  const entries: { journey: string; outcome: string }[] = [];
  const held = await waits(known, catalogue, deps);
  if (held) deps.measure.count("parcours.braked", { trigger: event.trigger });
  for (const version of catalogue.entries.get(event.trigger) ?? []) {
    if (entryOnly !== undefined && (entryOnly.journey ?? version.journey.slug) !== version.journey.slug) continue;
    const entry = held ? HELD : await admit(version, known, person, runner, deps);
    if (held) await keepEntry(HELD, version, known, person, deps);
    deps.measure.count("parcours.entries", { journey: version.journey.slug, outcome: entry.kind });
    entries.push({ journey: version.journey.slug, outcome: entry.kind });
  }
  if (entries.length === 0 && woken === 0 && catalogue.custom.has(event.trigger)) await keepUnused(known, deps);
  await logFired(known, woken, entries, deps);
  deps.measure.record("parcours.lag.handled", deps.clock.now() - Date.parse(event.received));
  return { member, woken, entries };
}

/** For the trigger's own page: what it fired, and what became of it. */
async function logFired(
  { id, trigger, record, message, ...event }: TriggerEvent,
  woken: number,
  entries: EventReceived["entries"],
  { triggerLog }: Pick<Deps, "triggerLog">,
): Promise<void> {
  const about = record === null ? null : `${record.table}:${record.id}`;
  await triggerLog.write(trigger, { id, at: eventTime(event), record: about, message, woken, entries });
}

const HELD: Entry = {
  ...{ kind: "turned-away", code: "held", run: null },
  reason: "waits for an operator: the trigger fires far more often than usual",
};

/**
 * Whether the event's entries wait at the surge brake. What somebody asked for, and what follows from Parcours's own
 * mails, is no surge; whom nobody names can't enter anyway.
 */
async function waits(event: TriggerEvent, { entries }: Catalogue, { brake }: Pick<Deps, "brake">): Promise<boolean> {
  if (event.entryOnly !== undefined || event.member === null || isInteraction(event.trigger)) return false;
  return entries.has(event.trigger) && !(await brake.admits(event));
}

/** An event of another system that names nobody, or several: the reason stands whether or not a journey would enter. */
async function decideNobody(
  event: TriggerEvent,
  person: Extract<Person, { kind: "nobody" }>,
  deps: Pick<Deps, "decisions">,
): Promise<void> {
  const about = event.record === null ? `trigger:${event.trigger}` : `${event.record.table}:${event.record.id}`;
  await deps.decisions.write(about, {
    kind: "event",
    at: eventTime(event),
    event: event.id,
    trigger: event.trigger,
    outcome: person.ambiguous === true ? "ambiguous" : "unknown",
    reason: person.reason,
  });
}

/** An event of another system that nothing used: it came, and that is all that there is to say when somebody asks. */
async function keepUnused(
  { id, trigger, member, record, ...event }: TriggerEvent,
  { decisions }: Pick<Deps, "decisions">,
): Promise<void> {
  if (member === null) return;
  const about = new Set([member, ...(record === null ? [] : [`${record.table}:${record.id}`])]);
  const decision = { kind: "unused", at: eventTime(event), event: id, trigger } as const;
  for (const place of about) await decisions.write(place, decision);
}

/** Whether the event lets its person into the journey; the reason is written either way. One journey's fault is its own. */
async function admit(
  version: JourneyVersion,
  event: TriggerEvent,
  person: Person | undefined,
  runner: Runner,
  deps: Deps,
): Promise<Entry> {
  const nobody = person?.kind === "nobody" ? person.reason : "the event names nobody";
  let entry: Entry;
  try {
    entry = await decide(version, event, nobody, runner, deps);
  } catch (fault) {
    if (isRetryable(fault)) throw fault;
    const reason = fault instanceof Error ? fault.message : String(fault);
    await park(event, reason, version.journey.slug, deps);
    entry = { kind: "turned-away", code: "parked", reason: `parked: ${reason}`, run: null };
  }
  await keepEntry(entry, version, event, person, deps);
  return entry;
}

/** Under the record and under the person: whoever asks why asks about either. */
async function keepEntry(
  entry: Entry,
  { journey, version }: JourneyVersion,
  event: TriggerEvent,
  person: Person | undefined,
  { clock, decisions }: Pick<Deps, "clock" | "decisions">,
): Promise<void> {
  const record = event.record === null ? null : `${event.record.table}:${event.record.id}`;
  const refusal = entry.kind === "entered" ? undefined : entry;
  const decision: EntryDecision = {
    kind: "entry",
    ...{ at: eventTime(event), event: event.id, journey: journey.slug, member: event.member },
    ...{ outcome: entry.kind, reason: refusal?.reason ?? null, run: entry.run },
    ...{ trigger: event.trigger, change: event.change, record, version, decidedAt: clock.now() },
    ...(person?.kind === "member" ? { way: person.way, standing: person.standing } : {}),
    ...(refusal === undefined ? {} : { code: refusal.code }),
    ...(refusal?.failed === undefined ? {} : { failed: refusal.failed }),
  };
  const places = new Set([record, event.member].filter((about) => about !== null));
  for (const about of places)
    if (entry === HELD) await decisions.writeUnlessEntered(about, decision);
    else await decisions.write(about, decision);
}

/** For good: an operator looks at it. `journey`: the one at whose fault it is, while the others went on. */
async function park(
  event: TriggerEvent,
  reason: string,
  journey: string | null,
  deps: Pick<Deps, "clock" | "parked">,
): Promise<void> {
  const id = hash(event.id, journey ?? "");
  const body = JSON.stringify(event);
  const at = deps.clock.now();
  await deps.parked.put({ id, at, source: "trigger-events", kind: "permanent", reason, body, journey });
}

/** Whether the trigger's author wants Parcours's own writes to let people in. Its hops are limited all the same. */
async function letsOwnIn({ record, trigger }: TriggerEvent, { catalogue }: Pick<Deps, "catalogue">): Promise<boolean> {
  const { records } = await catalogue.current();
  const found = records.get(record?.table ?? "")?.find(({ slug }) => slug === trigger);
  return found?.ignore?.own === false;
}

async function decide(
  version: JourneyVersion,
  event: TriggerEvent,
  nobody: string,
  runner: Runner,
  deps: Deps,
): Promise<Entry> {
  const { member } = event;
  if (member === null) return { kind: "turned-away", code: "nobody", reason: nobody, run: null };
  const refused = async (): Promise<Refusal | undefined> => {
    // Else a journey that writes what lets people into another one would go on without end (rule 11). What becomes of
    // its mails lets in all the same, as authors mean it: too many in a row of these are parked.
    if (event.hops > 0 && event.change !== null && !(await letsOwnIn(event, deps)))
      return { code: "own-write", reason: "Parcours made this change itself" };
    if (deps.clock.now() - eventTime(event) > OLDEST_ENTRY_DAYS * DAY_MS)
      return { code: "too-old", reason: `happened over ${OLDEST_ENTRY_DAYS} days ago` };
    const { filter } = version.journey.entry;
    if (filter === undefined) return undefined;
    const seen = { member, entry: event, entering: true, surveys: {}, codes: {}, awaited: {} };
    const { lookup, counts } = await readValues(fieldsOf(filter), seen, deps, countingsOf(filter));
    const failed = explain(filter, lookup, deps.clock.now(), counts);
    return failed && { code: "filter", reason: "the entry filter does not hold", failed: shortened(failed) };
  };
  return enterJourney(version, event, member, refused, runner, deps);
}
