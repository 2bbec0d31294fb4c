import type { TriggerEvent } from "../domain/event.ts";
import { toEvent } from "../domain/to-event.ts";
import type { RecordTrigger } from "../domain/trigger.ts";
import type { BusMessage } from "../ports/bus.ts";
import { hash } from "../stores/hash.ts";
import { columnsOf } from "./audience-rows.ts";
import type { Deps } from "./deps.ts";
import { type PastFire, readPastFires } from "./past-changes.ts";

/** Which past changes are entered now: these ones, these records' latest, or each record's latest of the last days. */
export type CatchUp =
  | { readonly changes: readonly { readonly record: string; readonly at: string }[] }
  | { readonly records: readonly string[] }
  | { readonly days: number };

export interface CaughtUp {
  /** Events given to the bus: what becomes of each stands in the record's decisions. */
  readonly published: number;
  /** Records without a change that the trigger listens to and would have fired on. */
  readonly passedOver: readonly string[];
  /** Not so where there were more changes than are looked at. */
  readonly complete: boolean;
}

type Needs = Pick<Deps, "bus" | "catalogue" | "clock" | "dataverse" | "decisions" | "history" | "settings">;

/** An entry older than this is turned away. */
export const MOST_DAYS = 30;
const WEEKS = 5;
/** Dataverse stamps an operation in whole seconds, and some seconds after the save. */
const SLACK_MS = 1_000;
const SOON_MS = 300_000;
const LOOKED_UP_AT_ONCE = 20;

/**
 * Publishes the events of past changes, to enter people who were missed: the ordinary way, for its entries alone. An
 * event has the id that the change's own had, if Parcours saw it, else one that is made of the row's time: so that
 * nothing enters twice, however often this is asked.
 */
export async function catchUp(
  trigger: RecordTrigger,
  wanted: CatchUp,
  journey: string | null,
  deps: Needs,
): Promise<CaughtUp> {
  const { columns } = await deps.catalogue.current();
  const carried = columns.get(trigger.slug) ?? new Set<string>();
  const records = recordsOf(wanted);
  const asked = "days" in wanted ? wanted : { days: MOST_DAYS, records };
  const { fires, complete } = await readPastFires(trigger, asked, carried, deps);
  const latest = "changes" in wanted ? chosen(fires, wanted.changes) : latestOfEach(fires);
  for (let from = 0; from < latest.length; from += LOOKED_UP_AT_ONCE) {
    const part = latest.slice(from, from + LOOKED_UP_AT_ONCE);
    const messages = part.map(async (fire) => {
      const id = (await knownChange(trigger, fire, nextOf(fire, fires), deps)) ?? madeUp(trigger, fire);
      return messageOf(eventOf(trigger, fire, id, carried, journey, deps), deps);
    });
    await deps.bus.publish(await Promise.all(messages));
  }
  const found = new Set(latest.map(({ row }) => row.id));
  const passedOver = records.filter((id) => !found.has(id));
  return { published: latest.length, passedOver, complete };
}

/** When the same record fired next, in milliseconds: what Parcours saw from then on is another change. */
function nextOf({ row, at }: PastFire, fires: readonly PastFire[]): number {
  const later = fires.filter((other) => other.row.id === row.id).map((other) => Date.parse(other.at));
  return Math.min(...later.filter((other) => other > Date.parse(at)));
}

function madeUp({ table }: RecordTrigger, { row, message, at }: PastFire): string {
  return `catch-up:${table}:${row.id}:${message}:${at}`;
}

function recordsOf(wanted: CatchUp): readonly string[] {
  if ("days" in wanted) return [];
  return "records" in wanted ? wanted.records : [...new Set(wanted.changes.map(({ record }) => record))];
}

/** The oldest first. */
function chosen(
  fires: readonly PastFire[],
  changes: readonly { readonly record: string; readonly at: string }[],
): readonly PastFire[] {
  const asked = new Set(changes.map(({ record, at }) => `${record} ${Date.parse(at)}`));
  return fires.filter(({ row, at }) => asked.has(`${row.id} ${Date.parse(at)}`)).reverse();
}

/** A row that was created and saved again enters once: with its latest change, the oldest events first. */
function latestOfEach(fires: readonly PastFire[]): readonly PastFire[] {
  const latest = new Map<string, PastFire>();
  for (const fire of fires) if (!latest.has(fire.row.id)) latest.set(fire.row.id, fire);
  return [...latest.values()].reverse();
}

function eventOf(
  trigger: RecordTrigger,
  { row, message, at, before, by, rest }: PastFire,
  id: string,
  carried: ReadonlySet<string>,
  journey: string | null,
  deps: Needs,
): TriggerEvent {
  const received = new Date(deps.clock.now()).toISOString();
  const past = {
    ...{ id, organization: "", table: trigger.table, record: row.id, message, written: columnsOf(trigger.audience) },
    ...{ before, after: message === "delete" ? null : row.columns, at },
    ...{ by: by ?? "", initiatedBy: by ?? "", depth: 1, tag: null, oversize: false },
  };
  const event = toEvent(trigger, past, { id: hash(trigger.slug, id), received, columns: carried, rest });
  return { ...event, by, entryOnly: { journey } };
}

/**
 * The change that Parcours saw when the row was saved, if it did: the earliest one that is not older than the save, and
 * not what fired next.
 */
async function knownChange(
  trigger: RecordTrigger,
  { row, at }: PastFire,
  next: number,
  { decisions, clock }: Needs,
): Promise<string | undefined> {
  const from = Date.parse(at) - SLACK_MS;
  // Its own second counts, however soon the next one came.
  const until = Math.min(from + SOON_MS, Math.max(next - SLACK_MS, from + SLACK_MS + 1));
  const seen = (await decisions.about(`${trigger.table}:${row.id}`, clock.now(), WEEKS)).flatMap((decision) =>
    decision.kind === "change" && decision.at >= from && decision.at < until ? [decision] : [],
  );
  return seen.sort((one, other) => one.at - other.at)[0]?.change;
}

/** A message of its own, so that the bus does not take it for the change's first one. */
function messageOf(event: TriggerEvent, { clock }: Needs): BusMessage {
  return {
    id: hash("catch-up", event.id, String(clock.now())),
    subject: "event",
    body: event,
    properties: { trigger: event.trigger, hops: event.hops },
  };
}
