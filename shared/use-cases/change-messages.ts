import { importMark } from "../domain/authors.ts";
import type { Change, Via } from "../domain/change.ts";
import { hopsOf } from "../domain/event.ts";
import { matchReadBack } from "../domain/match-read-back.ts";
import { match } from "../domain/matcher.ts";
import { same } from "../domain/sameness.ts";
import { mergeEvent, toEvent } from "../domain/to-event.ts";
import type { RecordTrigger } from "../domain/trigger.ts";
import type { BusMessage } from "../ports/bus.ts";
import { hash } from "../stores/hash.ts";
import type { ParkedItem } from "../stores/outboxes.ts";
import type { ChangeReport } from "../wire/bus-messages.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Deps, Settings } from "./deps.ts";
import { fitEvent, fitReason, isLarge } from "./fit-message.ts";
import { eventMessage } from "./interaction-event.ts";

/** What follows from a change: its events and its report for the topic, and events that an operator must decide on. */
export interface ChangeMessages {
  readonly messages: readonly BusMessage[];
  /** Slugs of the triggers that fired. */
  readonly triggers: readonly string[];
  /** Whether there is more to say than that no column which triggers look at changed. */
  readonly news: boolean;
  /** Whether these fire, nobody can tell: what would have to be known is their reason. */
  readonly unknown: readonly ParkedItem[];
}

/** Judges a change by the catalogue of now. A body that a message points to is stored before this answers. */
export async function changeMessages(
  given: Change,
  via: Via,
  deps: Pick<Deps, "catalogue" | "changes" | "clock" | "settings">,
): Promise<ChangeMessages> {
  const change = marked(given, deps.settings);
  const now = deps.clock.now();
  const catalogue = await deps.catalogue.current();
  const { fired, rests, considered, unknown } = judged(change, catalogue, now);
  const received = new Date(now).toISOString();
  const eventOf = (trigger: RecordTrigger) =>
    fitEvent(
      toEvent(trigger, change, {
        id: hash(trigger.slug, change.id),
        received,
        hops: hopsBefore(change, deps.settings),
        columns: catalogue.columns.get(trigger.slug) ?? new Set(),
        rest: rests.get(trigger.slug),
      }),
      change,
      deps.changes,
    );
  const events = fired.map(eventOf);
  const merged = mergeEvent(change, { id: hash("contact-merged", change.id), received });
  if (merged !== undefined) events.push(merged);
  const open = unknown.map(({ trigger, asks }) => ({ trigger: trigger.slug, asks, event: eventOf(trigger) }));
  const report: ChangeReport = {
    change: change.id,
    about: `${change.table}:${change.record}`,
    at: change.at,
    fired: fired.map((trigger) => trigger.slug),
    ...(rests.size > 0 && { open: [...rests.keys()] }),
    considered: considered.map(({ trigger, failed }) => ({ trigger, failed: fitReason(failed) })),
    generation: catalogue.generation,
    body: change,
    changeRef: null,
    ...(via === "webhook" ? {} : { via }),
    ...(change.readBack === undefined && via === "webhook" ? {} : { received }),
    ...(open.length === 0 ? {} : { unknown: open.map(({ trigger, asks }) => ({ trigger, asks })) }),
  };
  // A body is stored ahead of the messages that point to it: whoever reads one finds the other.
  const points = isLarge(report) || [...events, ...open.map(({ event }) => event)].some((it) => it.changeRef !== null);
  const changeRef = points || change.readBack !== undefined ? await deps.changes.store(change) : null;
  const reported: ChangeReport = changeRef === null ? report : { ...report, body: null, changeRef };
  const messages: BusMessage[] = [
    ...events.map((event) => eventMessage(event)),
    // A report of another way must not be taken for the double of the webhook's.
    {
      id:
        via === "webhook" && change.readBack === undefined ? hash("report", change.id) : hash("report", change.id, via),
      subject: "change",
      body: reported,
      properties: { table: change.table },
    },
  ];
  // Nobody need decide on what no journey uses.
  const used = open.filter(({ trigger }) => catalogue.entries.has(trigger) || catalogue.cares.has(trigger));
  const asked = used.map(({ asks, event }) => askedOf(event, asks, change));
  const news = events.length > 0 || asked.length > 0 || considered.some(({ failed }) => failed !== "not-changed");
  return { messages, triggers: report.fired, news, unknown: asked };
}

/** Kept with the change: whoever asks later why it fired or not judges it by the same. */
function marked(change: Change, { importUsers }: Pick<Settings, "importUsers">): Change {
  const imported = importMark(change, importUsers);
  return imported === undefined ? change : { ...change, imported };
}

/** The tag tells; without one it is still Parcours's own write where its own user made it. */
function hopsBefore(change: Change, { ownUser }: Pick<Settings, "ownUser">): number {
  const told = hopsOf(change.tag);
  return told === 0 && ownUser !== null && same(change.by, ownUser) ? 1 : told;
}

interface Judged {
  readonly fired: readonly RecordTrigger[];
  readonly rests: ReturnType<typeof match>["rests"];
  readonly considered: ReturnType<typeof match>["considered"];
  readonly unknown: ReturnType<typeof matchReadBack>["unknown"];
}

function judged(change: Change, { matcher, records }: Catalogue, now: number): Judged {
  if (change.readBack === undefined) return { ...match(matcher, change, now), unknown: [] };
  const told = matchReadBack(records.get(change.table) ?? [], change, now);
  const rests = new Map(told.fired.flatMap(({ trigger, rest }) => (rest === undefined ? [] : [[trigger.slug, rest]])));
  return { ...told, fired: told.fired.map(({ trigger }) => trigger), rests };
}

/** By the change's own time and the event's id: judged again, it is the same row. */
function askedOf(event: { readonly id: string }, asks: readonly string[], change: Change): ParkedItem {
  const { readBack } = change;
  const gone = readBack?.gone === true && change.message !== "delete" ? "; the row is gone" : "";
  return {
    id: event.id,
    at: Date.parse(change.at),
    source: "trigger-events",
    kind: "unknown",
    reason: `whether it fires depends on ${asks.join(", ")}, which nobody can tell: ${WHY[readBack?.why ?? "oversize"]}${gone}`,
    body: JSON.stringify(event),
    journey: null,
  };
}

const WHY = {
  oversize: "the change was too large for Dataverse to send, and the row was read later",
  "failed-job": "Dataverse's call of the webhook was lost, and the row was read later",
  "change-tracking": "the change was made past the business logic, and change tracking tells only how the row is now",
} as const;
