import type { Lookup } from "./compare.ts";
import { holds } from "./evaluate.ts";
import { eventTime, type TriggerEvent } from "./event.ts";
import { eventLookup } from "./event-lookup.ts";
import type { Ending, Journey, JourneyVersion } from "./journey.ts";
import { begunAs, nameNow, renameSteps } from "./rename-steps.ts";
import type { Command, EndedAs, Fact, FactKind, Hold, Outcome, RunState, Standing } from "./run.ts";
import { advanceStep, arrive, awaitedBy, exitsOf } from "./steps/kinds.ts";
import type { Awaited, Move } from "./steps/step.ts";

/** A run after something happened to it, and what happened, in order. */
export interface Progress {
  readonly state: RunState;
  readonly facts: readonly Fact[];
}

/** Nothing outside the journey holds the run, and nothing did. */
const FREE = { hold: null, held: null } as const;

/** A run that enters. `run` and `member` are keys; `now` is in milliseconds, as everywhere here. */
export function begin(version: JourneyVersion, entry: TriggerEvent, who: Entering, now: number): Progress {
  const state: RunState = {
    schema: 1,
    run: who.run,
    member: who.member,
    journey: version.journey.slug,
    version: version.version,
    enteredAt: now,
    since: wholeSecond(eventTime(entry)),
    entry,
    at: null,
    pending: null,
    ...FREE,
    paused: false,
    visits: {},
    surveys: {},
    codes: {},
    awaited: {},
    taken: [],
    epoch: who.epoch,
    ended: null,
  };
  const entered = fact(state, "entered", now, { detail: entry.trigger, event: entry.id });
  return then({ state, facts: [entered] }, (it) => goTo(version.journey, it, version.journey.start, now));
}

export interface Entering {
  readonly run: string;
  readonly member: string;
  /** The gate's epoch at entry: what the gate asked before does not concern this run. */
  readonly epoch: number;
}

/** What the run does next. */
export function next(
  state: RunState,
): { readonly kind: "act" | "end" } | { readonly kind: "wait"; readonly until: number } {
  if (state.pending === null) return { kind: "end" };
  if (state.hold !== null) return { kind: "wait", until: state.hold.until };
  return state.pending;
}

/** The result of the current step's effect, or the end of its wait. */
export function advance(journey: Journey, state: RunState, outcome: Outcome, now: number): Progress {
  const step = state.at === null ? undefined : journey.steps[state.at.step];
  if (state.at === null || step === undefined) return { state, facts: [] };
  const kept = remember({ ...state, ...FREE }, state.at.step, outcome);
  const said = fact(kept, outcome.kind, now, detailOf(outcome));
  return then({ state: kept, facts: [said] }, (it) => follow(journey, it, advanceStep(step, outcome, now), now));
}

/** The effect waits for something outside the journey. Said once for each reason, however often it is renewed. */
export function putOnHold(state: RunState, hold: Omit<Hold, "since">, now: number): Progress {
  const before = state.hold ?? state.held;
  const renewed = before?.reason === hold.reason;
  const on = { ...state, hold: { ...hold, since: renewed ? before.since : now }, held: null };
  return { state: on, facts: renewed ? [] : [fact(on, "held", now, { detail: hold.reason })] };
}

/** What it waited for outside may be there now: the step tries again. */
export function release(state: RunState): Progress {
  const held = state.hold && { reason: state.hold.reason, since: state.hold.since };
  return { state: { ...state, hold: null, held }, facts: [] };
}

/**
 * An event of the inbox: goal, exit, awaited or an answer; undefined where it does not concern the run. `lookup` reads
 * the event's columns where long ones were left out of it.
 */
export function take(
  journey: Journey,
  state: RunState,
  arrived: TriggerEvent,
  now: number,
  lookup: Lookup = eventLookup(arrived),
): Progress | undefined {
  const event = arrived.step === null ? arrived : { ...arrived, step: nameNow(state, arrived.step) };
  if (state.pending === null || state.taken.includes(event.id) || isEntry(state, event)) return undefined;
  const goal = journey.goals.find((one) => fits(one, state, event, lookup, now));
  if (goal !== undefined) return finish(taking(state, event), "goal", goal.name, now, event.id);
  const exit = journey.exits.find((one) => fits(one, state, event, lookup, now));
  if (exit !== undefined) return finish(taking(state, event), "exit", exit.name, now, event.id);
  return answer(journey, state, event, lookup, now);
}

/** Ends the run, as an operator asks. */
export function stop(state: RunState, now: number): Progress {
  return finish(state, "stopped", null, now, null);
}

/** Carries out an operator's command; `to` is the version that a migration leads to. */
export function obey(
  journey: Journey,
  state: RunState,
  command: Command,
  to: JourneyVersion | undefined,
  now: number,
): Progress {
  if (state.pending === null) return { state, facts: [] };
  switch (command.kind) {
    case "stop":
      return stop(state, now);
    case "pause":
      return { state: { ...state, paused: true }, facts: [fact(state, "paused", now)] };
    case "resume":
      return { state: { ...state, ...FREE, paused: false }, facts: [fact(state, "resumed", now)] };
    case "move": {
      if (journey.steps[command.step] === undefined) return { state, facts: [] };
      const moved = { state: { ...state, ...FREE }, facts: [fact(state, "moved", now, { detail: command.step })] };
      return then(moved, (it) => goTo(journey, it, command.step, now));
    }
    case "migrate":
      return to === undefined ? { state, facts: [] } : migrate(journey, state, to, command.steps, now);
  }
}

/** Moves a run to another version; one that stands at a step without a counterpart stays where it is. */
export function migrate(
  from: Journey,
  state: RunState,
  to: JourneyVersion,
  steps: Readonly<Record<string, string>>,
  now: number,
): Progress {
  if (state.at === null || to.version === state.version) return { state, facts: [] };
  const target = steps[state.at.step] ?? state.at.step;
  const there = to.journey.steps[target];
  if (there === undefined) return { state, facts: [] };
  const moved = { ...renameSteps(state, steps), version: to.version };
  const facts = [fact(state, "migrated", now, { detail: `${to.version}` })];
  // The same kind of step goes on with what it began; another one starts afresh.
  if (there.kind === from.steps[state.at.step]?.kind) {
    const at = target === state.at.step ? state.at : { ...state.at, step: target, begunAs: begunAs(state.at) };
    return { state: { ...moved, at }, facts };
  }
  return then({ state: { ...moved, ...FREE }, facts }, (it) => goTo(to.journey, it, target, now));
}

function then(before: Progress, go: (state: RunState) => Progress): Progress {
  const after = go(before.state);
  return { state: after.state, facts: [...before.facts, ...after.facts] };
}

function goTo(journey: Journey, state: RunState, id: string | null, now: number): Progress {
  const step = id === null ? undefined : journey.steps[id];
  if (id === null || step === undefined) return finish(state, "completed", null, now, null);
  const visit = (state.visits[id] ?? 0) + 1;
  const here: RunState = { ...state, at: { step: id, visit, since: now }, visits: { ...state.visits, [id]: visit } };
  const arrived = { state: here, facts: [fact(here, "arrived", now)] };
  const move = arrive(step, now);
  if (move.kind === "act") return { ...arrived, state: { ...here, pending: { kind: "act" } } };
  return then(arrived, (it) => follow(journey, it, move, now));
}

function follow(journey: Journey, state: RunState, move: Move, now: number): Progress {
  switch (move.kind) {
    case "wait":
      return { state: { ...state, pending: { kind: "wait", until: move.until } }, facts: [] };
    case "end":
      return finish(state, "exit", move.reason, now, null);
    case "leave": {
      const step = state.at === null ? undefined : journey.steps[state.at.step];
      return goTo(journey, state, step === undefined ? null : (exitsOf(step)[move.exit] ?? null), now);
    }
  }
}

function finish(state: RunState, as: EndedAs, name: string | null, now: number, event: string | null): Progress {
  const facts = [fact(state, as, now, { detail: name, event })];
  return { state: { ...state, ...FREE, at: null, pending: null, ended: { as, name, at: now } }, facts };
}

function isEntry(state: RunState, event: TriggerEvent): boolean {
  return event.id === state.entry.id || (event.change !== null && event.change === state.entry.change);
}

function taking(state: RunState, event: TriggerEvent): RunState {
  return { ...state, taken: [...state.taken, event.id] };
}

function fits(ending: Ending, state: RunState, event: TriggerEvent, lookup: Lookup, now: number): boolean {
  if (ending.trigger !== event.trigger || !concerns(state, event, ending.sameRecord)) return false;
  return ending.condition === undefined || holds(ending.condition, lookup, now);
}

/** Whether an event is about this run: about its record where both name a row of one table, else about its person. */
function concerns(state: RunState, event: TriggerEvent, sameRecord: boolean): boolean {
  if (event.run !== null) return event.run === state.run;
  const { record } = state.entry;
  // Its own record stays its own, whoever the person of that record is now.
  if (record !== null && event.record?.table === record.table && event.record.id === record.id) return true;
  if (sameRecord && record !== null && event.record?.table === record.table) return false;
  return event.member === state.member;
}

function answer(
  journey: Journey,
  state: RunState,
  event: TriggerEvent,
  lookup: Lookup,
  now: number,
): Progress | undefined {
  const kept = answered(state, event);
  const at = state.at;
  const step = at === null ? undefined : journey.steps[at.step];
  const awaited = step === undefined || state.pending?.kind !== "wait" ? undefined : awaitedBy(step);
  if (at !== null && awaited !== undefined && isAwaited(awaited, { ...state, at }, event, lookup, now))
    return advance(journey, taking(kept, event), { kind: "happened", event }, now);
  if (kept === state) return undefined;
  // The answer came after its step's time limit: later branches see it all the same.
  const late = { ...fact(state, "happened", now, { detail: event.trigger, event: event.id }), step: event.step };
  return { state: taking(kept, event), facts: [late] };
}

function answered(state: RunState, event: TriggerEvent): RunState {
  if (event.trigger !== "survey-answered" || event.run !== state.run || event.step === null) return state;
  return { ...state, surveys: { ...state.surveys, [event.step]: event.after } };
}

/** Changes tell whole seconds: what happened in the same second counts as after. */
function wholeSecond(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}

function isAwaited(
  awaited: Awaited,
  state: RunState & { readonly at: Standing },
  event: TriggerEvent,
  lookup: Lookup,
  now: number,
): boolean {
  if (awaited.trigger !== event.trigger) return false;
  if (
    awaited.own ? event.run !== state.run || event.step !== state.at.step : !concerns(state, event, awaited.sameRecord)
  )
    return false;
  if (awaited.since === "now" && eventTime(event) < wholeSecond(state.at.since)) return false;
  return awaited.condition === undefined || holds(awaited.condition, lookup, now);
}

function remember(state: RunState, step: string, outcome: Outcome): RunState {
  if (outcome.kind === "drew") return { ...state, codes: { ...state.codes, [step]: outcome.code } };
  if (outcome.kind === "happened" && outcome.event.trigger !== "survey-answered")
    return { ...state, awaited: { ...state.awaited, [step]: outcome.event } };
  return state;
}

function detailOf(outcome: Outcome): Partial<Fact> {
  switch (outcome.kind) {
    case "sent":
      return outcome.survivor === true ? { detail: "survivor" } : {};
    case "suppressed":
    case "failed":
      return { detail: outcome.reason };
    case "chose":
      return { detail: outcome.arm };
    case "happened":
      return { detail: outcome.event.trigger, event: outcome.event.id };
    default:
      return {};
  }
}

function fact(state: RunState, kind: FactKind, at: number, more: Partial<Fact> = {}): Fact {
  return { at, kind, step: state.at?.step ?? null, visit: state.at?.visit ?? null, detail: null, event: null, ...more };
}
