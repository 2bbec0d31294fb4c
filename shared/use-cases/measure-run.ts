import type { JourneyVersion } from "../domain/journey.ts";
import type { Fact } from "../domain/run.ts";
import type { RunRow } from "../stores/members.ts";
import type { Deps } from "./deps.ts";

const OF_SENDS: readonly string[] = ["sent", "suppressed", "failed", "unknown", "held"];
const MAILING: readonly string[] = ["email", "survey"];

/** Counts what a commit did to a run: the state that it came to, and what became of its mail. */
export function measureCommit(
  before: RunRow | undefined,
  row: RunRow,
  facts: readonly Fact[],
  { journey }: JourneyVersion,
  { measure }: Pick<Deps, "measure">,
): void {
  const from = before?.bucket ?? "none";
  if (from !== row.bucket) measure.count("parcours.runs.moved", { journey: journey.slug, from, to: row.bucket });
  for (const { kind, step, detail } of facts) {
    if (step === null || !OF_SENDS.includes(kind) || !MAILING.includes(journey.steps[step]?.kind ?? "")) continue;
    // A failure's detail is the provider's or a template's own words: its code alone is told.
    const reason = detail === null || kind === "failed" ? {} : { reason: detail };
    measure.count("parcours.sends", { journey: journey.slug, outcome: kind, ...reason });
  }
}

/** Which run a span is about: the end of its id, for the beginning names a person. */
export function runLabel(run: string): string {
  return run.slice(run.indexOf("~") + 1);
}
