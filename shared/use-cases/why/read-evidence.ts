import type { ChangeDecision, Decision, EntryDecision } from "../../domain/decision.ts";
import { revisionAt, revisionOn, type Span } from "../../domain/published-spans.ts";
import type { RecordTrigger } from "../../domain/trigger.ts";
import { isBehind } from "../../domain/why/causes.ts";
import { watched } from "../../domain/why/change-words.ts";
import type { EnteredJourney, Evidence, SeenChange, Subject, Unseen } from "../../domain/why/evidence.ts";
import { inOrder } from "../../domain/why/in-order.ts";
import { hash } from "../../stores/hash.ts";
import { weeksKept } from "../../stores/weeks.ts";
import type { Deps } from "../deps.ts";
import { askedTables, type Elsewhere } from "./find-subject.ts";
import { readEffects } from "./read-effects.ts";
import { readRuns } from "./read-runs.ts";
import { NOTHING_STUCK, readStuck } from "./read-stuck.ts";
import { readRow, readUnseen, type TableTrigger } from "./read-unseen.ts";

/** What is told of one subject: what came before that is in the decisions. */
const MOST_CHANGES = 50;
const MOST_RUNS = 20;
/** Changes of other records that an answer about a person reads, to say what they were. */
const MOST_OF_OTHERS = 10;

/**
 * All that an answer is made of. What came of a record stands in one partition of the decisions; a person's entries in
 * the person's own. Dataverse is asked for names, and where the row was saved after the last change that came.
 */
export async function readEvidence(subject: Subject, elsewhere: Elsewhere | null, deps: Deps): Promise<Evidence> {
  const about = `${subject.table}:${subject.id}`;
  const { decisions, more } = await readDecisions(about, subject, deps);
  const spans = await deps.triggers.spans();
  const own = ofKind(decisions, "change").slice(0, MOST_CHANGES);
  const triggers = await triggersOf(subject.table, spans, deps);
  const read = await Promise.all(own.map((decision) => seen(decision, triggers, deps)));
  const changes = inOrder(read);
  const entries = ofKind(decisions, "entry").map((entry) => completed(entry, own));
  const others = await changesOfOthers(entries, about, spans, deps);
  const all = [...changes, ...others].sort((one, other) => one.decision.at - other.decision.at);
  const effects = await readEffects(subject, changes, deps);
  const named = [...effects.map(({ run }) => run), ...entries.flatMap(({ run }) => run ?? [])];
  const runs = await readRuns(named.slice(0, MOST_RUNS), deps);
  const evidence: Evidence = {
    ...{ subject, now: deps.clock.now(), keptDays: deps.settings.keptDays, changes: all, effects, runs },
    entries: [...entries].sort((one, other) => one.at - other.at),
    rows: ofKind(decisions, "rows"),
    nameless: ofKind(decisions, "event"),
    unused: ofKind(decisions, "unused"),
    journeys: await enteredJourneys(deps),
    ...{ stuck: NOTHING_STUCK, unseen: null },
    more: more || own.length < ofKind(decisions, "change").length,
  };
  const unseen = await readMissing(evidence, changes, triggers, elsewhere, deps);
  const open = unseen !== null || changes.some((change) => isOpen(change, evidence));
  return { ...evidence, unseen, stuck: open ? await readStuck(subject.id, deps) : NOTHING_STUCK };
}

async function readDecisions(about: string, subject: Subject, deps: Deps) {
  const weeks = weeksKept(deps.settings.keptDays);
  // To who was merged into somebody, what happened to them happened.
  const former = subject.kind === "person" ? await deps.members.formerSelves(about) : [];
  const read = await Promise.all(
    [about, ...former].map((place) => deps.decisions.newest(place, deps.clock.now(), weeks)),
  );
  return { decisions: read.flatMap(({ decisions }) => decisions), more: read.some(({ more }) => more) };
}

/** Every revision of a table's triggers that was ever published, with when. */
async function triggersOf(
  table: string,
  spans: ReadonlyMap<string, readonly Span[]>,
  { triggers }: Pick<Deps, "triggers">,
): Promise<readonly TableTrigger[]> {
  const found: TableTrigger[] = [];
  for (const [slug, own] of spans) {
    const last = own.at(-1);
    const trigger = last === undefined ? undefined : await triggers.revision(slug, last.revision);
    if (trigger?.kind === "record" && trigger.table === table) found.push({ trigger, spans: own });
  }
  return found;
}

/** A change with its body, and the triggers of its table as the catalogue of its generation held them. */
async function seen(
  decision: ChangeDecision,
  triggers: readonly TableTrigger[],
  deps: Pick<Deps, "changes" | "triggers">,
): Promise<SeenChange> {
  const body = decision.changeRef === null ? undefined : await deps.changes.read(decision.changeRef);
  const then = await Promise.all(
    triggers.map(async ({ trigger, spans }) => {
      const revision = revisionAt(spans, decision.generation);
      return revision === undefined ? undefined : await deps.triggers.revision(trigger.slug, revision);
    }),
  );
  return { decision, body, triggers: then.filter((one): one is RecordTrigger => one?.kind === "record") };
}

/** What rows that were written before do not say: the change that an event came from can be found again by its id. */
function completed(entry: EntryDecision, changes: readonly ChangeDecision[]): EntryDecision {
  if (entry.trigger !== undefined) return entry;
  for (const { change, fired } of changes)
    for (const trigger of fired) if (hash(trigger, change) === entry.event) return { ...entry, trigger, change };
  return entry;
}

/** A person's entries come of changes of cases and orders: each stands under its own record, one read away. */
async function changesOfOthers(
  entries: readonly EntryDecision[],
  about: string,
  spans: ReadonlyMap<string, readonly Span[]>,
  deps: Pick<Deps, "changes" | "decisions" | "triggers">,
): Promise<SeenChange[]> {
  const wanted = new Map<string, EntryDecision>();
  for (const entry of entries)
    if (entry.change != null && entry.record != null && entry.record !== about) wanted.set(entry.change, entry);
  const tables = new Set([...wanted.values()].map(({ record }) => record?.split(":")[0] ?? ""));
  const triggersByTable = new Map(
    await Promise.all([...tables].map(async (table) => [table, await triggersOf(table, spans, deps)] as const)),
  );
  const read = await Promise.all(
    [...wanted.values()].slice(0, MOST_OF_OTHERS).map(async ({ record, change, at }) => {
      const decision = await deps.decisions.change(record ?? "", at, change ?? "");
      if (decision === undefined) return undefined;
      const fired = new Set(entries.flatMap((entry) => (entry.change === change ? (entry.trigger ?? []) : [])));
      const known = triggersByTable.get(record?.split(":")[0] ?? "") ?? [];
      const { body, triggers } = await seen(decision, known, deps);
      // What other triggers made of it is told under the record.
      return {
        decision: { ...decision, considered: [], unknown: [], fired: [...fired] },
        ...{ body, triggers: triggers.filter(({ slug }) => fired.has(slug)) },
      };
    }),
  );
  return read.filter((change) => change !== undefined);
}

async function enteredJourneys({
  journeys,
}: Pick<Deps, "journeys">): Promise<Readonly<Record<string, EnteredJourney>>> {
  const [spans, lines] = await Promise.all([journeys.spans(), journeys.list()]);
  const read = await Promise.all(
    lines.map(async ({ slug, name, published }): Promise<[string, EnteredJourney] | undefined> => {
      const version = published === null ? undefined : await journeys.revision(slug, published);
      if (version === undefined) return undefined;
      const { entry, settings } = version.journey;
      const since = spans.get(slug)?.[0]?.at ?? null;
      const { trigger, filter, reentry } = entry;
      const openSince = since === null ? null : Date.parse(since);
      return [slug, { name, trigger, filter, reentry, timeZone: settings.timeZone, openSince }];
    }),
  );
  return Object.fromEntries(read.filter((one) => one !== undefined));
}

/** Whether some trigger fired for a journey that has decided nothing yet: then its message stands somewhere. */
function isOpen({ decision }: SeenChange, { entries, journeys }: Evidence): boolean {
  return decision.fired.some((trigger) =>
    Object.entries(journeys).some(
      ([slug, journey]) =>
        journey.trigger === trigger &&
        !entries.some((entry) => entry.change === decision.change && entry.journey === slug),
    ),
  );
}

/** Asked where nothing came, and where the row was saved since; not of persons whose own rows no trigger is about. */
async function readMissing(
  evidence: Evidence,
  changes: readonly SeenChange[],
  triggers: readonly TableTrigger[],
  elsewhere: Elsewhere | null,
  deps: Deps,
): Promise<Unseen | null> {
  const { subject } = evidence;
  const published = triggers.filter(({ spans }) => revisionOn(spans, evidence.now) !== undefined);
  if (subject.kind === "person" && published.length === 0 && elsewhere === null) return null;
  const columns = watched(
    triggers.map(({ trigger }) => trigger),
    evidence,
  );
  const allowed = (await askedTables(deps)).includes(subject.table) || triggers.length > 0;
  const row = allowed ? await readRow(subject, columns, deps) : null;
  const bare: Unseen = { row, triggers, registrations: null, jobs: null, elsewhere };
  if (!isBehind({ ...evidence, changes }, bare)) return null;
  return readUnseen(subject, row, triggers, elsewhere, deps);
}

function ofKind<K extends Decision["kind"]>(decisions: readonly Decision[], kind: K) {
  return decisions.filter((one): one is Extract<Decision, { kind: K }> => one.kind === kind);
}
