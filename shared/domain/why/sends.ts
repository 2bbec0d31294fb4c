import type { Fact, HoldReason, SuppressedReason } from "../run.ts";
import { sentence, waitsFor } from "../words.ts";
import type { Effect, Evidence, Report, RunEvidence } from "./evidence.ts";
import type { FailedDelivery } from "./phrases.ts";
import type { Speaker } from "./speaker.ts";

/** One mail that a run came to, as far as it came. */
export interface Sending {
  /** The mail or survey by its name, as words of a sentence. */
  readonly mail: string;
  readonly last: Fact & { readonly kind: SendingKind };
  readonly reports: readonly Report[];
}

type SendingKind = "sent" | "suppressed" | "failed" | "unknown" | "held";

const KINDS: readonly string[] = ["sent", "suppressed", "failed", "unknown", "held"] satisfies SendingKind[];

/** The mails that a run came to, oldest first. */
export function sendingsOf(run: RunEvidence, speaker: Speaker): readonly Sending[] {
  const found = new Map<string, Sending>();
  for (const fact of run.facts) {
    const step = fact.step === null ? undefined : run.journey.steps[fact.step];
    if ((step?.kind !== "email" && step?.kind !== "survey") || !isSending(fact)) continue;
    const visit = `${fact.step}~${fact.visit}`;
    found.set(visit, { mail: mailOf(run, step, speaker), last: fact, reports: run.reports[visit] ?? [] });
  }
  // What was held is past once the run went on without it, or ended.
  const holds = run.ended === null && run.standing.hold !== null;
  return [...found.values()].filter(({ last }) => last.kind !== "held" || holds);
}

/** What events did to runs that were under way: each as the run's own story says it, with its journey. */
export function tellEffects(effects: readonly Effect[], { runs }: Pick<Evidence, "runs">, speaker: Speaker): string[] {
  return effects.flatMap(({ event, run: id }) => {
    const run = runs[id];
    const fact = run?.facts.find((one) => one.event === event && one.kind !== "entered");
    if (run === undefined || fact === undefined) return [];
    const telling = { language: speaker.speaking.language, journey: run.journey, names: run.names };
    return [speaker.say.answer.led(speaker.quoted(run.journey.name), sentence(fact, telling))];
  });
}

/** Where a run stands that is due no mail now: what it waits for, or how it ended. */
export function whereStands(run: RunEvidence, speaker: Speaker): string {
  const { say } = speaker;
  if (run.ended !== null) return say.standing.ended[run.ended];
  const telling = { language: speaker.speaking.language, journey: run.journey, names: run.names };
  const what = waitsFor(run.standing, telling);
  if (what === undefined) return say.standing.goesOn;
  return say.standing.waits(what, run.until === null ? null : speaker.when(run.until));
}

/** Why a mail was kept back, of somebody by name where that can be said. */
export function whySuppressed(fact: Fact, who: string, speaker: Speaker): string {
  const reason = (fact.detail ?? "") as SuppressedReason;
  const byName = speaker.say.suppressedWhy[reason];
  return byName === undefined ? (speaker.plain.suppressedWhy[reason] ?? reason) : byName(who);
}

export function whyHeld(fact: Fact, speaker: Speaker): string {
  const reason = (fact.detail ?? "") as HoldReason;
  return speaker.plain.heldWhy[reason] ?? reason;
}

/** What the last report that counts says; undefined while there is none. */
export function deliveryOf(
  reports: readonly Report[],
): { readonly at: number; readonly failed: FailedDelivery | null } | undefined {
  const decisive = reports.findLast(({ status }) => status === "Delivered" || isFailedDelivery(status));
  if (decisive !== undefined)
    return { at: decisive.at, failed: isFailedDelivery(decisive.status) ? decisive.status : null };
  // Who opened it got it, even where the report of the delivery was lost.
  const seen = reports.find(({ status }) => status === "view" || status === "click");
  return seen === undefined ? undefined : { at: seen.at, failed: null };
}

function mailOf(
  run: RunEvidence,
  step: { readonly kind: "email" | "survey"; readonly mail: string; readonly survey?: string },
  speaker: Speaker,
): string {
  const say = speaker.plain;
  if (step.kind === "survey") {
    const survey = step.survey ?? "";
    return say.survey(say.quoted(run.names.surveys[survey] ?? survey));
  }
  return say.mail(say.quoted(run.names.mails[step.mail] ?? step.mail));
}

function isSending(fact: Fact): fact is Fact & { readonly kind: SendingKind } {
  return KINDS.includes(fact.kind);
}

const FAILED: readonly string[] = [
  "Bounced",
  "Failed",
  "Suppressed",
  "FilteredSpam",
  "Quarantined",
] satisfies FailedDelivery[];

function isFailedDelivery(status: string): status is FailedDelivery {
  return FAILED.includes(status);
}
