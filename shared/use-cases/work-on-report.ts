import { mailReportAgain, readMarker, readReport, readRequest } from "../wire/bus-messages.ts";
import { mailReport } from "../wire/mail-report.ts";
import type { Deps } from "./deps.ts";
import { readBackChange } from "./read-back-change.ts";
import { receiveReport } from "./receive-report.ts";
import { recordDecision } from "./record-decision.ts";

type Needs = Parameters<typeof readBackChange>[1] &
  Parameters<typeof receiveReport>[1] &
  Pick<Deps, "changes" | "clock" | "decisions" | "reconciliation" | "triggerLog">;

/**
 * Works on one message of the subscription `decisions`: the report of what was considered for a change; a change that
 * is to be read back first; a mail's report that comes again, since its own queue is not ours to write to; or a mark
 * of how far all these are. @throws MESSAGE_MALFORMED
 */
export async function workOnReport(body: unknown, deps: Needs): Promise<string> {
  const mark = readMarker(body);
  if (mark !== undefined) {
    await deps.reconciliation.setReportedUntil(mark.marker);
    return "marked";
  }
  const request = readRequest(body);
  if (request !== undefined) return readBackChange(request, deps);
  const again = mailReportAgain.safeParse(body);
  if (again.success) return receiveReport(mailReport.parse(again.data.mailReport), deps);
  await recordDecision(readReport(body), deps);
  return "recorded";
}
