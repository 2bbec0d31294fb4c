import { addDuration } from "../domain/duration.ts";
import { eventTime, type TriggerEvent } from "../domain/event.ts";
import type { JourneyVersion } from "../domain/journey.ts";
import { begin } from "../domain/machine.ts";
import type { Refusal } from "../domain/refusal.ts";
import type { Gate } from "../domain/run.ts";
import { assertNever } from "../errors.ts";
import type { Runner } from "../ports/runner.ts";
import { hash } from "../stores/hash.ts";
import type { EntryState } from "../stores/members.ts";
import type { Deps } from "./deps.ts";
import { measureCommit } from "./measure-run.ts";
import { projectRun } from "./project-run.ts";
import { rowOf } from "./run-row.ts";

type Needs = Pick<
  Deps,
  "bindings" | "clock" | "due" | "expiry" | "gates" | "index" | "insights" | "measure" | "members" | "settings"
>;

export type Entry =
  | { readonly kind: "entered"; readonly run: string }
  | ({ readonly kind: "turned-away"; readonly run: string | null } & Refusal);

/**
 * Lets a person into a journey, exactly once for the entry key: one transaction, one winner. An event that comes again
 * finishes what a cut-off first time left undone, so `refused` is asked only where this event did not enter yet: what
 * it looks at may have changed since. Rule 5 of the guarantees.
 */
export async function enterJourney(
  version: JourneyVersion,
  event: TriggerEvent,
  member: string,
  refused: () => Promise<Refusal | undefined>,
  runner: Runner,
  deps: Needs,
): Promise<Entry> {
  const { journey } = version;
  const keyHash = hash(entryKey(version, event));
  const gate = await deps.gates.read(journey.slug);
  for (;;) {
    const before = await deps.members.entryState(member, journey.slug, keyHash);
    if (before.key?.event === event.id) return finish(before.key.run, member, runner, deps);
    const refusal = gate.state === "stopped" ? STOPPED : await refused();
    if (refusal !== undefined) return turnedAway(refusal);
    if (before.key !== undefined) return turnedAway(ENTERED_BEFORE, before.key.run);
    if (tooSoon(version, event, before)) return turnedAway(TOO_SOON);
    const generation = before.last?.value.generation ?? 0;
    const run = `${member}~${hash(journey.slug, keyHash, String(generation))}`;
    // Ahead of the transaction: whoever brings an event about the record finds the run, or the run finds the event.
    const now = deps.clock.now();
    if (event.record !== null) await deps.bindings.bind(event.record, { run, member, journey: journey.slug, at: now });
    const { state, facts } = begin(version, event, { run, member, epoch: epochOf(gate, version) }, now);
    const row = rowOf(undefined, state, facts.length, now, false);
    const last = { at: eventTime(event), count: (before.last?.value.count ?? 0) + 1, generation };
    if ((await deps.members.enter(member, keyHash, before, row, facts, last)) === "conflict") continue;
    measureCommit(undefined, row, facts, version, deps);
    deps.measure.record("parcours.lag.entered", deps.clock.now() - eventTime(event), { journey: journey.slug });
    await projectRun(row, deps, facts);
    await runner.start(run, { member, run });
    return { kind: "entered", run };
  }
}

/** What a delivery of the same event may have left undone: projection and start. */
async function finish(run: string, member: string, runner: Runner, deps: Needs): Promise<Entry> {
  const stored = await deps.members.run(member, run);
  if (stored !== undefined) await projectRun(stored.row, deps);
  if (stored !== undefined && stored.row.state.ended === null) await runner.start(run, { member, run });
  return { kind: "entered", run };
}

/** What the gate asked before does not concern a run; but one whom an old catalogue lets in migrates as all others do. */
function epochOf({ epoch, migrate }: Gate, { version }: JourneyVersion): number {
  return migrate !== null && version < migrate.version ? migrate.epoch - 1 : epoch;
}

function entryKey({ journey }: JourneyVersion, event: TriggerEvent): string {
  const { reentry } = journey.entry;
  switch (reentry.kind) {
    case "never":
      return "once";
    case "once-per-record":
      return event.record === null ? event.id : `${event.record.table}:${event.record.id}`;
    case "always":
    case "after":
      return event.id;
    default:
      return assertNever(reentry);
  }
}

/** Between times of occurrence, so that a late delivery is judged as one in time. */
function tooSoon({ journey }: JourneyVersion, event: TriggerEvent, before: EntryState): boolean {
  const { reentry } = journey.entry;
  if (reentry.kind !== "after" || before.last === undefined) return false;
  return eventTime(event) < addDuration(before.last.value.at, reentry.delay);
}

const STOPPED: Refusal = { code: "stopped", reason: "the journey is stopped" };
const ENTERED_BEFORE: Refusal = { code: "entered-before", reason: "entered before" };
const TOO_SOON: Refusal = { code: "too-soon", reason: "entered a shorter time ago than the journey asks" };

function turnedAway(refusal: Refusal, run: string | null = null): Entry {
  return { kind: "turned-away", ...refusal, run };
}
