import type { JourneyVersion } from "../domain/journey.ts";
import type { Fact } from "../domain/run.ts";
import { type Line, type PageLanguage, tell, waitsFor } from "../domain/words.ts";
import type { Runner } from "../ports/runner.ts";
import type { Bucket } from "../stores/members.ts";
import type { Deps } from "./deps.ts";
import { showRun } from "./operate.ts";
import { type Naming, tellingOf } from "./telling.ts";

/** A run as a person reads of it. Times in milliseconds. */
export interface ToldRun {
  readonly run: string;
  readonly journey: string;
  readonly title: string;
  readonly version: number;
  readonly state: Bucket;
  /** When it entered. */
  readonly since: number;
  readonly ended: number | undefined;
  /** Zone of the journey's times. */
  readonly timeZone: string;
  /** `contact:<id>`, and the record as `incident:<id>`. */
  readonly person: string;
  readonly record: string | undefined;
  readonly trace: readonly Line[];
  readonly waitsFor: string | undefined;
  readonly until: number | undefined;
  /** When a hold is looked at again; an operator's pause has none. */
  readonly nextTry: number | undefined;
  /** The durable engine's word for its instance. */
  readonly engine: { readonly kind: "instance"; readonly status: string } | { readonly kind: "none" | "silent" };
}

/** One run with its story in plain sentences; undefined where there is none. */
export async function tellRun(
  run: string,
  language: PageLanguage,
  runner: Runner,
  deps: Naming & Pick<Deps, "members">,
): Promise<ToldRun | undefined> {
  const shown = await showRun(run, deps);
  if (shown === undefined) return undefined;
  const { state, bucket, next } = shown.row;
  const version = await deps.journeys.revision(state.journey, state.version);
  if (version === undefined) return undefined;
  const known = await withFormerSteps(version, shown.facts, deps);
  const telling = await tellingOf(known, language, deps);
  const { record } = state.entry;
  const standing = {
    step: state.at?.step ?? null,
    hold: state.hold?.reason ?? null,
    waiting: state.pending?.kind === "wait",
  };
  return {
    run,
    journey: state.journey,
    title: version.journey.name,
    version: state.version,
    state: bucket,
    since: state.enteredAt,
    ended: state.ended?.at,
    timeZone: version.journey.settings.timeZone,
    person: state.member,
    record: record === null ? undefined : `${record.table}:${record.id}`,
    trace: tell(shown.facts, telling),
    waitsFor: waitsFor(standing, telling),
    until: next.kind === "wait" && state.hold === null ? Date.parse(next.until) : undefined,
    nextTry: state.hold === null || state.hold.reason === "paused" ? undefined : state.hold.until,
    engine: await engineOf(run, runner),
  };
}

/** A run that was migrated has been at steps that its version may lack: the versions before it name them. */
export async function withFormerSteps(
  version: JourneyVersion,
  facts: readonly Fact[],
  deps: Naming,
): Promise<JourneyVersion> {
  if (!facts.some((fact) => fact.kind === "migrated")) return version;
  let known = version;
  for (let former = version.version - 1; former >= 1; former -= 1) {
    const before = await deps.journeys.revision(version.journey.slug, former);
    if (before === undefined) continue;
    known = {
      ...known,
      journey: { ...known.journey, steps: { ...before.journey.steps, ...known.journey.steps } },
      mails: { ...before.mails, ...known.mails },
      surveys: { ...before.surveys, ...known.surveys },
    };
  }
  return known;
}

/** The store has the truth: an engine that does not answer keeps nobody from reading it. */
async function engineOf(run: string, runner: Runner): Promise<ToldRun["engine"]> {
  try {
    const status = await runner.status(run);
    return status === undefined ? { kind: "none" } : { kind: "instance", status: status.state };
  } catch {
    return { kind: "silent" };
  }
}
