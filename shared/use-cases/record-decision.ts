import type { ChangeReport } from "../wire/bus-messages.ts";
import type { Deps } from "./deps.ts";

/** Keeps what was considered for a change, and the change itself where nobody stored it yet. */
export async function recordDecision(report: ChangeReport, deps: Pick<Deps, "changes" | "decisions">): Promise<void> {
  const changeRef = report.body === null ? report.changeRef : await deps.changes.store(report.body);
  const { change, about, fired, considered, generation } = report;
  await deps.decisions.write(about, {
    kind: "change",
    at: Date.parse(report.at),
    change,
    fired,
    considered,
    generation,
    changeRef,
  });
}
