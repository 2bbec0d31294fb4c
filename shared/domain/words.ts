import { addDuration } from "./duration.ts";
import type { Journey } from "./journey.ts";
import type { Phrases } from "./phrases.ts";
import { english } from "./phrases-en.ts";
import { french } from "./phrases-fr.ts";
import type { Fact, HoldReason, SuppressedReason } from "./run.ts";
import { OTHERWISE } from "./steps/branch.ts";
import { isInteraction } from "./trigger.ts";

/** The languages that pages speak by themselves. */
export type PageLanguage = "en" | "fr";

/** What a run's sentences are told with: its journey, and the names of what the journey points at, by slug. */
export interface Telling {
  readonly language: PageLanguage;
  readonly journey: Journey;
  readonly names: Names;
}

export interface Names {
  readonly triggers: Readonly<Record<string, string>>;
  readonly mails: Readonly<Record<string, string>>;
  readonly surveys: Readonly<Record<string, string>>;
}

/** One line of a run's story. */
export interface Line {
  /** Milliseconds. */
  readonly at: number;
  readonly kind: Fact["kind"];
  readonly text: string;
}

/** Where a run stands, as far as it matters to what it waits for. */
export interface Standing {
  readonly step: string | null;
  readonly hold: HoldReason | null;
  readonly waiting: boolean;
}

/** What happened to a run, oldest first. An arrival is left out where its result follows: the result says it too. */
export function tell(facts: readonly Fact[], it: Telling): readonly Line[] {
  return facts
    .filter((fact, at) => !(fact.kind === "arrived" && isResultOf(fact, facts[at + 1], it)))
    .map((fact) => ({ at: fact.at, kind: fact.kind, text: sentence(fact, it) }));
}

/** One fact as a plain sentence. No personal data: a fact holds none. */
export function sentence(fact: Fact, it: Telling): string {
  const say = phrasesOf(it.language);
  const detail = fact.detail ?? "";
  switch (fact.kind) {
    case "entered":
      return say.entered(say.quoted(trigger(detail, it)));
    case "arrived":
      return arrival(fact, it, say);
    case "sent":
      return detail === "survivor"
        ? say.sentToSurvivor(content(fact.step, it, say))
        : say.sent(content(fact.step, it, say));
    case "suppressed":
      return say.suppressed(say.suppressedWhy[detail as SuppressedReason] ?? detail);
    case "failed":
      return say.failed(content(fact.step, it, say), detail);
    case "unknown":
      return say.unknown(content(fact.step, it, say));
    case "drew":
      return say.drew;
    case "chose":
      return detail === OTHERWISE ? say.choseNone : say.chose(detail);
    case "elapsed":
      return elapsed(fact, it, say);
    case "happened":
      return happened(fact, it, say);
    case "held":
      return say.held(say.heldWhy[detail as HoldReason] ?? detail);
    case "goal":
      return say.goal(detail);
    case "exit":
      return say.exit(detail);
    case "completed":
      return say.completed;
    case "paused":
      return say.paused;
    case "resumed":
      return say.resumed;
    case "stopped":
      return say.stopped;
    case "moved":
      return say.moved(place(detail, it, say));
    case "migrated":
      return say.migrated(detail);
    default:
      // A newer build may have written it: a page says so, and does not fail.
      fact.kind satisfies never;
      return say.other;
  }
}

/** What a run waits for, as words that follow "Waits for"; undefined where it waits for nothing. */
export function waitsFor({ step: id, hold, waiting }: Standing, it: Telling): string | undefined {
  const say = phrasesOf(it.language);
  if (hold !== null) return say.waits.held[hold];
  const step = id === null ? undefined : it.journey.steps[id];
  if (!waiting || step === undefined) return undefined;
  switch (step.kind) {
    case "wait-for":
      return say.quoted(trigger(step.trigger, it));
    case "survey":
      return say.waits.answer(content(id, it, say));
    case "wait":
    case "email":
    case "discount":
    case "branch":
    case "exit":
      return say.waits.timeOver;
    default:
      step satisfies never;
      return say.waits.timeOver;
  }
}

function isResultOf(arrived: Fact, next: Fact | undefined, { journey }: Telling): boolean {
  const step = arrived.step === null ? undefined : journey.steps[arrived.step];
  if (step === undefined || step.kind === "wait" || step.kind === "wait-for") return false;
  return next !== undefined && next.step === arrived.step && next.visit === arrived.visit;
}

function arrival(fact: Fact, it: Telling, say: Phrases): string {
  const step = fact.step === null ? undefined : it.journey.steps[fact.step];
  if (step?.kind === "wait") return say.waitsUntil(moment(addDuration(fact.at, step.duration), it, say));
  if (step?.kind === "wait-for")
    return say.waitsForUntil(say.quoted(trigger(step.trigger, it)), moment(addDuration(fact.at, step.within), it, say));
  return say.cameTo(place(fact.step ?? "", it, say));
}

function elapsed(fact: Fact, it: Telling, say: Phrases): string {
  const step = fact.step === null ? undefined : it.journey.steps[fact.step];
  if (step?.kind === "survey") return say.unanswered(content(fact.step, it, say));
  if (step?.kind === "wait-for") return say.inVain(say.quoted(trigger(step.trigger, it)));
  return say.waitOver;
}

function happened(fact: Fact, it: Telling, say: Phrases): string {
  const slug = fact.detail ?? "";
  const step = fact.step === null ? undefined : it.journey.steps[fact.step];
  if (slug === "survey-answered" && step?.kind === "survey") return say.answered(content(fact.step, it, say));
  return isInteraction(slug) ? say.interactions[slug] : say.happened(say.quoted(trigger(slug, it)));
}

/** A step as a place that a run comes to. */
function place(id: string, it: Telling, say: Phrases): string {
  const step = it.journey.steps[id];
  switch (step?.kind) {
    case "discount":
      return say.aCode;
    case "branch":
      return say.aBranch;
    case "exit":
      return say.theExit;
    default:
      return content(id, it, say);
  }
}

/** What a step sends, by its name; another step by its own. */
function content(id: string | null, { journey, names }: Telling, say: Phrases): string {
  const step = id === null ? undefined : journey.steps[id];
  if (step?.kind === "email") return say.mail(say.quoted(names.mails[step.mail] ?? step.mail));
  if (step?.kind === "survey") return say.survey(say.quoted(names.surveys[step.survey] ?? step.survey));
  return say.step(say.quoted(id ?? "–"));
}

function trigger(slug: string, { language, names }: Telling): string {
  if (isInteraction(slug)) return phrasesOf(language).interactions[slug];
  return names.triggers[slug] ?? slug;
}

function moment(at: number, { journey }: Telling, say: Phrases): string {
  const { timeZone } = journey.settings;
  return new Intl.DateTimeFormat(say.locale, { dateStyle: "medium", timeStyle: "short", timeZone }).format(at);
}

function phrasesOf(language: PageLanguage): Phrases {
  return language === "fr" ? french : english;
}
