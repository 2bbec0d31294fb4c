import type { Change, Message } from "../domain/change.ts";
import { ownTag } from "../domain/event.ts";
import type { FailedJob, KnownStep } from "../ports/missed-changes.ts";
import { hash } from "../stores/hash.ts";
import type { JobsSeen } from "../stores/reconciliation.ts";
import { OLDEST_ENTRY_DAYS } from "./deliver-event.ts";
import type { Deps } from "./deps.ts";
import { readBackMessage } from "./read-back-message.ts";

type Needs = Pick<Deps, "bus" | "clock" | "missed" | "parked" | "reconciliation" | "registration" | "settings">;

const DAY_MS = 86_400_000;
/** Jobs end on several servers with clocks of their own: those of the last minutes are asked for again. */
const OVERLAP_MS = 600_000;
/** Registrations that one query names. */
const STEPS_AT_ONCE = 30;
/** Several lost changes of one record are read back one after the other: each is told by what the one before left. */
const BETWEEN_MS = 60_000;

const MESSAGES: Readonly<Record<string, Message>> = { Create: "create", Update: "update", Delete: "delete" };

/**
 * Dataverse calls the webhook twice at most; what it lost then stands in its failed system jobs. Each becomes a change
 * with the webhook's own id, whose row a consumer reads back: one that came after all fires nothing again.
 * Answers the records that they are about: of these more may come, until the consumer is done with them.
 */
export async function findFailedJobs(deps: Needs): Promise<ReadonlySet<string>> {
  const now = deps.clock.now();
  // An entry that is older would be turned away.
  const oldest = now - OLDEST_ENTRY_DAYS * DAY_MS;
  const before = await deps.reconciliation.jobs();
  const steps = await knownSteps(before, oldest, deps);
  if (steps.length === 0) return new Set();
  const from = new Date(Math.max(oldest, (before?.since ?? 0) - OVERLAP_MS)).toISOString();
  const byId = new Map(steps.map((step) => [step.id, step]));
  const own = await deps.missed.self();
  const perRecord = new Map<string, number>();
  let latest = before?.since ?? oldest;
  const save = () => deps.reconciliation.setJobs({ since: latest, steps });
  const ids = [...byId.keys()];
  for (let part = 0; part < ids.length; part += STEPS_AT_ONCE) {
    let next: string | null = null;
    do {
      const page = await deps.missed.failedJobs(ids.slice(part, part + STEPS_AT_ONCE), from, next);
      next = page.next;
      await hand(page.jobs, byId, own, perRecord, deps);
      for (const job of page.jobs) latest = Math.max(latest, Date.parse(job.completedAt));
      // Cut off here, it goes on from here; with several queries only the end of all is an end.
      if (ids.length <= STEPS_AT_ONCE) await save();
    } while (next !== null);
  }
  await save();
  return new Set(perRecord.keys());
}

/** What is registered now, and what was in the time that is looked through. */
async function knownSteps(before: JobsSeen | undefined, oldest: number, deps: Needs): Promise<JobsSeen["steps"]> {
  const now = deps.clock.now();
  const found = (await deps.registration.registrar.find()).steps.flatMap(({ id, table, message }) => {
    const known = MESSAGES[message];
    return table === null || known === undefined
      ? []
      : [{ id: id.toLowerCase(), table, message: known, lastSeen: now }];
  });
  const there = new Set(found.map(({ id }) => id));
  return [...found, ...(before?.steps ?? []).filter(({ id, lastSeen }) => !there.has(id) && lastSeen >= oldest)];
}

async function hand(
  jobs: readonly FailedJob[],
  steps: ReadonlyMap<string, KnownStep>,
  own: string | undefined,
  perRecord: Map<string, number>,
  deps: Needs,
): Promise<void> {
  const messages = [];
  for (const job of jobs) {
    const step = steps.get(job.step);
    if (step === undefined) continue;
    if (job.record === null) await park(job, step, deps);
    else {
      const turn = perRecord.get(job.record) ?? 0;
      perRecord.set(job.record, turn + 1);
      const request = {
        readBack: "failed-job",
        via: "failed-job",
        change: changeOf(job, job.record, step, own, deps),
      } as const;
      messages.push(readBackMessage(request, turn === 0 ? undefined : deps.clock.now() + turn * BETWEEN_MS));
    }
  }
  await deps.bus.publish(messages);
}

/** The id is the one that the webhook would have made of the context: registration, operation (the job) and record. */
function changeOf(
  job: FailedJob,
  record: string,
  { id, table, message }: KnownStep,
  own: string | undefined,
  { settings }: Pick<Deps, "settings">,
): Change {
  return {
    ...{ id: `${id}:${job.id}:${record}`, organization: settings.organization, table, record, message, written: [] },
    ...{ before: message === "create" ? null : {}, after: message === "delete" ? null : {}, at: wholeSeconds(job.at) },
    ...{ by: job.by ?? "", initiatedBy: job.by ?? "", depth: job.depth, oversize: false },
    // The tag was in the call that is lost; who made the change tells Parcours's own writes too.
    tag: job.by !== null && job.by === own ? ownTag(1) : null,
  };
}

/** As the call itself would have said it. */
function wholeSeconds(at: string): string {
  return new Date(Math.floor(Date.parse(at) / 1000) * 1000).toISOString();
}

async function park(
  job: FailedJob,
  { table, message }: KnownStep,
  deps: Pick<Deps, "clock" | "parked">,
): Promise<void> {
  await deps.parked.put({
    ...{
      id: hash("failed-job", job.id),
      at: Date.parse(job.at),
      source: "decisions",
      kind: "permanent",
      journey: null,
    },
    reason: `Dataverse's call of the webhook for ${message} of ${table} was lost, and its system job names no record`,
    body: JSON.stringify(job),
  });
}
