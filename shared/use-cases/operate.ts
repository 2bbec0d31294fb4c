import type { Command, Gate } from "../domain/run.ts";
import { isKey } from "../ports/row-limits.ts";
import type { Runner } from "../ports/runner.ts";
import { dayOf } from "../stores/expiry.ts";
import { hash } from "../stores/hash.ts";
import type { Bucket, RunRow } from "../stores/members.ts";
import { OLDEST_ENTRY_DAYS } from "./deliver-event.ts";
import type { Deps } from "./deps.ts";
import { wakeRun } from "./wake-run.ts";

const DAY_MS = 86_400_000;
const PAGE = 200;

/** Asks one run to stop, pause, resume, move or migrate: a row in its member's inbox, and a wake (rule 2). */
export async function commandRun(
  run: string,
  command: Command,
  runner: Runner,
  deps: Deps,
): Promise<"asked" | "missing" | "ended"> {
  const member = memberOf(run);
  const stored = member === undefined ? undefined : await deps.members.run(member, run);
  if (member === undefined || stored === undefined) return "missing";
  if (stored.row.state.ended !== null) return "ended";
  const at = deps.clock.now();
  const id = hash(run, command.kind, String(at));
  await deps.members.deliver(member, at, { kind: "command", id, run, at, command });
  await deps.expiry.put(dayOf(at + (OLDEST_ENTRY_DAYS + 1) * DAY_MS), { of: { member }, at, id });
  await wakeRun({ run, member }, runner, deps.members);
  return "asked";
}

/** Opens, pauses, stops or migrates a whole journey. The gate holds at once; the pass after it only wakes. */
export async function changeGate(
  journey: string,
  change: Pick<Gate, "state" | "migrate">,
  runner: Runner,
  deps: Deps,
): Promise<Gate | undefined> {
  if ((await deps.journeys.listed(journey)) === undefined) return undefined;
  const gate = await deps.gates.change(journey, change);
  for (const bucket of ["live", "held"] as const) {
    let continuation: string | undefined;
    do {
      const page = await deps.index.page(journey, bucket, PAGE, continuation);
      for (const { run, member } of page.runs) await wakeRun({ run, member }, runner, deps.members);
      continuation = page.continuation;
    } while (continuation !== undefined);
  }
  return gate;
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
