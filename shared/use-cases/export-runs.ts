import type { Bucket } from "../stores/members.ts";
import { isPlace, placeOf } from "../stores/run-index.ts";
import type { Deps } from "./deps.ts";
import { operationOf } from "./send-mail.ts";

type Needs = Pick<Deps, "clock" | "decisions" | "deliveries" | "index" | "members" | "settings">;

const PAGE = 20;
const DAYS_A_WEEK = 7;

/**
 * A page of a journey's runs with all that is known of each: state, facts, sends with what became of them, answers, and
 * why the changes of its record fired or not, as long as that is kept. Undefined: `after` is no place of this list.
 */
export async function exportRuns(journey: string, bucket: Bucket, after: string | undefined, deps: Needs) {
  if (after !== undefined && !isPlace(after)) return undefined;
  const { runs, more } = await deps.index.newest(journey, bucket, PAGE, after);
  const last = runs.at(-1);
  const exported = await Promise.all(runs.map(({ member, run }) => exportRun(member, run, deps)));
  return { runs: exported.flatMap((run) => run ?? []), next: more && last !== undefined ? placeOf(last) : null };
}

async function exportRun(member: string, run: string, deps: Needs) {
  const stored = await deps.members.run(member, run);
  if (stored === undefined) return undefined;
  const { state } = stored.row;
  const facts = await deps.members.facts(member, run);
  const visits = new Map(
    facts.flatMap(({ step, visit }) =>
      step === null || visit === null ? [] : [[`${step}~${visit}`, { step, visit }]],
    ),
  );
  const sends = await Promise.all([...visits.values()].map((visit) => exportSend(operationOf(run, visit), deps)));
  const { record } = state.entry;
  const about = record === null ? member : `${record.table}:${record.id}`;
  const weeks = Math.ceil(deps.settings.keptDays / DAYS_A_WEEK) + 1;
  const decisions = await deps.decisions.about(about, deps.clock.now(), weeks);
  return { run, state, facts, sends: sends.flatMap((send) => send ?? []), decisions };
}

async function exportSend(operation: string, deps: Pick<Deps, "deliveries">) {
  const [send, reports, answer] = await Promise.all([
    deps.deliveries.read(operation),
    deps.deliveries.reports(operation),
    deps.deliveries.answered(operation),
  ]);
  return send && { operation, ...send.value, reports, answer: answer ?? null };
}
