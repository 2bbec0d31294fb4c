import type { EntryDecision } from "../decision.ts";
import { isInteraction } from "../trigger.ts";
import { movedBy, tellChange } from "./change-words.ts";
import type { EnteredJourney, Evidence } from "./evidence.ts";
import { type SeenValue, type ToldFailure, tellFailed } from "./failed-words.ts";
import { tellNobody } from "./people-words.ts";
import type { LinkKind } from "./phrases.ts";
import { deliveryOf, type Sending, sendingsOf, tellEffects, whereStands, whyHeld, whySuppressed } from "./sends.ts";
import type { Speaker } from "./speaker.ts";
import { codeOf, type Story } from "./stories.ts";
import { tellVerdict } from "./trigger-words.ts";

export type LinkOutcome = "yes" | "no" | "not-reached" | "unknown";

/** One link of the chain, ready to be shown. */
export interface Link {
  readonly step: LinkKind;
  readonly label: string;
  readonly outcome: LinkOutcome;
  readonly outcomeLabel: string;
  /** ISO 8601. */
  readonly at: string | null;
  readonly text: string;
  readonly values: readonly SeenValue[];
}

/** A story as a chain, oldest link first: each yes, no, or not reached. */
export function chainOf(story: Story, evidence: Evidence, speaker: Speaker): readonly Link[] {
  const links = [changeLink(story, evidence, speaker), triggerLink(story, speaker)];
  const reached = story.trigger?.verdict.kind === "fired";
  const journey = story.journey === null ? undefined : evidence.journeys[story.journey];
  links.push(reached ? filterLink(story, journey, speaker) : notReached("filter", speaker));
  links.push(reached ? entryLink(story, evidence, speaker) : notReached("entry", speaker));
  const run = runOf(story, evidence);
  if (run === undefined)
    return [...links, ...(["consent", "send", "delivery"] as const).map((it) => notReached(it, speaker))];
  const who = speaker.person(run.member);
  const sendings = sendingsOf(run, speaker);
  if (sendings.length > 0)
    return [...links, ...sendings.flatMap((sending) => sendLinks(sending, who, run.until, speaker))];
  const text = speaker.say.consent.notReached(whereStands(run, speaker));
  return [
    ...links,
    link("consent", "not-reached", null, text, speaker),
    notReached("send", speaker),
    notReached("delivery", speaker),
  ];
}

/** The run that the entry began; not the earlier one that kept it from beginning another. */
export function runOf({ entry }: Story, evidence: Evidence) {
  return entry?.outcome === "entered" && entry.run !== null ? evidence.runs[entry.run] : undefined;
}

/** What a filter saw, where that was kept. */
export function tellFilter(entry: EntryDecision, table: string | null, speaker: Speaker): ToldFailure | undefined {
  if (entry.failed === undefined) return undefined;
  return tellFailed(entry.failed, { table, member: entry.member, readAt: entry.decidedAt ?? null }, speaker);
}

/** Why somebody was turned away, as words that go on after "did not enter:". */
export function whyTurnedAway(entry: EntryDecision, speaker: Speaker): string {
  const code = codeOf(entry);
  return code === "nobody" ? tellNobody(entry.reason ?? "", speaker) : speaker.say.entry.why[code];
}

export function tableOf(story: Story): string | null {
  return story.change?.body?.table ?? story.entry?.record?.split(":")[0] ?? null;
}

/** Where a message stands that was not worked on yet. */
export function wherePending({ stuck }: Evidence, speaker: Speaker): string {
  const { where } = speaker.say;
  const [parked] = stuck.parked;
  if (parked !== undefined) return where.parked(speaker.when(parked.at));
  if (stuck.spilled > 0) return where.spilled;
  return (stuck.deadLettered ?? 0) > 0 ? where.deadLettered : where.underWay;
}

function changeLink(story: Story, evidence: Evidence, speaker: Speaker): Link {
  const { change, trigger, entry } = story;
  if (change === null) {
    const slug = trigger?.slug ?? "";
    const name = speaker.trigger(slug);
    const text = isInteraction(slug) ? `${name}.` : speaker.say.change.event(name);
    const record = entry?.record?.split(":");
    const row = record === undefined ? "" : ` (${speaker.row(record[0] ?? "", record[1] ?? "", null)})`;
    return link("change", "yes", story.at, `${text}${row}`, speaker);
  }
  const moved = movedBy(change, evidence, speaker);
  const details = moved.map(({ label, before, after }) => speaker.say.change.moved(label, before, after)).join(" · ");
  const text = [tellChange(change, evidence, speaker), details].filter((part) => part !== "").join(" ");
  return link("change", "yes", story.at, text, speaker);
}

function triggerLink({ trigger, change, at }: Story, speaker: Speaker): Link {
  const { say } = speaker;
  if (trigger === null) return link("trigger", "no", at, say.trigger.none, speaker);
  const name = speaker.trigger(trigger.slug);
  if (trigger.verdict.kind === "fired" || change === null)
    return link("trigger", "yes", at, say.trigger.fired(name), speaker);
  const { why, values } = tellVerdict(trigger.verdict, trigger.slug, change, speaker);
  const outcome = trigger.verdict.kind === "unkept" ? "unknown" : "no";
  return link("trigger", outcome, at, say.trigger.not(name, why), speaker, values);
}

function filterLink(story: Story, journey: EnteredJourney | undefined, speaker: Speaker): Link {
  const { entry } = story;
  const { filter } = speaker.say;
  if (entry === null) return notReached("filter", speaker);
  const at = entry.decidedAt ?? entry.at;
  if (entry.outcome === "turned-away") {
    const code = codeOf(entry);
    if (code === "filter") {
      const told = tellFilter(entry, tableOf(story), speaker);
      const text = told === undefined ? filter.unkept : filter.not(told.text);
      return link("filter", "no", at, text, speaker, told?.values == null ? [] : [told.values]);
    }
    // Only these two are looked at after the filter.
    if (code !== "entered-before" && code !== "too-soon")
      return link("filter", "not-reached", null, filter.notAsked, speaker);
  }
  return link("filter", "yes", at, journey?.filter === undefined ? filter.none : filter.holds, speaker);
}

function entryLink(story: Story, evidence: Evidence, speaker: Speaker): Link {
  const { entry, journey } = story;
  const { say } = speaker;
  if (journey === null) {
    const led = tellEffects(story.effects, evidence, speaker);
    if (led.length > 0) return link("entry", "not-reached", null, led.join(" "), speaker);
    return link("entry", "no", null, say.entry.noJourney, speaker);
  }
  const name = speaker.journey(journey);
  if (entry === null)
    return link("entry", "not-reached", null, say.entry.pending(name, wherePending(evidence, speaker)), speaker);
  const at = entry.decidedAt ?? entry.at;
  const who = speaker.person(entry.member);
  if (entry.outcome === "entered") {
    const text = [say.entry.entered(who, name), ...aboutPerson(entry, tableOf(story), speaker)].join(" ");
    return link("entry", "yes", at, text, speaker);
  }
  const code = codeOf(entry);
  if (code === "filter") return notReached("entry", speaker);
  const why = whyTurnedAway(entry, speaker);
  const text = code === "nobody" ? say.entry.nobody(why) : say.entry.turnedAway(who, name, why);
  // What waits for an operator is not refused.
  return link("entry", code === "held" ? "unknown" : "no", at, text, speaker);
}

/** By which column the person was found, and what their row said against writing to them. */
function aboutPerson({ way, standing = [] }: EntryDecision, table: string | null, speaker: Speaker): string[] {
  const { entry } = speaker.say;
  const column = /^([a-z][a-z0-9_]*)(\.[a-z0-9_]+)?:/.exec(way ?? "")?.[1];
  const found =
    column === undefined || column === "self" || table === null ? [] : [entry.foundBy(speaker.column(table, column))];
  return [...found, ...standing.map((one) => entry.standing[one])];
}

function sendLinks({ last, mail, reports }: Sending, who: string, until: number | null, speaker: Speaker): Link[] {
  const { say } = speaker;
  const sentence = (text: string): string => `${capital(mail)}${say.colon}${text}`;
  const unsent = [
    notReached("send", speaker, sentence(say.send.not)),
    notReached("delivery", speaker, say.delivery.notSent),
  ];
  const consent = link("consent", "yes", last.at, sentence(say.consent.given), speaker);
  switch (last.kind) {
    case "suppressed":
      return [link("consent", "no", last.at, sentence(`${whySuppressed(last, who, speaker)}.`), speaker), ...unsent];
    case "held": {
      const text = say.send.held(whyHeld(last, speaker), until === null ? null : speaker.when(until));
      return [link("consent", "unknown", last.at, sentence(text), speaker), ...unsent];
    }
    case "failed": {
      const text = say.answer.failed(mail, who, speaker.speaking.discreet ? say.leftOut : (last.detail ?? ""));
      return [
        consent,
        link("send", "no", last.at, text, speaker),
        notReached("delivery", speaker, say.delivery.notSent),
      ];
    }
    case "unknown":
      return [
        consent,
        link("send", "unknown", last.at, say.answer.unknown(mail), speaker),
        deliveryLink(reports, speaker),
      ];
    case "sent":
      return [
        consent,
        link("send", "yes", last.at, sentence(say.send.sent(speaker.when(last.at))), speaker),
        deliveryLink(reports, speaker),
      ];
  }
}

function deliveryLink(reports: Sending["reports"], speaker: Speaker): Link {
  const { delivery } = speaker.say;
  const told = deliveryOf(reports);
  if (told === undefined) return link("delivery", "unknown", null, delivery.noWord, speaker);
  if (told.failed !== null)
    return link("delivery", "no", told.at, `${capital(delivery.failed[told.failed])}.`, speaker);
  const has = (status: string): boolean => reports.some((report) => report.status === status);
  const more = has("click") ? ` ${delivery.clicked}` : has("view") ? ` ${delivery.opened}` : "";
  return link("delivery", "yes", told.at, `${delivery.delivered}${more}`, speaker);
}

function notReached(step: LinkKind, speaker: Speaker, text = speaker.say.entry.notReached): Link {
  return link(step, "not-reached", null, text, speaker);
}

function link(
  step: LinkKind,
  outcome: LinkOutcome,
  at: number | null,
  text: string,
  { say }: Speaker,
  values: readonly SeenValue[] = [],
): Link {
  const iso = at === null ? null : new Date(at).toISOString();
  return { step, label: say.links[step], outcome, outcomeLabel: say.outcomes[outcome], at: iso, text, values };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
