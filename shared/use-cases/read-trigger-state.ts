import type { DeliveryProblem } from "../domain/registration/delivery-problem.ts";
import { type Difference, drift } from "../domain/registration/drift.ts";
import type { RecordTrigger, Trigger } from "../domain/trigger.ts";
import type { Fired } from "../stores/trigger-log.ts";
import { weeksKept } from "../stores/weeks.ts";
import { failingNow } from "./check-registrations.ts";
import type { Deps } from "./deps.ts";
import { possible, problemOf, wantedNow } from "./registration.ts";

export interface TriggerState {
  readonly phase: "draft" | "ready" | "stopped";
  readonly revision: number | null;
  /** Since when it is so, ISO 8601; null of a draft. */
  readonly since: string | null;
  /** Whether the draft says otherwise than what is published. */
  readonly edited: boolean;
  /** Of a record trigger that is ready. `by-hand`: somebody registers, and has not yet. */
  readonly registered: "yes" | "not-yet" | "drifted" | "by-hand" | "unknown" | null;
  /** How what Dataverse is registered to tell differs from what this trigger needs. */
  readonly differences: readonly Difference[];
  /** When a change came last that it was looked at for, fired or not; null: nothing since it is ready. ISO 8601. */
  readonly lastSeen: string | null;
  readonly lastFired: string | null;
  /** Why Dataverse's calls fail, or can't be asked about. */
  readonly failing: Pick<DeliveryProblem, "kind" | "problem"> | null;
}

type Needs = Pick<Deps, "clock" | "journeys" | "registration" | "settings" | "triggerLog" | "triggers">;

/** Where a trigger is on its way: saved, registered in Dataverse, its first change seen. Undefined where there is none. */
export async function readTriggerState(slug: string, deps: Needs): Promise<TriggerState | undefined> {
  const { triggers, triggerLog, clock, settings } = deps;
  const [draft, listed] = await Promise.all([triggers.draft(slug), triggers.listed(slug)]);
  if (listed === undefined) return undefined;
  const revision = listed.published;
  const published = revision === null ? undefined : await triggers.revision(slug, revision);
  const phase = revision === null ? "draft" : listed.stopped === true ? "stopped" : "ready";
  const since = phase === "draft" ? null : await sinceWhen(slug, deps);
  const seen = await triggerLog.seen(slug);
  const [fired] = await triggerLog.newest(slug, clock.now(), weeksKept(settings.keptDays), 1);
  const of = phase === "ready" && published?.kind === "record" ? await registeredFor(published, deps) : NOT_MEANT;
  const isNew = (at: number | undefined): boolean => at !== undefined && (since === null || at >= Date.parse(since));
  return {
    ...{ phase, revision, since, ...of },
    edited: published !== undefined && draft !== undefined && !alike(draft.value, published),
    lastSeen: seen !== undefined && isNew(seen) ? new Date(seen).toISOString() : null,
    lastFired: fired === undefined ? null : new Date(fired.at).toISOString(),
  };
}

export interface TriggerLogShown {
  /** An empty log says since when nothing came: ISO 8601; null of what was never published. */
  readonly since: string | null;
  /** Newest first. */
  readonly fired: readonly (Omit<Fired, "at"> & { readonly at: string })[];
}

/** What a trigger fired lately, and what became of each; undefined where there is no such trigger. */
export async function readTriggerLog(slug: string, limit: number, deps: Needs): Promise<TriggerLogShown | undefined> {
  if ((await deps.triggers.listed(slug)) === undefined) return undefined;
  const fired = await deps.triggerLog.newest(slug, deps.clock.now(), weeksKept(deps.settings.keptDays), limit);
  return {
    since: await sinceWhen(slug, deps),
    fired: fired.map((one) => ({ ...one, at: new Date(one.at).toISOString() })),
  };
}

const NOT_MEANT = { registered: null, differences: [], failing: null } as const;

async function sinceWhen(slug: string, { triggers }: Pick<Deps, "triggers">): Promise<string | null> {
  const last = (await triggers.spans()).get(slug)?.at(-1);
  return last?.until ?? last?.at ?? null;
}

async function registeredFor(
  trigger: RecordTrigger,
  deps: Needs,
): Promise<Pick<TriggerState, "registered" | "differences" | "failing">> {
  const { on, registrar, store } = deps.registration;
  try {
    const all = await wantedNow(deps);
    const found = await registrar.find();
    const wanted = await possible(all, found, registrar);
    const differences = drift(wanted, found).filter(
      ({ at }) => at === "endpoint" || at.endsWith(` of ${trigger.table}`),
    );
    const failing = await failingNow(deps);
    if (differences.length === 0) return { registered: "yes", differences, failing };
    if (!on) return { registered: "by-hand", differences, failing };
    const whole = (await store.registered()) !== undefined;
    return { registered: whole ? "drifted" : "not-yet", differences, failing };
  } catch (fault) {
    const problem = problemOf(fault);
    if (problem === undefined) throw fault;
    return { registered: "unknown", differences: [], failing: { kind: "unknown", problem } };
  }
}

/** As they are stored: absent and default are one by then. */
function alike(one: Trigger, other: Trigger): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
