import type { EntryDecision, RowsDecision } from "../decision.ts";
import type { Failed } from "../evaluate.ts";
import { judge, type NotFired } from "../judge.ts";
import { judgeReadBack } from "../judge-read-back.ts";
import { codeOfReason, type RefusalCode } from "../refusal.ts";
import { isInteraction } from "../trigger.ts";
import type { Effect, Evidence, SeenChange } from "./evidence.ts";

/** What a trigger made of a change. */
export type TriggerVerdict =
  | { readonly kind: "fired" }
  /** `readAt`: when rows were read that decided it; they are read once the change has come. */
  | { readonly kind: "not-fired"; readonly failed: NotFired; readonly readAt?: number }
  /** The change came without its values: what would have to be known, as field paths. */
  | { readonly kind: "unknown"; readonly asks: readonly string[] }
  /** It listens to other messages. */
  | { readonly kind: "not-meant" }
  /** It would have fired, and did not: it was just being published. */
  | { readonly kind: "not-known" }
  /** What it would be judged by is kept no more. */
  | { readonly kind: "unkept" };

/** One way through: a change, a trigger of its table, and a journey that begins with it, as far as it came. */
export interface Story {
  readonly at: number;
  /** Null: a custom event or an interaction, or a change of another record than is asked about. */
  readonly change: SeenChange | null;
  /** Null: no trigger of the table was published. */
  readonly trigger: { readonly slug: string; readonly verdict: TriggerVerdict } | null;
  /** Slug; null where no journey begins with the trigger. */
  readonly journey: string | null;
  /** Null where it is not decided, or never came to that. */
  readonly entry: EntryDecision | null;
  /** What it did to runs that were under way. */
  readonly effects: readonly Effect[];
}

export interface StoryFilter {
  readonly journey?: string | undefined;
  readonly trigger?: string | undefined;
}

/** Every way through, newest first. */
export function storiesOf(evidence: Evidence, filter: StoryFilter = {}): readonly Story[] {
  const told = new Set<EntryDecision>();
  const stories = evidence.changes.flatMap((change) => ofChange(change, evidence, told));
  for (const entry of evidence.entries)
    if (!told.has(entry))
      stories.push({
        at: entry.at,
        change: null,
        trigger: { slug: entry.trigger ?? evidence.journeys[entry.journey]?.trigger ?? "", verdict: FIRED },
        journey: entry.journey,
        entry,
        effects: [],
      });
  for (const { at, trigger } of evidence.unused)
    stories.push({
      ...{ at, change: null, journey: null, entry: null, effects: [] },
      trigger: { slug: trigger, verdict: FIRED },
    });
  return stories.filter((story) => isMeant(story, filter)).sort((one, other) => other.at - one.at);
}

/**
 * The one that is asked about: of each journey the way that led furthest, and of these the newest that came as far as a
 * decision. Where none did, the furthest.
 */
export function mainStory(stories: readonly Story[]): Story | undefined {
  const best = new Map<string, Story>();
  for (const story of stories) {
    const way = story.journey ?? `trigger ${story.trigger?.slug}`;
    const there = best.get(way);
    if (there === undefined || weightOf(story) > weightOf(there)) best.set(way, story);
  }
  const candidates = [...best.values()];
  const decided = candidates.filter((story) => weightOf(story) >= DECIDED);
  if (decided.length > 0) return decided.sort((one, other) => other.at - one.at || weightOf(other) - weightOf(one))[0];
  return candidates.sort((one, other) => weightOf(other) - weightOf(one) || other.at - one.at)[0];
}

/** From here on somebody entered, was turned away, or a condition said no. */
const DECIDED = 7;

/** What every trigger of the table made of a change: those that were listed then, and those that the index passed over. */
export function verdictsOf(change: SeenChange, { rows }: Pick<Evidence, "rows">): ReadonlyMap<string, TriggerVerdict> {
  const { decision, body, triggers } = change;
  const verdicts = new Map<string, TriggerVerdict>();
  for (const slug of decision.fired) {
    const asked = rows.find((it) => it.change === decision.change && it.trigger === slug);
    verdicts.set(slug, asked === undefined ? FIRED : ofRows(asked));
  }
  for (const { trigger, asks } of decision.unknown ?? []) verdicts.set(trigger, { kind: "unknown", asks });
  for (const { trigger, failed } of decision.considered)
    verdicts.set(trigger, isNotFired(failed) ? { kind: "not-fired", failed } : { kind: "unkept" });
  for (const trigger of triggers) {
    if (verdicts.has(trigger.slug)) continue;
    if (body === undefined) verdicts.set(trigger.slug, { kind: "unkept" });
    else {
      const judged = (body.readBack === undefined ? judge : judgeReadBack)(trigger, body, decision.at);
      verdicts.set(trigger.slug, judged.kind === "fired" ? { kind: "not-known" } : judged);
    }
  }
  return verdicts;
}

export function codeOf(entry: EntryDecision): RefusalCode {
  return entry.code ?? codeOfReason(entry.reason ?? "");
}

const FIRED: TriggerVerdict = { kind: "fired" };

function ofRows({ outcome, failed, decidedAt }: RowsDecision): TriggerVerdict {
  if (outcome === "fired") return FIRED;
  return failed === null ? { kind: "unkept" } : { kind: "not-fired", failed, readAt: decidedAt };
}

function ofChange(change: SeenChange, evidence: Evidence, told: Set<EntryDecision>): Story[] {
  const { decision } = change;
  const verdicts = verdictsOf(change, evidence);
  if (verdicts.size === 0) return [{ at: decision.at, change, trigger: null, journey: null, entry: null, effects: [] }];
  return [...verdicts].flatMap(([slug, verdict]) => {
    const entries = evidence.entries.filter((it) => it.change === decision.change && it.trigger === slug);
    for (const entry of entries) told.add(entry);
    const effects = evidence.effects.filter((it) => it.change === decision.change && it.trigger === slug);
    const began = { at: decision.at, change, trigger: { slug, verdict }, effects };
    const decided = entries.map((entry): Story => ({ ...began, journey: entry.journey, entry }));
    const others = Object.entries(evidence.journeys)
      .filter(([journey, it]) => it.trigger === slug && !entries.some((entry) => entry.journey === journey))
      .filter(([, it]) => verdict.kind !== "fired" || wasOpen(it.openSince, decision.at))
      .map(([journey]): Story => ({ ...began, journey, entry: null }));
    const all = [...decided, ...others];
    return all.length > 0 ? all : [{ ...began, journey: null, entry: null }];
  });
}

/** A journey that was opened later decided nothing of what fired before; when, was not always kept. */
function wasOpen(since: number | null, at: number): boolean {
  return since === null || since <= at;
}

function isMeant(story: Story, { journey, trigger }: StoryFilter): boolean {
  if (trigger !== undefined && story.trigger?.slug !== trigger) return false;
  return journey === undefined || story.journey === journey;
}

function weightOf({ trigger, journey, entry, effects }: Story): number {
  if (trigger === null) return 0;
  const enters = journey === null ? 0 : 1;
  switch (trigger.verdict.kind) {
    case "fired":
      if (journey === null) return effects.length > 0 ? DECIDED : 4;
      if (entry === null) return 9;
      if (entry.outcome === "entered" || codeOf(entry) !== "filter") return 9;
      // Each mail brings such events, and a filter is there to pass over nearly all of them.
      return isInteraction(trigger.slug) ? 6 : 8;
    case "not-fired":
      return typeof trigger.verdict.failed === "object" ? 3 + enters * 4 : 2 + enters;
    case "not-known":
    case "unknown":
      return 5;
    case "not-meant":
    case "unkept":
      return 1;
  }
}

/** Decisions come out of the store: what is no reason of this build's is told as kept no more. */
function isNotFired(failed: unknown): failed is NotFired {
  return (PLAIN as readonly unknown[]).includes(failed) || isFailed(failed);
}

const PLAIN: readonly NotFired[] = ["not-included", "not-changed", "oversize", "other-user", "ignored-user", "import"];

function isFailed(failed: unknown): failed is Failed {
  return typeof failed === "object" && failed !== null && "field" in failed && "op" in failed && "seen" in failed;
}
