import type { Decision } from "../domain/decision.ts";
import { weeksKept } from "../stores/weeks.ts";
import type { Deps } from "./deps.ts";

/** What was decided about a record, a member or a trigger, newest first, as long as it is kept. */
export function listDecisions(
  about: string,
  { clock, decisions, settings }: Pick<Deps, "clock" | "decisions" | "settings">,
): Promise<readonly Decision[]> {
  return decisions.about(about, clock.now(), weeksKept(settings.keptDays));
}
