import type { TriggerEvent } from "../domain/event.ts";
import { toEvent } from "../domain/to-event.ts";
import type { RecordTrigger } from "../domain/trigger.ts";
import type { BusMessage } from "../ports/bus.ts";
import { hash } from "../stores/hash.ts";
import { columnsOf } from "./audience-rows.ts";
import type { Deps } from "./deps.ts";
import { columnsSeen, firesOf, type PastFire, readPastFires } from "./past-changes.ts";

/** Which past changes are entered now: these records' own, or all of the last days. */
export type CatchUp = { readonly records: readonly string[] } | { readonly days: number };

export interface CaughtUp {
  /** Events given to the bus: what becomes of each stands in the record's decisions. */
  readonly published: number;
  /** Records without a change that the trigger listens to and would have fired on. */
  readonly passedOver: readonly string[];
  /** Older ones than the latest 5 000 rows were not looked at. */
  readonly complete: boolean;
}

type Needs = Pick<Deps, "bus" | "catalogue" | "clock" | "dataverse" | "decisions">;

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
  const { fires, complete } =
    "days" in wanted
      ? await readPastFires(trigger, wanted.days, carried, deps)
      : { fires: await firesOfRecords(trigger, wanted.records, carried, deps), complete: true };
  const latest = latestOfEach(fires);
  for (let from = 0; from < latest.length; from += LOOKED_UP_AT_ONCE) {
    const part = latest.slice(from, from + LOOKED_UP_AT_ONCE);
    const messages = part.map(async (fire) => messageOf(await eventOf(trigger, fire, carried, journey, deps), deps));
    await deps.bus.publish(await Promise.all(messages));
  }
  const found = new Set(latest.map(({ row }) => row.id));
  const passedOver = "days" in wanted ? [] : wanted.records.filter((id) => !found.has(id));
  return { published: latest.length, passedOver, complete };
}

async function firesOfRecords(
  trigger: RecordTrigger,
  records: readonly string[],
  carried: ReadonlySet<string>,
  deps: Needs,
): Promise<readonly PastFire[]> {
  const rows = await deps.dataverse.readMany(trigger.table, records, columnsSeen(trigger, carried));
  const since = deps.clock.now() - MOST_DAYS * 86_400_000;
  const found = [...rows].map(([id, columns]) => ({ id, columns }));
  return firesOf(trigger, found, since, deps);
}

/** A row that was created and saved again enters once: with its latest change, the oldest events first. */
function latestOfEach(fires: readonly PastFire[]): readonly PastFire[] {
  const latest = new Map<string, PastFire>();
  for (const fire of fires) if (!latest.has(fire.row.id)) latest.set(fire.row.id, fire);
  return [...latest.values()].reverse();
}

async function eventOf(
  trigger: RecordTrigger,
  { row, change }: PastFire,
  carried: ReadonlySet<string>,
  journey: string | null,
  deps: Needs,
): Promise<TriggerEvent> {
  const { message, at } = change;
  const id = (await knownChange(trigger, row.id, at, deps)) ?? `catch-up:${trigger.table}:${row.id}:${message}:${at}`;
  const received = new Date(deps.clock.now()).toISOString();
  const past = {
    ...{ id, organization: "", table: trigger.table, record: row.id, message, written: columnsOf(trigger.audience) },
    ...{ before: null, after: row.columns, at, by: "", initiatedBy: "", depth: 1, tag: null, oversize: false },
  };
  const event = toEvent(trigger, past, { id: hash(trigger.slug, id), received, columns: carried });
  // Who made the change is kept nowhere.
  return { ...event, by: null, entryOnly: { journey } };
}

/** The change that Parcours saw when the row was saved, if it did: the earliest one that is not older than the save. */
async function knownChange(
  trigger: RecordTrigger,
  record: string,
  at: string,
  { decisions, clock }: Needs,
): Promise<string | undefined> {
  const from = Date.parse(at) - SLACK_MS;
  const seen = (await decisions.about(`${trigger.table}:${record}`, clock.now(), WEEKS)).flatMap((decision) =>
    decision.kind === "change" && decision.at >= from && decision.at <= from + SOON_MS ? [decision] : [],
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
