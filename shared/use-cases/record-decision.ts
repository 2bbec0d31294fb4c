import type { ChangeReport } from "../wire/bus-messages.ts";
import type { Deps } from "./deps.ts";
import { noteSeen } from "./note-seen.ts";

/**
 * Keeps what was considered for a change, and the change itself where nobody stored it yet. What the webhook told is
 * exact: what was found out by another way does not take its place.
 */
export async function recordDecision(
  report: ChangeReport,
  deps: Pick<Deps, "catalogue" | "changes" | "clock" | "decisions" | "triggerLog">,
): Promise<void> {
  const { via, received, unknown } = report;
  if (via !== undefined && via !== "webhook") {
    const told = await deps.decisions.change(report.about, Date.parse(report.at), report.change);
    if (told !== undefined && told.via === undefined) return;
  }
  const changeRef = report.body === null ? report.changeRef : await deps.changes.store(report.body);
  const { change, about, fired, open, considered, generation } = report;
  await deps.decisions.write(about, {
    kind: "change",
    at: Date.parse(report.at),
    change,
    fired,
    ...(open === undefined ? {} : { open }),
    considered,
    generation,
    changeRef,
    ...(via === undefined ? {} : { via }),
    ...(received === undefined ? {} : { received }),
    ...(unknown === undefined ? {} : { unknown }),
  });
  if (report.body !== null) await noteSeen(report.body, deps);
}
