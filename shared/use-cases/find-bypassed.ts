import type { Change, Message } from "../domain/change.ts";
import { ownTag } from "../domain/event.ts";
import { listens } from "../domain/listens.ts";
import { withValues } from "../domain/read-back.ts";
import type { Columns } from "../domain/value.ts";
import type { StoredRow } from "../ports/rows.ts";
import { hash } from "../stores/hash.ts";
import type { Suspect } from "../stores/reconciliation.ts";
import { weeksKept } from "../stores/weeks.ts";
import type { Marker } from "../wire/bus-messages.ts";
import { changeMessages } from "./change-messages.ts";
import type { Deps } from "./deps.ts";
import { neededOf, tell } from "./read-back-change.ts";

type Needs = Pick<
  Deps,
  | "bus"
  | "catalogue"
  | "changes"
  | "clock"
  | "dataverse"
  | "decisions"
  | "missed"
  | "parked"
  | "reconciliation"
  | "registration"
  | "settings"
  | "spill"
>;

const BATCH = 100;
/** Looked at in one run; the next run goes on. */
const MOST = 5_000;
/** Dataverse stamps an operation in whole seconds, and may do so just before the row. */
const SLACK_MS = 2_000;
const HOUR_MS = 3_600_000;

/**
 * Of rows that change tracking named: was their change told by the webhook? What was made past the business logic, or
 * while nothing was registered, was not: it becomes a change, of which the row and the last body tell what they can.
 * Answers how many changes nobody had told.
 *
 * @param lost records of changes whose call of the webhook failed: these are told by that way
 */
export async function findBypassed(lost: ReadonlySet<string>, deps: Needs): Promise<number> {
  // What is known may not be written down yet.
  if ((await deps.spill.oldest(1)).length > 0) return 0;
  if ((await deps.parked.page("transient", 1)).rows.length > 0) return 0;
  const steps = (await deps.registration.registrar.find()).steps.filter(({ enabled }) => enabled);
  const pending = await deps.missed.pending(steps.map(({ id }) => id));
  if (pending === undefined) return 0;
  const registered = new Set(steps.map(({ table, message }) => `${message.toLowerCase()} ${table}`));
  const own = await deps.missed.self();
  // Reports queue too: what was due before the last mark that came through them is surely written down.
  const until = Math.min(deps.clock.now(), await deps.reconciliation.reportedUntil());
  let found = 0;
  for (let looked = 0; looked < MOST; looked += BATCH) {
    const due = await deps.reconciliation.due(until, BATCH);
    if (due.length === 0) break;
    const [open, ready] = parted(due, ({ value }) => pending.has(value.id) || lost.has(value.id));
    const missed = (await Promise.all(ready.map(({ value }) => untold(value, own, deps)))).flat();
    const meant = missed.filter(({ message, table }) => deps.registration.on || registered.has(`${message} ${table}`));
    found += await tellAll(meant, deps);
    await later(open, deps);
    for (const { row } of due) await deps.reconciliation.clear(row);
  }
  return found;
}

/** Sends a mark after the reports that were published so far, where something waits for it. */
export async function sendMark({
  bus,
  clock,
  reconciliation,
}: Pick<Deps, "bus" | "clock" | "reconciliation">): Promise<void> {
  const now = clock.now();
  if ((await reconciliation.due(now, 1)).length === 0) return;
  const mark: Marker = { marker: now };
  await bus.publish([{ id: hash("mark", String(now)), subject: "change", body: mark, properties: { mark: true } }]);
}

/** What is not over yet is looked at once more. */
async function later(rows: readonly StoredRow<Suspect>[], { clock, reconciliation, settings }: Needs): Promise<void> {
  const due = clock.now() + settings.reconcileGrace;
  await reconciliation.suspect(rows.map(({ value }) => ({ due, value })));
}

function parted<T>(list: readonly T[], is: (one: T) => boolean): [yes: T[], no: T[]] {
  return [list.filter(is), list.filter((one) => !is(one))];
}

/** The changes that this row's state speaks of, some trigger listens to, and nobody told. */
async function untold(suspect: Suspect, own: string | undefined, deps: Needs): Promise<readonly Change[]> {
  const { records } = await deps.catalogue.current();
  const triggers = records.get(suspect.table) ?? [];
  const heard = (message: Message) => triggers.some((trigger) => listens(trigger, message));
  const about = `${suspect.table}:${suspect.id}`;
  const now = deps.clock.now();
  const make = (message: Message, at: string) => changeOf(suspect, message, at, own, deps);
  if (suspect.deleted) {
    if (!heard("delete")) return [];
    const last = await deps.changes.since(about, suspect.since - HOUR_MS, now);
    return last.some(({ message }) => message === "delete") ? [] : [make("delete", iso(suspect.foundAt))];
  }
  const { createdAt, modifiedAt } = suspect;
  const changes: Change[] = [];
  const isNew = createdAt !== null && Date.parse(createdAt) >= suspect.since - HOUR_MS;
  if (isNew && heard("create")) {
    const bodies = await deps.changes.since(about, Date.parse(createdAt) - SLACK_MS, now);
    if (!bodies.some(({ message }) => message === "create")) changes.push(make("create", createdAt));
  }
  // A save in the very second of the creation can't be told from it.
  const saved = modifiedAt !== null && !(isNew && modifiedAt === createdAt);
  if (saved && heard("update") && !(await wasSeen(about, Date.parse(modifiedAt) - SLACK_MS, deps)))
    changes.push(make("update", modifiedAt));
  return changes;
}

/** Whether some change of the record was told, or let somebody in or turned away, since then. */
async function wasSeen(about: string, since: number, deps: Needs): Promise<boolean> {
  const now = deps.clock.now();
  if ((await deps.changes.since(about, since, now)).length > 0) return true;
  return (await deps.decisions.about(about, now, 2)).some(({ at }) => at >= since);
}

function changeOf(suspect: Suspect, message: Message, at: string, own: string | undefined, deps: Needs): Change {
  const { by, id: record, table } = suspect;
  return {
    id: ["change-tracking", table, record, message, ...(message === "delete" ? [] : [at])].join(":"),
    ...{ organization: deps.settings.organization, table, record, message, written: [] },
    ...{ before: message === "create" ? null : {}, after: message === "delete" ? null : {}, at },
    ...{ by: by ?? "", initiatedBy: by ?? "", depth: 1, oversize: false },
    tag: by !== null && by === own ? ownTag(1) : null,
  };
}

async function tellAll(changes: readonly Change[], deps: Needs): Promise<number> {
  const now = deps.clock.now();
  const read = { why: "change-tracking", at: iso(now) } as const;
  let told = 0;
  for (const table of new Set(changes.map((change) => change.table))) {
    const own = changes.filter((change) => change.table === table);
    const around = new Map(
      await Promise.all(
        own.map(async (it) => [it, await deps.changes.neighbours(it, now, weeksKept(deps.settings.keptDays))] as const),
      ),
    );
    const columns = new Set<string>();
    for (const { earlier } of around.values())
      for (const column of await neededOf(table, earlier, deps)) columns.add(column);
    const ids = own.flatMap(({ message, record }) => (message === "delete" ? [] : [record]));
    const rows: ReadonlyMap<string, Columns> =
      ids.length === 0 ? new Map() : await deps.dataverse.readMany(table, ids, [...columns]);
    for (const [change, neighbours] of around) {
      const whole = withValues(change, read, rows.get(change.record), neighbours);
      if (await tellOne(whole, deps)) told += 1;
    }
  }
  return told;
}

/** A save of other columns than triggers look at is no news: it is kept, to tell by what comes next. */
async function tellOne(change: Change, deps: Needs): Promise<boolean> {
  const told = await changeMessages(change, "change-tracking", deps);
  if (!told.news) {
    await deps.changes.store(change);
    return false;
  }
  await tell(told, deps);
  return true;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
