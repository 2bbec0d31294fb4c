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
  const members = event.member === null ? [] : [event.member, ...(await deps.members.formerSelves(event.member))];
  await writeInboxes(event, members, deps);

  const runs = new Map<string, string>();
  for (const member of members)
    for (const { state } of await deps.members.liveRuns(member))
      if (caring.has(state.journey)) runs.set(state.run, member);
  for (const bound of event.record === null ? [] : await deps.bindings.runs(event.record))
    if (caring.has(bound.journey)) runs.set(bound.run, bound.member);
  for (const [run, member] of runs) await wakeRun({ run, member }, runner, deps.members);
  return runs.size;
}

async function writeInboxes(event: TriggerEvent, members: readonly string[], deps: Needs): Promise<void> {
  const at = eventTime(event);
  const expires = dayOf(Math.max(at, deps.clock.now()) + (OLDEST_ENTRY_DAYS + 1) * DAY_MS);
  for (const member of members) {
    // To the runs of a person that was merged, what happens to the survivor happens to them.
    await deps.members.deliver(member, at, { kind: "event", event: { ...event, member } });
    await deps.expiry.put(expires, { of: { member }, at, id: event.id });
  }
  const { record } = event;
  if (record === null) return;
  await deps.bindings.deliver(record, at, { kind: "event", event });
  await deps.expiry.put(expires, { of: { record }, at, id: event.id });
}
