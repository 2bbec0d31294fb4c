import type { Command, Gate, Migration, RunState } from "../domain/run.ts";
import type { Problem } from "../domain/validate.ts";
import { isRetryable } from "../errors.ts";
import { isKey } from "../ports/row-limits.ts";
import type { Runner } from "../ports/runner.ts";
import { dayOf } from "../stores/expiry.ts";
import { hash } from "../stores/hash.ts";
import type { GateChange } from "../stores/journey-gates.ts";
import type { Bucket, RunRow } from "../stores/members.ts";
import { OLDEST_ENTRY_DAYS } from "./deliver-event.ts";
import type { Deps } from "./deps.ts";
import { passGatePage } from "./pass-gate.ts";
import { wakeRun } from "./wake-run.ts";

const DAY_MS = 86_400_000;
/** Of the pass, within the request. */
const PAGES = 4;

export type Asked =
  | { readonly kind: "asked" }
  | { readonly kind: "missing" | "ended" }
  | { readonly kind: "invalid"; readonly problems: readonly Problem[] };

/** Asks one run to stop, pause, resume, move or migrate: a row in its member's inbox, and a wake (rule 2). */
export async function commandRun(run: string, command: Command, runner: Runner, deps: Deps): Promise<Asked> {
  const member = memberOf(run);
  const stored = member === undefined ? undefined : await deps.members.run(member, run);
  if (member === undefined || stored === undefined) return { kind: "missing" };
  const { state } = stored.row;
  if (state.ended !== null) return { kind: "ended" };
  const problems = await problemsOfCommand(command, state, deps);
  if (problems.length > 0) return { kind: "invalid", problems };
  const at = deps.clock.now();
  const id = hash(run, JSON.stringify(command), String(at));
  await deps.members.deliver(member, at, { kind: "command", id, run, at, command });
  await deps.expiry.put(dayOf(at + (OLDEST_ENTRY_DAYS + 1) * DAY_MS), { of: { member }, at, id });
  await wakeRun({ run, member }, runner, deps.members);
  return { kind: "asked" };
}

export type GateAsked =
  | { readonly kind: "changed"; readonly gate: Gate }
  | { readonly kind: "missing" }
  | { readonly kind: "invalid"; readonly problems: readonly Problem[] };

/** Opens, pauses, stops or migrates a whole journey. The gate holds at once; the pass after it only wakes. */
export async function changeGate(journey: string, change: GateChange, runner: Runner, deps: Deps): Promise<GateAsked> {
  if ((await deps.journeys.listed(journey)) === undefined) return { kind: "missing" };
  const problems = change.migrate ? await problemsOfMigration(journey, change.migrate, "migrate.", deps) : [];
  if (problems.length > 0) return { kind: "invalid", problems };
  const gate = await deps.gates.change(journey, change);
  await deps.gatePasses.begin({ journey, epoch: gate.epoch, list: 0, after: null });
  // Most journeys are woken at once; a timer goes on with the rest, and with all where the engine does not answer.
  try {
    for (let page = 0; page < PAGES; page += 1) if ((await passGatePage(journey, runner, deps)) === "over") break;
  } catch (fault) {
    if (!isRetryable(fault)) throw fault;
  }
  return { kind: "changed", gate };
}

/** A command that could never be carried out is refused at once: a run that ignores it in silence helps nobody. */
async function problemsOfCommand(command: Command, state: RunState, deps: Journeys): Promise<readonly Problem[]> {
  if (command.kind === "migrate") return problemsOfMigration(state.journey, command, "", deps);
  if (command.kind !== "move") return [];
  const steps = (await deps.journeys.revision(state.journey, state.version))?.journey.steps;
  return steps?.[command.step] === undefined ? [noStep("step", command.step, state.version)] : [];
}

async function problemsOfMigration(
  journey: string,
  { version, steps }: Migration,
  place: string,
  deps: Journeys,
): Promise<readonly Problem[]> {
  const published = (await deps.journeys.listed(journey))?.published ?? 0;
  const to = version > published ? undefined : await deps.journeys.revision(journey, version);
  if (to === undefined) return [{ at: `${place}version`, problem: `${journey} has no published version ${version}` }];
  return Object.entries(steps)
    .filter(([, target]) => to.journey.steps[target] === undefined)
    .map(([step, target]) => noStep(`${place}steps.${step}`, target, version));
}

type Journeys = Pick<Deps, "journeys">;

function noStep(at: string, step: string, version: number): Problem {
  return { at, problem: `version ${version} has no step "${step}"` };
}

/** A page of an operator's list. */
export async function listRuns(
  journey: string,
  bucket: Bucket,
  limit: number,
  next: string | undefined,
  deps: Pick<Deps, "index">,
) {
  const page = await deps.index.page(journey, bucket, limit, next);
  return { runs: page.runs, next: page.continuation ?? null };
}

/** One run with its trace, for an operator; undefined where there is none. */
export async function showRun(run: string, deps: Pick<Deps, "members">) {
  const member = memberOf(run);
  const stored = member === undefined ? undefined : await deps.members.run(member, run);
  if (member === undefined || stored === undefined) return undefined;
  const row: RunRow = stored.row;
  return { row, facts: await deps.members.facts(member, run) };
}

/** A run's id begins with its member's key; undefined where an address names what can be none. */
function memberOf(run: string): string | undefined {
  return isKey(`done~${run}`) ? run.split("~")[0] : undefined;
}
