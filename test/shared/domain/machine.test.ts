import { describe, expect, it } from "@jest/globals";
import { advance, migrate, next, obey, putOnHold, release, take } from "../../../shared/domain/machine.ts";
import type { RunState } from "../../../shared/domain/run.ts";
import { ANNA, BEN, CASE, DAY, entered, eventOf, HOUR, NOW, OTHER_CASE, RUN, said, versionOf } from "./sample-run.ts";

const WAIT = { kind: "wait", duration: "P1D", next: null };
const ASK = { kind: "survey", survey: "s", mail: "m", within: "P7D", answered: "mail", unanswered: null };
const SURVEY = { start: "ask", steps: { ask: ASK, mail: { kind: "email", mail: "m", next: "rest" }, rest: WAIT } };

/** A run that waits a day; `more` adds goals and exits. */
function waiting(more: object = {}) {
  const version = versionOf({ start: "rest", steps: { rest: WAIT }, ...more });
  return { journey: version.journey, version, state: entered(version).state };
}

function answerOf(run: string, step: string, satisfaction = 1, at = NOW + HOUR) {
  return eventOf("survey-answered", { change: null, run, step, after: { satisfaction } }, at);
}

describe("what a run takes", () => {
  const goal = { goals: [{ name: "done", trigger: "case-resolved" }] };

  it("is never the event that made it enter", () => {
    const { journey, state } = waiting(goal);
    expect(take(journey, state, state.entry, NOW)).toBeUndefined();
  });

  it("is never another event of the change that made it enter", () => {
    const { journey, state } = waiting({ goals: [{ name: "done", trigger: "case-touched" }] });
    const sibling = eventOf("case-touched", { change: state.entry.change });
    expect(take(journey, state, sibling, NOW)).toBeUndefined();
    expect(take(journey, state, eventOf("case-touched"), NOW)?.state.ended?.as).toBe("goal");
  });

  it("is each event id once, though it comes again", () => {
    const version = versionOf(SURVEY);
    const { state } = entered(version);
    const first = take(version.journey, state, answerOf(RUN, "ask"), NOW + HOUR);
    expect(first).toBeDefined();
    expect(take(version.journey, first?.state ?? state, answerOf(RUN, "ask"), NOW + HOUR)).toBeUndefined();
  });

  it("is nothing any more once it ended", () => {
    const { journey, state } = waiting(goal);
    const ended = take(journey, state, eventOf("case-resolved", {}, NOW + HOUR), NOW + HOUR)?.state;
    if (ended === undefined) throw new Error("not taken");
    expect(next(ended)).toEqual({ kind: "end" });
    expect(take(journey, ended, eventOf("case-resolved", {}, NOW + DAY), NOW + DAY)).toBeUndefined();
    expect(obey(journey, ended, { kind: "stop" }, undefined, NOW).facts).toEqual([]);
    expect(advance(journey, ended, { kind: "elapsed" }, NOW).facts).toEqual([]);
  });

  it("is the goal, where an event is goal and exit", () => {
    const both = { goals: [{ name: "g", trigger: "t" }], exits: [{ name: "x", trigger: "t" }] };
    const { journey, state } = waiting(both);
    expect(take(journey, state, eventOf("t"), NOW)?.state.ended).toMatchObject({ as: "goal", name: "g" });
  });

  it("follows the condition of a goal", () => {
    const condition = { kind: "compare", field: "event.amount", op: "gt", value: 10 };
    const { journey, state } = waiting({ goals: [{ name: "g", trigger: "t", condition }] });
    expect(take(journey, state, eventOf("t", { after: { amount: 5 } }), NOW)).toBeUndefined();
    expect(take(journey, state, eventOf("t", { after: { amount: 11 } }), NOW)?.state.ended?.as).toBe("goal");
  });
});

describe("whether an event is about a run", () => {
  const exits = (sameRecord: boolean) => ({ exits: [{ name: "x", trigger: "t", sameRecord }] });

  it("is asked of its record, where both name a row of one table, whoever the person is now", () => {
    const { journey, state } = waiting(exits(true));
    expect(take(journey, state, eventOf("t", { member: BEN }), NOW)).toBeDefined();
    expect(take(journey, state, eventOf("t", { record: OTHER_CASE }), NOW)).toBeUndefined();
  });

  it("is asked of its person, where the records are of two tables, or there is none", () => {
    const { journey, state } = waiting(exits(true));
    for (const record of [{ table: "salesorder", id: "o" }, null]) {
      expect(take(journey, state, eventOf("t", { record }), NOW)).toBeDefined();
      expect(take(journey, state, eventOf("t", { record, member: BEN }), NOW)).toBeUndefined();
    }
  });

  it("is asked of its person only, where the author says so", () => {
    const { journey, state } = waiting(exits(false));
    expect(take(journey, state, eventOf("t", { record: OTHER_CASE }), NOW)).toBeDefined();
    expect(take(journey, state, eventOf("t", { record: OTHER_CASE, member: BEN }), NOW)).toBeUndefined();
  });

  it("is no question for the run's own record, handed to somebody else, though other records count as well", () => {
    const { journey, state } = waiting(exits(false));
    expect(take(journey, state, eventOf("t", { record: CASE, member: BEN }), NOW)).toBeDefined();
  });

  it("is known of an interaction: it names its run", () => {
    const { journey, state } = waiting({ exits: [{ name: "x", trigger: "mail-bounced" }] });
    expect(take(journey, state, eventOf("mail-bounced", { run: `${ANNA}~ffff` }), NOW)).toBeUndefined();
    expect(take(journey, state, eventOf("mail-bounced", { run: RUN }), NOW)).toBeDefined();
  });
});

describe("a wait for an event", () => {
  const waitFor = (more: object) => ({
    start: "first",
    steps: {
      first: WAIT,
      order: { kind: "wait-for", trigger: "order", happened: null, elapsed: null, ...more },
    },
  });
  const at = (state: RunState, since: number): RunState => ({
    ...state,
    at: { step: "order", visit: 1, since },
    pending: { kind: "wait", until: since + 7 * DAY },
  });
  const order = (when: number) => eventOf("order", { record: null }, when);

  it("counts what came since the entry: who acted early does not wait", () => {
    const version = versionOf(waitFor({}));
    const { state } = entered(version);
    expect(take(version.journey, state, order(NOW + HOUR), NOW + HOUR)).toBeUndefined();
    const taken = take(version.journey, at(state, NOW + DAY), order(NOW + HOUR), NOW + DAY);
    expect(taken?.state.ended?.as).toBe("completed");
    expect(taken?.state.awaited.order?.id).toBe(order(NOW + HOUR).id);
  });

  it("counts only what comes from now on, where the author says so", () => {
    const version = versionOf(waitFor({ since: "now" }));
    const { state } = entered(version);
    expect(take(version.journey, at(state, NOW + DAY), order(NOW + HOUR), NOW + DAY)).toBeUndefined();
    expect(take(version.journey, at(state, NOW + DAY), order(NOW + DAY + HOUR), NOW + 2 * DAY)).toBeDefined();
  });

  it("counts an event of the very second as after: Dataverse tells no finer time", () => {
    const version = versionOf(waitFor({ since: "now" }));
    const { state } = entered(version);
    // The run came to the step at 300 ms; the order was placed at 700 ms, and says only the second.
    const taken = take(version.journey, at(state, NOW + DAY + 300), order(NOW + DAY), NOW + DAY + 900);
    expect(taken).toBeDefined();
  });

  it("elapses at its limit", () => {
    const version = versionOf({ start: "w", steps: { w: { ...waitFor({ within: "PT2H" }).steps.order } } });
    const { state } = entered(version);
    expect(next(state)).toEqual({ kind: "wait", until: NOW + 2 * HOUR });
    const over = advance(version.journey, state, { kind: "elapsed" }, NOW + 2 * HOUR);
    expect(said(over.facts)).toEqual(["w elapsed", "w completed"]);
  });
});

describe("a run reads its inbox", () => {
  it("from the whole second of its entry on, since changes tell no finer time", () => {
    const version = versionOf(SURVEY);
    const entry = eventOf("survey-answered", { change: null }, NOW + 700);
    expect(entered(version, entry).state.since).toBe(NOW);
  });

  it("from the receipt, where the other clock goes fast", () => {
    const entry = eventOf("case-resolved", { received: new Date(NOW - 5_000).toISOString() });
    expect(entered(versionOf(SURVEY), entry).state.since).toBe(NOW - 5_000);
  });
});

describe("a survey", () => {
  const version = versionOf(SURVEY);
  const { journey } = version;
  const sent = () => advance(journey, entered(version).state, { kind: "sent" }, NOW).state;

  it("is answered by the answer to what this very step sent", () => {
    expect(take(journey, sent(), answerOf(`${ANNA}~ffff`, "ask"), NOW + HOUR)).toBeUndefined();
    const taken = take(journey, sent(), answerOf(RUN, "ask", 2), NOW + HOUR);
    expect(taken?.state.surveys).toEqual({ ask: { satisfaction: 2 } });
    expect(said(taken?.facts ?? [])).toEqual(["ask happened survey-answered", "mail arrived"]);
  });

  it("that is answered after its limit is remembered all the same", () => {
    const steps = { ...SURVEY.steps, ask: { ...ASK, unanswered: "rest" } };
    const late = versionOf({ ...SURVEY, steps });
    const asked = advance(late.journey, entered(late).state, { kind: "sent" }, NOW).state;
    const over = advance(late.journey, asked, { kind: "elapsed" }, NOW + 7 * DAY).state;
    const taken = take(late.journey, over, answerOf(RUN, "ask", 2, NOW + 7 * DAY), NOW + 7 * DAY);
    expect(taken?.state.at?.step).toBe("rest");
    expect(taken?.state.surveys.ask).toEqual({ satisfaction: 2 });
    expect(said(taken?.facts ?? [])).toEqual(["ask happened survey-answered"]);
  });

  it("that could not be sent is unanswered; one of which nobody knows is waited for", () => {
    const { state } = entered(version);
    expect(advance(journey, state, { kind: "suppressed", reason: "no-consent" }, NOW).state.ended?.as).toBe(
      "completed",
    );
    expect(next(advance(journey, state, { kind: "unknown" }, NOW).state)).toEqual({
      kind: "wait",
      until: NOW + 7 * DAY,
    });
  });
});

describe("an operator's command", () => {
  const { journey, version, state } = waiting();

  it("stops, pauses and resumes", () => {
    expect(obey(journey, state, { kind: "stop" }, undefined, NOW).state.ended?.as).toBe("stopped");
    const paused = obey(journey, state, { kind: "pause" }, undefined, NOW).state;
    expect(paused.paused).toBe(true);
    expect(obey(journey, paused, { kind: "resume" }, undefined, NOW).state).toEqual(state);
  });

  it("moves a run to a step, where it arrives anew, and to none that does not exist", () => {
    const moved = obey(journey, state, { kind: "move", step: "rest" }, undefined, NOW + HOUR);
    expect(moved.state.at).toEqual({ step: "rest", visit: 2, since: NOW + HOUR });
    expect(obey(journey, state, { kind: "move", step: "gone" }, undefined, NOW)).toEqual({ state, facts: [] });
  });

  it("migrates to a version; the same kind of step goes on with what it began", () => {
    const to = versionOf({ start: "pause", steps: { pause: { ...WAIT, duration: "P9D" } } }, 2);
    const steps = { rest: "pause" };
    const moved = obey(journey, state, { kind: "migrate", version: 2, steps }, to, NOW + HOUR).state;
    expect(moved).toMatchObject({ version: 2, at: { step: "pause", since: NOW }, pending: state.pending });
    expect(migrate(version.journey, state, version, {}, NOW)).toEqual({ state, facts: [] });
  });

  it("migrates to another kind of step by arriving at it; without a counterpart the run stays", () => {
    const mail = versionOf({ start: "rest", steps: { rest: { kind: "email", mail: "m", next: null } } }, 2);
    expect(next(migrate(journey, state, mail, {}, NOW).state)).toEqual({ kind: "act" });
    const other = versionOf({ start: "other", steps: { other: WAIT } }, 2);
    expect(migrate(journey, state, other, {}, NOW)).toEqual({ state, facts: [] });
  });
});

describe("a hold", () => {
  it("is said once, however often it is renewed, and knows when it began", () => {
    const version = versionOf(SURVEY);
    const { state } = entered(version);
    const first = putOnHold(state, { until: NOW + HOUR, reason: "throttled" }, NOW);
    expect(said(first.facts)).toEqual(["ask held throttled"]);
    const again = putOnHold(first.state, { until: NOW + DAY, reason: "throttled" }, NOW + HOUR);
    expect(again.facts).toEqual([]);
    expect(again.state.hold).toEqual({ until: NOW + DAY, reason: "throttled", since: NOW });
    expect(next(again.state)).toEqual({ kind: "wait", until: NOW + DAY });
    const released = release(again.state).state;
    expect(released).toEqual({ ...state, held: { reason: "throttled", since: NOW } });
    const third = putOnHold(released, { until: NOW + 2 * DAY, reason: "throttled" }, NOW + DAY);
    expect(third).toMatchObject({ state: { hold: { since: NOW }, held: null }, facts: [] });
  });
});
