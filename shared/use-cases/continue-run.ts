import type { JourneyVersion } from "../domain/journey.ts";
import { advance, migrate, type Progress, putOnHold, release, stop } from "../domain/machine.ts";
import type { Gate, Next, Outcome, RunState } from "../domain/run.ts";
import { isKnown } from "../domain/steps/kinds.ts";
import { isRetryable, ParcoursError } from "../errors.ts";
import type { RunRow, StoredRun } from "../stores/members.ts";
import { announceSent } from "./announce-sent.ts";
import type { Deps } from "./deps.ts";
import { makeEffect } from "./effects.ts";
import { measureCommit, runLabel } from "./measure-run.ts";
import { projectRun } from "./project-run.ts";
import { duePlaceOf, nextOf, rowOf } from "./run-row.ts";
import { sendOf } from "./send-mail.ts";
import { settleReserved, shutSend, type Wait } from "./settle-send.ts";
import { readInbox, takeInbox } from "./take-inbox.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export interface Call {
  readonly member: string;
  readonly run: string;
  /** The orchestrator's own time in milliseconds: clocks that differ can't make a run spin. */
  readonly at?: number;
  /** Only `take-step` has one: the commit after which the effect is due. */
  readonly seq?: number;
}

/**
 * One activity of a run (rule 1): settle what is reserved, read inbox and gate, make at most one effect, commit once,
 * project, answer what comes next. Called again for a commit that is done, it answers what is stored.
 */
export async function continueRun(call: Call, deps: Deps): Promise<Next> {
  for (;;) {
    const stored = await deps.members.run(call.member, call.run);
    if (stored === undefined)
      return { kind: "end", seq: 0, status: { journey: "", step: null, waitingFor: null, until: null } };
    const { etag } = stored;
    if (etag === undefined || (call.seq ?? stored.row.seq) !== stored.row.seq) {
      await projectRun(stored.row, deps);
      return stored.row.next;
    }
    if (call.seq === undefined) await projectRun(stored.row, deps);
    const answered = await traced(stored.row, deps, () =>
      triedBy(stored.row, deps, () => attempt(stored, etag, call, deps)),
    );
    if (answered !== undefined) return answered;
  }
}

/** Every activity of a run belongs to the trace of the event that it entered by, however long it waits in between. */
function traced<T>({ state }: RunRow, { measure }: Deps, work: () => Promise<T>): Promise<T> {
  const { journey, run, at, entry } = state;
  const labels = { journey, run: runLabel(run), ...(at === null ? {} : { step: at.step }) };
  return measure.span("run continued", { kind: "internal", parent: entry.trace, labels }, work);
}

/** So long after a run was due nobody asks yet whether its engine still does its part. */
const TRYING_MS = 5 * MINUTE_MS;

/** Where there is no way on for long, the keeper is told that it was tried: nothing is wrong with the engine. */
async function triedBy(
  row: RunRow,
  deps: Pick<Deps, "clock" | "due">,
  work: () => Promise<Next | undefined>,
): Promise<Next | undefined> {
  try {
    const next = await work();
    if (next?.seq === row.seq) await noteTried(row, "no way on", deps);
    return next;
  } catch (fault) {
    // What failed may be the store itself.
    await noteTried(row, fault instanceof ParcoursError ? fault.code : "fault", deps).catch(() => undefined);
    throw fault;
  }
}

async function noteTried(row: RunRow, why: string, deps: Pick<Deps, "clock" | "due">): Promise<void> {
  const place = duePlaceOf(row);
  const at = deps.clock.now();
  if (place === undefined || at - place.at < TRYING_MS) return;
  const due = await deps.due.read({ ...place, run: row.state.run });
  if (due !== undefined) await deps.due.note(due, { tried: { at, why } });
}

/** Undefined: another activity of this run committed meanwhile; look again. */
async function attempt(stored: StoredRun, etag: string, call: Call, deps: Deps): Promise<Next | undefined> {
  const now = Math.max(deps.clock.now(), call.at ?? 0);
  const { row } = stored;
  const version = await deps.journeys.revision(row.state.journey, row.state.version);
  if (version === undefined)
    throw new ParcoursError("DEFINITION_MISSING", `version ${row.state.version} of journey ${row.state.journey}`);
  // Published by a newer build: wait, uncommitted, until an instance comes that knows the step.
  if (!knowsStep(version, row.state))
    return { kind: "wait", seq: row.seq, until: new Date(now + MINUTE_MS).toISOString(), status: row.next.status };

  const progress = await proceed(row.state, version, now, call.seq !== undefined, deps);
  // Not what is stored: that may be asking to be called again at once, and for nothing.
  if (progress === undefined) return nextOf(row.state, row.seq, now);
  if (progress === "moved") return undefined;
  await announceSent(row.state, version, progress, now, deps);
  const changed = rowOf(row, progress.state, progress.facts.length, now, progress.again);
  if ((await deps.members.commit(call.member, etag, changed, progress.facts)) === "stale") return undefined;
  measureCommit(row, changed, progress.facts, version, deps);
  await projectRun(changed, deps, progress.facts);
  if (progress.state.ended !== null && row.state.entry.record !== null)
    await deps.bindings.unbind(row.state.entry.record, call.run);
  return changed.next;
}

type Proceeded = Progress & { readonly again: boolean };

/** What becomes of the run now; undefined where nothing does, `moved` where another activity of it was faster. */
async function proceed(
  state: RunState,
  version: JourneyVersion,
  now: number,
  mayAct: boolean,
  deps: Deps,
): Promise<Proceeded | "moved" | undefined> {
  const send = sendOf(state, version.journey);
  const settled = send === undefined ? undefined : await settleReserved(send, now, deps);
  // Asking is not an effect: no run ends, moves or pauses over a send that nobody is sure of.
  if (settled?.kind === "outcome") {
    const inbox = await readInbox(state, version, deps);
    return takeInbox(advance(version.journey, state, settled.outcome, now), version, inbox, now, deps);
  }
  if (settled?.kind === "wait") return waiting(state, settled, now);

  const inbox = await readInbox(state, version, deps);
  const passed = await pass(state, version, now, inbox, deps);
  const freed = settled?.kind === "free" ? settled.etag : undefined;
  const left = passed.state.at !== state.at || passed.state.version !== state.version;
  if (send !== undefined && left && !(await shutSend(send, state, freed, deps))) return "moved";
  if (passed.state !== state) return passed;
  if (state.pending?.kind !== "act" || state.hold !== null) return undefined;
  const gate = await deps.gates.read(state.journey);
  if (state.paused || gate.state === "paused") {
    return { ...putOnHold(state, { until: now + DAY_MS, reason: "paused" }, now), again: false };
  }
  if (!mayAct) return undefined;
  const made = await effect(state, version, freed, now, deps);
  if (made.kind === "wait") return waiting(state, made, now);
  return takeInbox(advance(version.journey, state, made.outcome, now), version, inbox, now, deps);
}

/** Inbox, gate and elapsed time, in this order: all that happens to a run without an effect. */
async function pass(
  state: RunState,
  version: JourneyVersion,
  now: number,
  inbox: Awaited<ReturnType<typeof readInbox>>,
  deps: Deps,
): Promise<Proceeded> {
  const taken = await takeInbox({ state, facts: [] }, version, inbox, now, deps);
  if (taken.state !== state) return taken;
  const gate = await deps.gates.read(state.journey);
  const gated = await follow(gate, state, version, now, deps);
  if (gated.state.ended !== null) return { ...gated, again: false };
  // The new version may care about what the old one let lie.
  if (gated.state.version !== version.version) return { ...gated, again: true };
  const freed = elapse(gated, gate, version, now);
  return takeInbox(freed, version, inbox, now, deps);
}

async function follow(
  gate: Gate,
  state: RunState,
  version: JourneyVersion,
  now: number,
  deps: Deps,
): Promise<Progress> {
  if (gate.state === "stopped") return stop(state, now);
  if (gate.migrate === null || gate.migrate.epoch <= state.epoch) return { state, facts: [] };
  const to = await deps.journeys.revision(state.journey, gate.migrate.version);
  const seen = { ...state, epoch: gate.epoch };
  return to === undefined ? { state, facts: [] } : migrate(version.journey, seen, to, gate.migrate.steps, now);
}

function elapse(progress: Progress, gate: Gate, version: JourneyVersion, now: number): Progress {
  const { state } = progress;
  if (state.hold !== null) {
    const paused = state.paused || gate.state === "paused";
    const over = state.hold.reason === "paused" ? !paused || state.hold.until <= now : state.hold.until <= now;
    return over ? release(state) : progress;
  }
  if (state.pending?.kind !== "wait" || state.pending.until > now) return progress;
  const moved = advance(version.journey, state, { kind: "elapsed" }, now);
  return { state: moved.state, facts: [...progress.facts, ...moved.facts] };
}

/** How long a run leaves an organisation alone that refused it: somebody must mend a setting or a privilege. */
const REFUSED_PAUSE_MS = 15 * MINUTE_MS;

/**
 * A fault that trying again can't mend fails the step, not the journey: the run goes on and the trace says why. What
 * Dataverse refuses is held, for it is mended over there, and nobody's mail should be lost over it.
 */
async function effect(
  state: RunState,
  version: JourneyVersion,
  freed: string | undefined,
  now: number,
  deps: Deps,
): Promise<{ kind: "outcome"; outcome: Outcome } | Wait> {
  try {
    return await makeEffect(state, version, freed, now, deps);
  } catch (fault) {
    if (isRetryable(fault)) throw fault;
    if (fault instanceof ParcoursError && fault.code === "DATAVERSE_REFUSED")
      return { kind: "wait", until: now + REFUSED_PAUSE_MS, reason: "dataverse" };
    const reason = fault instanceof ParcoursError ? `${fault.code}: ${fault.message}` : String(fault);
    return { kind: "outcome", outcome: { kind: "failed", reason } };
  }
}

function waiting(state: RunState, wait: Wait, now: number): Proceeded | undefined {
  const same = state.hold?.until === wait.until && state.hold.reason === wait.reason;
  return same ? undefined : { ...putOnHold(state, wait, now), again: false };
}

function knowsStep(version: JourneyVersion, state: RunState): boolean {
  const step = state.at === null ? undefined : version.journey.steps[state.at.step];
  return step === undefined || isKnown(step.kind);
}
