import { next } from "../domain/machine.ts";
import type { HoldReason, Next, RunState, Status } from "../domain/run.ts";
import type { DuePlace } from "../stores/due.ts";
import type { Bucket, RunRow } from "../stores/members.ts";

/** A run that acts is due at once, and its row need not be moved for each of several steps in a row. */
const ACTING_MS = 5 * 60_000;

/** The row of a run's next commit. `again` asks to be called at once: not all of the inbox fitted into this one. */
export function rowOf(before: RunRow | undefined, state: RunState, facts: number, now: number, again: boolean): RunRow {
  const seq = (before?.seq ?? 0) + 1;
  const bucket = bucketOf(state);
  const next = nextOf(state, seq, now, again);
  return { seq, state, next, bucket, formerBuckets: leftBy(before, bucket), facts, ...duePlaces(before, next, now) };
}

/** Where the run's row in Due lies; rows that were written before there were such say it by what they are. */
export function duePlaceOf({ due, next, seq, state }: RunRow): DuePlace | undefined {
  if (next.kind === "end") return undefined;
  return due ?? { at: next.kind === "wait" ? Date.parse(next.until) : (state.at?.since ?? state.enteredAt), seq };
}

function duePlaces(before: RunRow | undefined, next: Next, now: number): Pick<RunRow, "due" | "formerDue"> {
  const former = before && duePlaceOf(before);
  // A row that lies in an hour that is over might be passed over.
  const at = next.kind === "wait" ? Math.max(Date.parse(next.until), now) : now;
  const stays =
    next.kind !== "end" &&
    former !== undefined &&
    before?.next.kind === next.kind &&
    (next.kind === "act" ? former.at > now - ACTING_MS : former.at === at);
  if (stays) return { due: former };
  return {
    ...(next.kind === "end" ? {} : { due: { at, seq: next.seq } }),
    ...(former === undefined ? {} : { formerDue: former }),
  };
}

export function nextOf(state: RunState, seq: number, now: number, again = false): Next {
  const coming = next(state);
  const status = statusOf(state);
  if (coming.kind !== "wait") return { kind: coming.kind, seq, status };
  return { kind: "wait", seq, until: iso(again ? now : coming.until), status };
}

/** All that it ever was in, for whoever projects an old commit late may write any of them anew: live and held at most. */
function leftBy(before: RunRow | undefined, bucket: Bucket): readonly Bucket[] {
  if (before === undefined) return [];
  return [...new Set([...before.formerBuckets, before.bucket])].filter((former) => former !== bucket);
}

function bucketOf(state: RunState): Bucket {
  if (state.ended !== null) return state.ended.as;
  return state.hold === null ? "live" : "held";
}

const HELD: Record<HoldReason, string> = {
  lease: "the mail provider's answer",
  throttled: "the mail provider's limit",
  "no-answer": "the mail provider to answer",
  "pool-empty": "a discount code: the pool is empty",
  paused: "the journey to be resumed",
  dataverse: "Dataverse",
};

function statusOf(state: RunState): Status {
  const coming = next(state);
  const until = coming.kind === "wait" ? iso(coming.until) : null;
  const waits = coming.kind === "wait" ? (state.hold === null ? "its step" : HELD[state.hold.reason]) : null;
  return { journey: state.journey, step: state.at?.step ?? null, waitingFor: waits, until };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
