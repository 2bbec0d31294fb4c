import { columnOf } from "../change-lookup.ts";
import { revisionOn } from "../published-spans.ts";
import { same } from "../sameness.ts";
import type { RecordTrigger } from "../trigger.ts";
import type { CauseKind } from "./cause-phrases.ts";
import { isOf } from "./change-words.ts";
import type { Evidence, Row, SeenChange, Unseen } from "./evidence.ts";
import type { Speaker } from "./speaker.ts";

export type CauseVerdict = "found" | "ruled-out" | "unknown";

/** One reason for which a change may never have been seen, and what checking it brought. */
export interface Cause {
  readonly cause: CauseKind;
  readonly label: string;
  readonly verdict: CauseVerdict;
  readonly verdictLabel: string;
  readonly text: string;
}

type Checked = { readonly verdict: CauseVerdict; readonly text: string };

/** What decides between two causes that were found: the surer one stands first. */
const RANK: readonly CauseKind[] = [
  "another-environment",
  "stuck",
  "webhook-lost",
  "registration-off",
  "older-than-kept",
  "before-trigger",
  "not-in-save",
  "bypassed",
];
const VERDICTS: readonly CauseVerdict[] = ["found", "unknown", "ruled-out"];
const DAY_MS = 86_400_000;
const SECOND = 1_000;
/** Dataverse stamps row and operation in whole seconds, and not in the same one. */
const SLACK = 2_000;

/** Every cause, each found, ruled out or not to be told: those that were found first, the surest of them at the top. */
export function causesOf(evidence: Evidence, unseen: Unseen, speaker: Speaker): readonly Cause[] {
  const it = { evidence, unseen, speaker, say: speaker.say.causes, row: rowIn(unseen) };
  const checked: Record<Exclude<CauseKind, "bypassed">, Checked> = {
    "not-in-save": notInSave(it),
    "registration-off": registrationOff(it),
    "webhook-lost": webhookLost(it),
    "before-trigger": beforeTrigger(it),
    "older-than-kept": olderThanKept(it),
    "another-environment": anotherEnvironment(it),
    stuck: stuck(it),
  };
  const all: Record<CauseKind, Checked> = { ...checked, bypassed: bypassed(checked, it) };
  const { names, verdicts } = it.say;
  return RANK.map((cause): Cause => {
    const { verdict, text } = all[cause];
    return { cause, label: names[cause], verdict, verdictLabel: verdicts[verdict], text };
  }).sort((one, other) => VERDICTS.indexOf(one.verdict) - VERDICTS.indexOf(other.verdict));
}

/** Whether the row was saved after the last change that came; or nothing came at all. */
export function isBehind(evidence: Evidence, unseen: Unseen): boolean {
  const last = lastOwn(evidence)?.decision.at;
  if (last === undefined) return true;
  const saved = rowIn(unseen)?.modifiedAt;
  return saved != null && saved > last + SLACK;
}

/** The last change of the row itself: of a person, changes of cases and orders are told too. */
function lastOwn({ changes, subject }: Evidence): SeenChange | undefined {
  return changes.findLast(({ body }) => body === undefined || isOf(subject, body));
}

interface Asked {
  readonly evidence: Evidence;
  readonly unseen: Unseen;
  readonly speaker: Speaker;
  readonly say: Speaker["say"]["causes"];
  /** Undefined where it is missing or could not be asked. */
  readonly row: Row | undefined;
}

function rowIn({ row }: Unseen): Row | undefined {
  return row === null || row === "missing" ? undefined : row;
}

function savedAt({ row }: Asked): number | null {
  return row?.modifiedAt ?? row?.createdAt ?? null;
}

/** Triggers that are published now. */
function publishedNow({ unseen, evidence }: Asked): readonly RecordTrigger[] {
  return unseen.triggers.flatMap(({ trigger, spans }) =>
    revisionOn(spans, evidence.now) === undefined ? [] : [trigger],
  );
}

function notInSave(it: Asked): Checked {
  const { say, row, speaker } = it;
  const triggers = publishedNow(it);
  if (triggers.length === 0) return found(say.noTriggerOfTable);
  const listened = triggers.map((trigger) => say.listens(speaker.trigger(trigger.slug), listensTo(trigger, speaker)));
  if (row === undefined) return unknown(say.columnsUnknown(listened));
  const { createdAt, modifiedAt } = row;
  if (createdAt !== null && (modifiedAt === null || modifiedAt - createdAt < SECOND)) {
    const listener = triggers.find(({ created }) => created);
    if (listener !== undefined)
      return ruledOut(say.listens(speaker.trigger(listener.slug), speaker.say.messages.create));
    return found(say.onlyCreated(speaker.when(createdAt)));
  }
  const updates = triggers.flatMap((trigger) =>
    trigger.updated === undefined ? [] : [{ trigger, columns: trigger.updated.columns }],
  );
  if (updates.length === 0) return found(say.listened(listened));
  const any = updates.find(({ columns }) => columns === "any");
  if (any !== undefined) return ruledOut(say.listenedAny(speaker.trigger(any.trigger.slug)));
  const columns = [...new Set(updates.flatMap((update) => (update.columns === "any" ? [] : update.columns)))];
  return sinceTheLast(columns, listened, row, it);
}

/** Columns that triggers listen to, now and when the last change came. */
function sinceTheLast(
  columns: readonly string[],
  listened: readonly string[],
  row: Row,
  { evidence, say, speaker }: Asked,
): Checked {
  const last = lastOwn(evidence);
  const after = last?.body?.after ?? null;
  if (last === undefined || after === null) return unknown(say.columnsUnknown(listened));
  const table = evidence.subject.table;
  const known = columns.filter((column) => Object.hasOwn(after, column));
  const moved = known.filter((column) => !same(columnOf(after, column), columnOf(row.values, column)));
  const when = speaker.when(last.decision.at);
  if (moved.length > 0) return ruledOut(say.movedSince(speaker.columns(table, moved), when));
  if (known.length < columns.length) return unknown(say.columnsUnknown(listened));
  return found(say.unchangedSince(speaker.columns(table, columns), when));
}

function listensTo(trigger: RecordTrigger, speaker: Speaker): string {
  const { messages } = speaker.say;
  const parts = [
    ...(trigger.created ? [messages.create] : []),
    ...(trigger.updated === undefined
      ? []
      : [
          trigger.updated.columns === "any" ? messages.update : speaker.columns(trigger.table, trigger.updated.columns),
        ]),
    ...(trigger.deleted ? [messages.delete] : []),
  ];
  return parts.length === 0 ? speaker.say.causes.listensToNothing : parts.join(", ");
}

function registrationOff(it: Asked): Checked {
  const { unseen, say, speaker } = it;
  const { registrations } = unseen;
  if (registrations === null) return unknown(say.registrationUnknown);
  if (publishedNow(it).length === 0) return ruledOut(say.registrationOfNoTrigger);
  const saved = savedAt(it);
  const wrong = registrations.wrong.find(({ since }) => since === null || saved === null || since <= saved + SECOND);
  if (wrong !== undefined) {
    const { what, since, by } = wrong;
    return found(
      say.offSince(
        say.faults[what],
        since === null ? null : speaker.when(since),
        speaker.speaking.discreet ? null : by,
      ),
    );
  }
  const then =
    saved === null ? undefined : registrations.wrongBefore.find(({ from, to }) => from <= saved && saved <= to);
  return then === undefined
    ? ruledOut(say.registrationFine)
    : found(say.offThen(speaker.when(then.from), speaker.when(then.to)));
}

function webhookLost({ unseen, say, speaker }: Asked): Checked {
  const { jobs } = unseen;
  if (jobs === null) return unknown(say.jobsUnknown);
  const failed = jobs.findLast(({ state }) => state === "failed");
  if (failed !== undefined)
    return found(say.jobFailed(speaker.when(failed.at), speaker.speaking.discreet ? null : bare(failed.message)));
  const waiting = jobs.find(({ state }) => state === "waiting");
  return waiting === undefined ? ruledOut(say.noJob) : found(say.jobWaiting(speaker.when(waiting.at)));
}

function beforeTrigger(it: Asked): Checked {
  const { unseen, say, speaker } = it;
  const spans = unseen.triggers.flatMap((one) => one.spans);
  if (spans.length === 0) return found(say.noTriggerOfTable);
  const saved = savedAt(it);
  if (saved === null) return unknown(say.changeTimeUnknown);
  const published = spans.filter((span) => revisionOn([span], saved) !== undefined);
  const starts = (of: typeof spans): number[] => of.flatMap(({ at }) => (at === null ? [] : [Date.parse(at)]));
  if (published.length > 0) {
    // Whether what was published before this was kept stood then, nobody knows.
    const [since] = starts(published).sort((one, other) => one - other);
    return since === undefined
      ? unknown(say.publishedUnknown)
      : ruledOut(say.changedAfter(speaker.when(saved), speaker.when(since)));
  }
  const first = Math.min(...starts(spans));
  return saved < first
    ? found(say.changedBefore(speaker.when(saved), speaker.when(first)))
    : found(say.changedWhileStopped(speaker.when(saved)));
}

function olderThanKept(it: Asked): Checked {
  const { evidence, say, speaker } = it;
  const saved = savedAt(it);
  if (saved === null) return unknown(say.changeTimeUnknown);
  const { keptDays, now } = evidence;
  return saved < now - keptDays * DAY_MS
    ? found(say.tooOld(speaker.when(saved), keptDays))
    : ruledOut(say.kept(speaker.when(saved), keptDays));
}

function anotherEnvironment({ unseen, evidence, say, speaker }: Asked): Checked {
  const { elsewhere, row } = unseen;
  if (elsewhere !== null) return found(say.otherHost(elsewhere.asked, elsewhere.connected));
  const foreign = evidence.stuck.parked.find(({ kind }) => kind === "foreign");
  if (foreign !== undefined) return found(say.foreign(speaker.when(foreign.at)));
  if (row === "missing") return lastOwn(evidence) === undefined ? found(say.rowMissing) : unknown(say.rowMissing);
  return row === null ? unknown(say.environmentUnknown) : ruledOut(say.sameEnvironment);
}

function stuck({ evidence, say, speaker }: Asked): Checked {
  const { parked, spilled, deadLettered, lookedAt } = evidence.stuck;
  const own = parked.find(({ kind }) => kind !== "foreign");
  if (own !== undefined) return found(say.parked(say.sources[own.kind], speaker.when(own.at), own.reason));
  if (spilled > 0) return found(say.spilled);
  if (deadLettered === null) return unknown(say.deadUnknown);
  return deadLettered > 0 ? found(say.deadLettered) : ruledOut(say.notStuck(lookedAt));
}

/** Going round Dataverse's logic leaves no trace: it is what remains where a value moved and nothing else explains it. */
function bypassed(checked: Record<Exclude<CauseKind, "bypassed">, Checked>, { row, say, evidence }: Asked): Checked {
  const others = Object.entries(checked).filter(([cause]) => cause !== "not-in-save");
  const saveFound = checked["not-in-save"].verdict === "found";
  if (saveFound && others.every(([, { verdict }]) => verdict !== "found")) return ruledOut(say.bypassedNot);
  const nothingElse = [...others, ["", checked["not-in-save"]] as const].every(
    ([, { verdict }]) => verdict === "ruled-out",
  );
  // Without a change that came before, nobody can say that a value moved.
  const moved = lastOwn(evidence) !== undefined || checked["not-in-save"].verdict === "ruled-out";
  return row !== undefined && moved && nothingElse ? found(say.bypassedByExclusion) : unknown(say.bypassedUnknown);
}

function found(text: string): Checked {
  return { verdict: "found", text };
}

function ruledOut(text: string): Checked {
  return { verdict: "ruled-out", text };
}

function unknown(text: string): Checked {
  return { verdict: "unknown", text };
}

/** It stands within a sentence of ours, which ends by itself. */
function bare(message: string | null): string | null {
  return message === null ? null : message.replace(/[.\s]+$/, "");
}
