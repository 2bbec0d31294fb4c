import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { TriggerEvent } from "../../../shared/domain/event.ts";
import type { Journey, JourneyVersion } from "../../../shared/domain/journey.ts";
import { advance, next, obey, type Progress, putOnHold, release, take } from "../../../shared/domain/machine.ts";
import type { Fact, Outcome, RunState } from "../../../shared/domain/run.ts";
import { exitsOf } from "../../../shared/domain/steps/kinds.ts";
import { problemsOf } from "../../../shared/domain/validate.ts";
import { runs } from "../../support/runs.ts";
import { document, readable, TRIGGERS, turns } from "./arbitrary-journey.ts";
import { BEN, CASE, entered, eventOf, HOUR, OTHER_CASE, RUN, said } from "./sample-run.ts";

/** One arbitrary thing after the other. `pick` decides among what can happen. */
const happenings = fc.array(
  fc.record({
    what: fc.constantFrom("go on", "go on", "go on", "event", "same event", "answer", "hold", "pause", "resume"),
    pick: fc.nat({ max: 1_000 }),
  }),
  { maxLength: 60 },
);

/** More than any one happening makes: what it was, a few steps on, an end. */
const MOST_FACTS = 6;

class Passage {
  readonly facts: Fact[];
  readonly journey: Journey;
  state: RunState;
  now: number;
  /** Effects since time passed or something came in: a loop without a wait shows here. */
  effects = 0;
  #last: TriggerEvent;
  #made = 0;

  constructor(version: JourneyVersion) {
    const begun = entered(version);
    this.journey = version.journey;
    this.state = begun.state;
    this.now = begun.state.enteredAt;
    this.#last = begun.state.entry;
    this.facts = [...begun.facts];
  }

  play(what: string, pick: number): void {
    this.now += pick * 1000;
    switch (what) {
      case "go on":
        this.goOn(pick);
        return;
      case "event":
        this.#made += 1;
        this.#last = this.#event(pick);
        this.take(this.#last);
        return;
      case "same event":
        this.take(this.#last);
        return;
      case "answer": {
        const step = Object.keys(this.journey.steps)[pick % Object.keys(this.journey.steps).length] ?? null;
        this.#made += 1;
        const id = `answer-${this.#made}`;
        this.take(eventOf("survey-answered", { id, change: null, run: RUN, step, after: { q: 1 } }, this.now));
        return;
      }
      case "hold":
        if (this.state.pending?.kind !== "act") return;
        this.#to(putOnHold(this.state, { until: this.now + HOUR, reason: "throttled" }, this.now));
        return;
      default:
        this.#to(obey(this.journey, this.state, { kind: what as "pause" | "resume" }, undefined, this.now));
    }
  }

  /** What the run asks for itself: its effect, or that its wait be over. */
  goOn(pick: number): void {
    const coming = next(this.state);
    if (coming.kind === "end") return;
    if (coming.kind === "wait") {
      this.now = Math.max(this.now, coming.until);
      this.effects = 0;
      const over =
        this.state.hold === null
          ? advance(this.journey, this.state, { kind: "elapsed" }, this.now)
          : release(this.state);
      this.#to(over);
      return;
    }
    this.effects += 1;
    this.#to(advance(this.journey, this.state, this.#outcome(pick), this.now));
  }

  take(event: TriggerEvent): void {
    const before = this.state;
    const taken = take(this.journey, before, event, this.now);
    if (taken === undefined) return;
    this.effects = 0;
    expect(before.taken).not.toContain(event.id);
    expect(event.change === null || event.change !== before.entry.change).toBe(true);
    this.#to(taken);
    expect(this.state.taken).toContain(event.id);
  }

  #to(progress: Progress): void {
    expect(progress.facts.length).toBeLessThanOrEqual(MOST_FACTS);
    this.state = progress.state;
    this.facts.push(...progress.facts);
    this.#check();
  }

  #check(): void {
    const { state } = this;
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
    expect(state.pending === null).toBe(state.ended !== null);
    expect(state.at === null).toBe(state.ended !== null);
    expect(new Set(state.taken).size).toBe(state.taken.length);
    const arrivals = this.facts.filter((fact) => fact.kind === "arrived");
    expect(Object.values(state.visits).reduce((sum, count) => sum + count, 0)).toBe(arrivals.length);
    if (state.at !== null) expect(state.visits[state.at.step]).toBe(state.at.visit);
    expect(this.effects).toBeLessThanOrEqual(Object.keys(this.journey.steps).length);
    const coming = next(state);
    if (coming.kind === "wait") expect(Number.isFinite(new Date(coming.until).getTime())).toBe(true);
  }

  #event(pick: number): TriggerEvent {
    const trigger = TRIGGERS[pick % TRIGGERS.length] ?? "case-touched";
    const who = pick % 3 === 0 ? { member: BEN } : {};
    const record = [CASE, OTHER_CASE, null][pick % 3] ?? null;
    const change = pick % 7 === 0 ? this.state.entry.change : `change-${this.#made}`;
    return eventOf(
      trigger,
      { id: `event-${this.#made}`, change, record, ...who, after: { amount: pick % 4 } },
      this.now,
    );
  }

  #outcome(pick: number): Outcome {
    const step = this.state.at === null ? undefined : this.journey.steps[this.state.at.step];
    if (step?.kind === "discount") return { kind: "drew", code: `CODE-${pick}` };
    if (step?.kind === "branch") {
      const arms = Object.keys(exitsOf(step));
      return { kind: "chose", arm: arms[pick % arms.length] ?? "otherwise" };
    }
    const outcomes: Outcome[] = [
      { kind: "sent" },
      { kind: "unknown" },
      { kind: "suppressed", reason: "no-consent" },
      { kind: "failed", reason: "refused" },
    ];
    return outcomes[pick % outcomes.length] ?? { kind: "sent" };
  }
}

function versionOf(journey: Journey): JourneyVersion {
  return { version: 1, publishedAt: "", journey, mails: {}, surveys: {}, uses: { cares: [], columns: {} } };
}

describe("a journey that the validator lets pass", () => {
  it("carries every run to an end, whatever happens on the way, unless its author let it turn", async () => {
    fc.assert(
      fc.property(document, happenings, (given, list) => {
        const journey = readable(given);
        fc.pre(journey !== undefined && problemsOf(journey).length === 0);
        const passage = new Passage(versionOf(journey));
        for (const { what, pick } of list) passage.play(what, pick);
        // From here on nothing happens but what the run asks for.
        if (passage.state.paused) passage.play("resume", 0);
        const most = 3 * Object.keys(journey.steps).length;
        for (let turn = 0; turn < most && passage.state.ended === null; turn += 1) passage.goOn(turn);
        if (turns(journey))
          passage.state = obey(journey, passage.state, { kind: "stop" }, undefined, passage.now).state;
        expect([passage.state.ended?.as, said(passage.facts).length > 0]).toEqual([expect.any(String), true]);
        const times = passage.facts.map((fact) => fact.at);
        expect(times).toEqual([...times].sort((one, other) => one - other));
      }),
      runs(400),
    );
  });
});
