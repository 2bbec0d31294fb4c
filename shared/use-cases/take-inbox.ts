import type { Lookup } from "../domain/compare.ts";
import { eventTime } from "../domain/event.ts";
import { eventLookup } from "../domain/event-lookup.ts";
import { askedOnArrival } from "../domain/fields.ts";
import type { JourneyVersion } from "../domain/journey.ts";
import { obey, type Progress, take } from "../domain/machine.ts";
import type { RunState } from "../domain/run.ts";
import { type InboxItem, inboxId } from "../stores/members.ts";
import { completeEvent } from "./complete-event.ts";
import type { Deps } from "./deps.ts";

/** Facts in one commit: a transaction takes a hundred rows, and the last event taken adds a handful. */
const MOST_FACTS = 40;

/** What may concern a run, by time, and how to read the columns of events that leave out long ones, by their id. */
export interface Inbox {
  readonly items: readonly InboxItem[];
  readonly lookups: ReadonlyMap<string, Lookup>;
}

/** What lies in the inboxes of the run's person and record since it entered; an event in both counts once. */
export async function readInbox(
  state: RunState,
  { journey }: JourneyVersion,
  deps: Pick<Deps, "bindings" | "changes" | "members">,
): Promise<Inbox> {
  const [own, records] = await Promise.all([
    deps.members.inbox(state.member, state.since),
    state.entry.record === null ? [] : deps.bindings.inbox(state.entry.record, state.since),
  ]);
  const seen = new Map([...records, ...own].map((item) => [inboxId(item), item]));
  const items = [...seen.values()].sort((a, b) => timeOf(a) - timeOf(b));
  const lookups = new Map<string, Lookup>();
  for (const item of items) {
    if (item.kind !== "event" || item.event.changeRef === null || state.taken.includes(item.event.id)) continue;
    const asked = askedOnArrival(journey, item.event.trigger);
    lookups.set(item.event.id, eventLookup(await completeEvent(item.event, asked.event, asked.before, deps)));
  }
  return { items, lookups };
}

/** Lets the run take what concerns it. `again`: the rest comes with the next commit. */
export async function takeInbox(
  before: Progress,
  version: JourneyVersion,
  inbox: Inbox,
  now: number,
  deps: Pick<Deps, "journeys" | "measure">,
): Promise<Progress & { readonly again: boolean }> {
  let progress = before;
  for (let moved = true; moved; ) {
    moved = false;
    for (const item of inbox.items) {
      if (progress.state.ended !== null) return { ...progress, again: false };
      // The rest, and what was let lie before, is for the new version.
      if (progress.state.version !== version.version) return { ...progress, again: true };
      if (progress.facts.length >= MOST_FACTS) return { ...progress, again: true };
      const taken = await takeOne(progress.state, version, item, inbox.lookups, now, deps);
      if (taken === undefined) continue;
      if (item.kind === "event") deps.measure.link(item.event.trace);
      progress = { state: taken.state, facts: [...progress.facts, ...taken.facts] };
      moved = true; // a step that it came to may wait for something that came before
    }
  }
  return { ...progress, again: false };
}

async function takeOne(
  state: RunState,
  version: JourneyVersion,
  item: InboxItem,
  lookups: Inbox["lookups"],
  now: number,
  deps: Pick<Deps, "journeys">,
): Promise<Progress | undefined> {
  if (item.kind === "event") return take(version.journey, state, item.event, now, lookups.get(item.event.id));
  if (item.run !== state.run || state.taken.includes(item.id)) return undefined;
  const { command } = item;
  const to = command.kind === "migrate" ? await deps.journeys.revision(state.journey, command.version) : undefined;
  return obey(version.journey, { ...state, taken: [...state.taken, item.id] }, command, to, now);
}

function timeOf(item: InboxItem): number {
  return item.kind === "event" ? eventTime(item.event) : item.at;
}
