import { type Cause, causesOf, isBehind } from "./causes.ts";
import { chainOf, type Link, runOf, tableOf, tellFilter, wherePending, whyTurnedAway } from "./chain.ts";
import { type Moved, movedBy, tellChange } from "./change-words.ts";
import type { Evidence, SeenChange } from "./evidence.ts";
import type { SeenValue } from "./failed-words.ts";
import { tellNobody } from "./people-words.ts";
import { deliveryOf, sendingsOf, tellEffects, whereStands, whyHeld, whySuppressed } from "./sends.ts";
import type { Speaker } from "./speaker.ts";
import { codeOf, mainStory, type Story, type StoryFilter, storiesOf, verdictsOf } from "./stories.ts";
import { tellVerdict } from "./trigger-words.ts";

/** Why something happened or did not, in words that need no explaining. Times are ISO 8601. */
export interface Answer {
  readonly about: string;
  /** The answer itself, in one sentence. */
  readonly answer: string;
  /** What would change it. */
  readonly mend: string;
  /** From the change to the delivery; empty where nothing came. */
  readonly chain: readonly Link[];
  /** How other triggers and journeys answered, newest first. */
  readonly also: readonly { readonly at: string; readonly answer: string }[];
  readonly changes: readonly ToldChange[];
  /** Where the row was saved and no change came: every cause, checked. */
  readonly causes: readonly Cause[];
  /** More came than is told here. */
  readonly more: boolean;
}

/** A change that came, and what each trigger of its table made of it. */
export interface ToldChange {
  readonly at: string;
  readonly text: string;
  readonly moved: readonly Moved[];
  readonly triggers: readonly {
    readonly trigger: string;
    readonly fired: boolean;
    readonly text: string;
    readonly values: readonly SeenValue[];
    /** What became of it in each journey that it may enter. */
    readonly journeys: readonly string[];
  }[];
}

interface Line {
  readonly answer: string;
  readonly mend: string;
}

const MOST_ALSO = 10;

/** The answer about a record or a person, out of what was found. */
export function tellWhy(evidence: Evidence, filter: StoryFilter, speaker: Speaker): Answer {
  const stories = storiesOf(evidence, filter);
  const main = mainStory(stories);
  const { unseen } = evidence;
  const causes = unseen === null || !isBehind(evidence, unseen) ? [] : causesOf(evidence, unseen, speaker);
  const line = main === undefined ? nothingCame(causes, evidence, filter, speaker) : lineOf(main, evidence, speaker);
  const also = stories.filter((story) => story !== main && story.trigger?.verdict.kind === "fired").slice(0, MOST_ALSO);
  return {
    about: aboutOf(evidence, speaker),
    ...line,
    chain: main === undefined ? [] : chainOf(main, evidence, speaker),
    also: also.map((story) => ({ at: iso(story.at), answer: lineOf(story, evidence, speaker).answer })),
    changes: evidence.changes.map((change) => tellSeen(change, evidence, speaker)),
    causes,
    more: evidence.more,
  };
}

export function aboutOf({ subject }: Pick<Evidence, "subject">, speaker: Speaker): string {
  return speaker.row(subject.table, subject.id, subject.name);
}

/** The answer to one story, and what would change it. */
export function lineOf(story: Story, evidence: Evidence, speaker: Speaker): Line {
  const { say } = speaker;
  const { trigger, journey, entry, change } = story;
  const row = aboutOf(evidence, speaker);
  if (trigger === null)
    return { answer: say.answer.noTrigger(speaker.table(evidence.subject.table)), mend: say.mend.noTrigger };
  if (trigger.verdict.kind !== "fired" && change !== null) {
    const { why, mend } = tellVerdict(trigger.verdict, trigger.slug, change, speaker);
    return { answer: say.answer.notFired(row, speaker.trigger(trigger.slug), why), mend };
  }
  const led = journey === null ? tellEffects(story.effects, evidence, speaker) : [];
  if (led.length > 0)
    return { answer: [say.trigger.fired(speaker.trigger(trigger.slug)), ...led].join(" "), mend: say.mend.nothing };
  if (journey === null)
    return { answer: say.answer.noJourney(speaker.trigger(trigger.slug)), mend: say.mend.noJourney };
  const name = speaker.journey(journey);
  if (entry === null) {
    const where = wherePending(evidence, speaker);
    return {
      answer: say.answer.pending(name, where),
      mend: where === say.where.underWay ? say.mend.goesOn : say.mend.pending,
    };
  }
  if (entry.outcome === "entered") return enteredLine(story, name, evidence, speaker);
  const code = codeOf(entry);
  const who = speaker.person(entry.member);
  if (code === "nobody")
    return { answer: say.answer.nobody(row, whyTurnedAway(entry, speaker)), mend: say.mend.refused.nobody };
  const told = code === "filter" ? tellFilter(entry, tableOf(story), speaker) : undefined;
  const why = told?.text ?? `${whyTurnedAway(entry, speaker)}.`;
  return { answer: say.answer.notEntered(who, name, why), mend: told?.mend ?? say.mend.refused[code] };
}

/** What the run sent last, or why it has not sent. */
function enteredLine(story: Story, journey: string, evidence: Evidence, speaker: Speaker): Line {
  const { say } = speaker;
  const run = runOf(story, evidence);
  const who = speaker.person(story.entry?.member ?? null);
  if (run === undefined) return { answer: say.entry.entered(who, journey), mend: say.mend.nothing };
  const sending = sendingsOf(run, speaker).at(-1);
  if (sending === undefined) {
    const where = whereStands(run, speaker);
    return run.ended === null
      ? { answer: say.answer.onTheWay(who, journey, where), mend: say.mend.goesOn }
      : { answer: say.answer.endedUnsent(who, journey, where), mend: say.mend.newChange };
  }
  const { mail, last, reports } = sending;
  const when = speaker.when(last.at);
  switch (last.kind) {
    case "suppressed": {
      const mend = (say.mend.suppressed as Readonly<Record<string, string>>)[last.detail ?? ""];
      return {
        answer: say.answer.suppressed(mail, whySuppressed(last, who, speaker), when),
        mend: mend ?? say.mend.newChange,
      };
    }
    case "held": {
      const mend = (say.mend.held as Readonly<Record<string, string>>)[last.detail ?? ""];
      return { answer: say.answer.held(mail, whyHeld(last, speaker)), mend: mend ?? say.mend.goesOn };
    }
    case "failed": {
      const why = speaker.speaking.discreet ? say.leftOut : (last.detail ?? "");
      return { answer: say.answer.failed(mail, who, why), mend: say.mend.address };
    }
    case "unknown":
      return { answer: say.answer.unknown(mail), mend: say.mend.nothing };
    case "sent": {
      const told = deliveryOf(reports);
      if (told === undefined) return { answer: say.answer.sent(mail, who, when), mend: say.mend.nothing };
      if (told.failed === null)
        return { answer: say.answer.delivered(mail, who, speaker.when(told.at)), mend: say.mend.nothing };
      const why = say.delivery.failed[told.failed];
      return { answer: say.answer.undelivered(mail, who, why, speaker.when(told.at)), mend: say.mend.address };
    }
  }
}

/** Nothing that came is about it, or nothing came at all. */
function nothingCame(causes: readonly Cause[], evidence: Evidence, filter: StoryFilter, speaker: Speaker): Line {
  const { say } = speaker;
  const row = aboutOf(evidence, speaker);
  const [nameless] = evidence.nameless;
  if (nameless !== undefined) {
    const text = say.entry.nameless[nameless.outcome](speaker.trigger(nameless.trigger));
    const answer = say.answer.nobody(row, `${text} (${tellNobody(nameless.reason, speaker)})`);
    return { answer, mend: say.mend.refused.nobody };
  }
  if (evidence.changes.length + evidence.entries.length > 0) {
    const told = (text: string): Line => ({
      answer: evidence.more ? `${text} ${say.answer.amongNewest}` : text,
      mend: say.mend.newChange,
    });
    if (filter.journey !== undefined) return told(say.answer.notAbout(row, speaker.journey(filter.journey)));
    if (filter.trigger !== undefined) return told(say.answer.notFiredBy(row, speaker.trigger(filter.trigger)));
  }
  if (evidence.subject.kind === "person" && causes.length === 0)
    return { answer: say.answer.neverSeenPerson(row, evidence.keptDays), mend: say.mend.askRecord };
  const top = causes.find(({ verdict }) => verdict === "found");
  return {
    answer: say.answer.neverSeen(row, top?.text ?? say.causes.noneFound),
    mend: say.causes.mend[top?.cause ?? "none"],
  };
}

/** One change that came, with what each trigger made of it. */
export function tellSeen(change: SeenChange, evidence: Evidence, speaker: Speaker): ToldChange {
  const { say } = speaker;
  const stories = storiesOf({ ...evidence, changes: [change] }).filter((story) => story.change === change);
  const triggers = [...verdictsOf(change, evidence)].map(([slug, verdict]) => {
    const name = speaker.trigger(slug);
    const { fired, why, values } = tellVerdict(verdict, slug, change, speaker);
    const text = fired ? say.trigger.fired(name) : say.trigger.not(name, why);
    const led = stories.filter((story) => fired && story.trigger?.slug === slug);
    return {
      trigger: name,
      fired,
      text,
      values,
      journeys: [
        ...led.flatMap((story) => (story.journey === null ? [] : [lineOf(story, evidence, speaker).answer])),
        ...tellEffects(led[0]?.effects ?? [], evidence, speaker),
      ],
    };
  });
  return {
    at: iso(change.decision.at),
    text: tellChange(change, evidence, speaker),
    moved: movedBy(change, evidence, speaker),
    triggers: triggers.sort((one, other) => Number(other.fired) - Number(one.fired)),
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
