import type { Change } from "../domain/change.ts";
import { listens } from "../domain/listens.ts";
import type { RecordTrigger } from "../domain/trigger.ts";
import type { Deps } from "./deps.ts";

/**
 * Notes that a change came which these triggers listen to, whether or not it fired them: somebody who has just published
 * one waits for it. What the matcher's index passes over counts too, so it is not asked.
 */
export async function noteSeen(
  change: Change,
  { catalogue, clock, triggerLog }: Pick<Deps, "catalogue" | "clock" | "triggerLog">,
): Promise<void> {
  const now = clock.now();
  const { records, generation } = await catalogue.current();
  // Changes come by the hundred: a table's triggers are gone through once in a while for each set of columns, and at
  // once when something was published.
  const kind = `${generation} ${change.table} ${change.message} ${[...change.written].sort()}`;
  if (!triggerLog.isNews(kind, now)) return;
  for (const trigger of records.get(change.table) ?? [])
    if (listensTo(trigger, change)) await triggerLog.see(trigger.slug, now);
}

function listensTo(trigger: RecordTrigger, { message, written, oversize }: Change): boolean {
  if (!listens(trigger, message)) return false;
  const columns = trigger.updated?.columns ?? "any";
  // An oversize change names no columns.
  return message !== "update" || columns === "any" || oversize || columns.some((column) => written.includes(column));
}
