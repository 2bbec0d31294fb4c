import type { Report, RunEvidence } from "../../domain/why/evidence.ts";
import type { Deps } from "../deps.ts";
import { operationOf } from "../send-mail.ts";
import { withFormerSteps } from "../tell-run.ts";
import { tellingOf } from "../telling.ts";

type Needs = Pick<Deps, "deliveries" | "journeys" | "mails" | "members" | "surveys" | "triggers">;

/** Runs with all that happened to them, and what the provider said of their mails; those that are gone are left out. */
export async function readRuns(ids: readonly string[], deps: Needs): Promise<Readonly<Record<string, RunEvidence>>> {
  const read = await Promise.all([...new Set(ids)].map(async (run) => [run, await readRun(run, deps)] as const));
  return Object.fromEntries(read.flatMap(([run, it]) => (it === undefined ? [] : [[run, it]])));
}

async function readRun(run: string, deps: Needs): Promise<RunEvidence | undefined> {
  const [member = ""] = run.split("~");
  const [stored, facts] = await Promise.all([deps.members.run(member, run), deps.members.facts(member, run)]);
  if (stored === undefined) return undefined;
  const { state, next } = stored.row;
  const version = await deps.journeys.revision(state.journey, state.version);
  if (version === undefined) return undefined;
  const known = await withFormerSteps(version, facts, deps);
  const { names } = await tellingOf(known, "en", deps);
  const sent = facts.filter(({ kind }) => kind === "sent" || kind === "unknown");
  const reports = await Promise.all(
    sent.map(async ({ step, visit }): Promise<readonly [string, readonly Report[]]> => {
      const operation = operationOf(run, { step: step ?? "", visit: visit ?? 0 });
      return [`${step}~${visit}`, await deps.deliveries.reports(operation)];
    }),
  );
  return {
    ...{ run, member: state.member, journey: known.journey, names, facts },
    standing: {
      step: state.at?.step ?? null,
      hold: state.hold?.reason ?? null,
      waiting: state.pending?.kind === "wait",
    },
    until: next.kind === "wait" && state.hold?.reason !== "paused" ? Date.parse(next.until) : null,
    ended: state.ended?.as ?? null,
    reports: Object.fromEntries(reports),
  };
}
