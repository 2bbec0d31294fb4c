import type { EntryDecision } from "../decision.ts";
import { aboutOf, type ToldChange, tellSeen } from "./answer.ts";
import { chainOf, type Link, runOf } from "./chain.ts";
import type { Evidence } from "./evidence.ts";
import { type Sending, sendingsOf } from "./sends.ts";
import type { Speaker } from "./speaker.ts";
import { type Story, storiesOf } from "./stories.ts";

/** Why somebody got something twice: what led to each, side by side. */
export interface TwiceAnswer {
  readonly answer: string;
  readonly mend: string;
  /** The earlier one first; fewer than two where it was not twice. */
  readonly sides: readonly Side[];
}

export interface Side {
  readonly title: string;
  /** The change that led there, and who made it; null where none did. */
  readonly change: Pick<ToldChange, "at" | "text" | "moved"> | null;
  readonly chain: readonly Link[];
}

/** One entry, and what it led to. */
interface Got {
  readonly story: Story;
  readonly entry: EntryDecision;
  readonly evidence: Evidence;
  readonly sent: readonly Sending[];
}

/** Of one subject, or of several persons who share an address. */
export function tellTwice(all: readonly Evidence[], journey: string | undefined, speaker: Speaker): TwiceAnswer {
  const got = all
    .flatMap((evidence) => gotIn(evidence, journey, speaker))
    // Dataverse tells whole seconds.
    .sort((one, other) => one.entry.at - other.entry.at || decidedAt(one) - decidedAt(other));
  const [first, second] = pairOf(got);
  const [evidence] = all;
  const { say } = speaker;
  const who = speaker.person(second?.entry.member ?? first?.entry.member ?? null);
  if (first === undefined || evidence === undefined) {
    const asked = evidence === undefined ? who : aboutOf(evidence, speaker);
    const answer = say.twice.never(asked, journey === undefined ? null : speaker.journey(journey));
    return { answer, mend: say.mend.askRecord, sides: [] };
  }
  const name = speaker.journey(first.entry.journey);
  const sides = [first, ...(second === undefined ? [] : [second])].map((it) => sideOf(it, speaker));
  if (second !== undefined) return { ...because(first, second, who, speaker), sides };
  const again = repeated(first.sent);
  if (again !== undefined) return { answer: say.twice.loop(who, name, again), mend: say.twice.mendLoop, sides };
  return { answer: say.twice.once(who, name, speaker.when(first.entry.at)), mend: say.mend.nothing, sides };
}

function decidedAt({ entry }: Got): number {
  return entry.decidedAt ?? entry.at;
}

function gotIn(evidence: Evidence, journey: string | undefined, speaker: Speaker): Got[] {
  const runs = new Set<string>();
  return storiesOf(evidence, { journey }).flatMap((story): Got[] => {
    const { entry } = story;
    // The same entry may be told under the record and under the person.
    if (entry?.outcome !== "entered" || entry.run === null || runs.has(entry.run)) return [];
    runs.add(entry.run);
    const run = runOf(story, evidence);
    const sent = run === undefined ? [] : sendingsOf(run, speaker).filter(({ last }) => last.kind === "sent");
    return [{ story, entry, evidence, sent }];
  });
}

/** The latest two that sent something; of one journey, if there are two of one. Else the latest that entered. */
function pairOf(got: readonly Got[]): readonly Got[] {
  const sent = got.filter((it) => it.sent.length > 0);
  const from = sent.length >= 2 || got.length < 2 ? (sent.length > 0 ? sent : got) : got;
  const last = from.at(-1);
  const same = from.filter((it) => it.entry.journey === last?.entry.journey);
  return (same.length >= 2 ? same : from).slice(-2);
}

function because(first: Got, second: Got, who: string, speaker: Speaker): { answer: string; mend: string } {
  const { twice } = speaker.say;
  const [one, other] = [first.entry, second.entry];
  const journey = speaker.journey(one.journey);
  if (one.journey !== other.journey)
    return { answer: twice.journeys(who, journey, speaker.journey(other.journey)), mend: twice.mendJourneys };
  if (one.member !== other.member)
    return first.evidence === second.evidence
      ? { answer: twice.members(journey, rowOf(first, speaker)), mend: twice.mendMembers }
      : { answer: twice.people(journey, 2), mend: twice.mendPeople };
  if (one.record !== other.record)
    return {
      answer: twice.records(who, journey, rowOf(first, speaker), rowOf(second, speaker)),
      mend: twice.mendRecords,
    };
  const reentry = second.evidence.journeys[one.journey]?.reentry.kind;
  // Once for each record: what is about none is a matter of its own each time.
  if (reentry === "once-per-record" && one.record === null)
    return { answer: twice.events(who, journey, rowOf(second, speaker)), mend: twice.mendRecords };
  return reentry === "always" || reentry === "after"
    ? { answer: twice.always(who, journey), mend: twice.mendAlways }
    : { answer: twice.reset(who, journey, rowOf(second, speaker)), mend: twice.mendRecords };
}

function sideOf({ story, entry, evidence }: Got, speaker: Speaker): Side {
  const title = speaker.say.twice.entry(speaker.journey(entry.journey), speaker.when(entry.at));
  const chain = chainOf(story, evidence, speaker);
  if (story.change === null) return { title, change: null, chain };
  const { at, text, moved } = tellSeen(story.change, evidence, speaker);
  return { title, change: { at, text, moved }, chain };
}

/** The record that an entry is about; of a custom event about none, its trigger. */
function rowOf({ entry, evidence }: Got, speaker: Speaker): string {
  const [table = "", id = ""] = entry.record?.split(":") ?? [];
  const { subject } = evidence;
  if (subject.id === id) return aboutOf(evidence, speaker);
  return table === "" ? speaker.trigger(entry.trigger ?? "") : speaker.row(table, id, null);
}

/** A mail that one run sent more than once. */
function repeated(sent: readonly Sending[]): string | undefined {
  return sent.find(({ mail }, n) => sent.findIndex((other) => other.mail === mail) !== n)?.mail;
}
