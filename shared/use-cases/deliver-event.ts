import { eventTime, type TriggerEvent } from "../domain/event.ts";
import type { Runner } from "../ports/runner.ts";
import { dayOf } from "../stores/expiry.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Deps } from "./deps.ts";
import { wakeRun } from "./wake-run.ts";

const DAY_MS = 86_400_000;
/** An entry event older than this is turned away, so an inbox need not keep what is older. */
export const OLDEST_ENTRY_DAYS = 30;

type Needs = Pick<Deps, "bindings" | "clock" | "expiry" | "members">;

/**
 * Brings an event to whoever cares, if some version does: first the inboxes, then the live runs are read and woken
 * (rule 3), so that a bringer and a run that is just entering can't both miss each other. Answers how many were woken.
 */
export async function deliverAndWake(
  event: TriggerEvent,
  catalogue: Catalogue,
  runner: Runner,
  deps: Needs,
): Promise<number> {
  const caring = catalogue.cares.get(event.trigger);
  if (caring === undefined) return 0;
  const members: string[] = [];
  if (event.member !== null) {
    await writeInbox(event.member, event, deps);
    // After the survivor's inbox: a merge writes who was merged, then looks there (`bringPast`). One sees the other.
    const former = await deps.members.formerSelves(event.member);
    for (const member of former) await writeInbox(member, event, deps);
    members.push(event.member, ...former);
  }
  await writeRecordInbox(event, deps);

  const runs = new Map<string, string>();
  for (const member of members)
    for (const { state } of await deps.members.liveRuns(member))
      if (caring.has(state.journey)) runs.set(state.run, member);
  for (const bound of event.record === null ? [] : await deps.bindings.runs(event.record))
    if (caring.has(bound.journey)) runs.set(bound.run, bound.member);
  for (const [run, member] of runs) await wakeRun({ run, member }, runner, deps.members);
  return runs.size;
}

/** After a merge: what was brought to the survivor alone since then is brought to the runs of the one that is gone. */
export async function bringPast(
  gone: string,
  survivor: string,
  since: number,
  runner: Runner,
  deps: Needs,
): Promise<void> {
  const past = await deps.members.inbox(survivor, since);
  for (const member of [gone, ...(await deps.members.formerSelves(gone))]) {
    // An interaction is about one run: it is where it belongs.
    for (const item of past)
      if (item.kind === "event" && item.event.run === null) await writeInbox(member, item.event, deps);
    for (const { state } of await deps.members.liveRuns(member))
      await wakeRun({ run: state.run, member }, runner, deps.members);
  }
}

/** To the runs of a person that was merged, what happens to the survivor happens to them. */
async function writeInbox(member: string, event: TriggerEvent, deps: Needs): Promise<void> {
  const at = eventTime(event);
  await deps.members.deliver(member, at, { kind: "event", event: { ...event, member } });
  await deps.expiry.put(expiryOf(at, deps), { of: { member }, at, id: event.id });
}

async function writeRecordInbox(event: TriggerEvent, deps: Needs): Promise<void> {
  const { record } = event;
  if (record === null) return;
  const at = eventTime(event);
  await deps.bindings.deliver(record, at, { kind: "event", event });
  await deps.expiry.put(expiryOf(at, deps), { of: { record }, at, id: event.id });
}

function expiryOf(at: number, { clock }: Pick<Deps, "clock">): number {
  return dayOf(Math.max(at, clock.now()) + (OLDEST_ENTRY_DAYS + 1) * DAY_MS);
}
