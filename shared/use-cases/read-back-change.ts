import type { Change } from "../domain/change.ts";
import { columnsNeeded, withValues } from "../domain/read-back.ts";
import type { Columns } from "../domain/value.ts";
import { ParcoursError } from "../errors.ts";
import { weeksKept } from "../stores/weeks.ts";
import type { ReadBackRequest } from "../wire/bus-messages.ts";
import { type ChangeMessages, changeMessages } from "./change-messages.ts";
import type { Deps } from "./deps.ts";

type Needs = Pick<
  Deps,
  "bus" | "catalogue" | "changes" | "clock" | "dataverse" | "decisions" | "parked" | "registration" | "settings"
>;

const SLACK_MS = 300_000;

/**
 * Reads the row of a change that came without its values, and tells what can be told: events are published as ever,
 * under the change's own event ids; what nobody can tell is listed for an operator.
 * @throws DATAVERSE_UNAVAILABLE, BUS_UNAVAILABLE, STORE_UNAVAILABLE: the bus delivers again
 */
export async function readBackChange(request: ReadBackRequest, deps: Needs): Promise<"told" | "known"> {
  const { change, readBack: why, via } = request;
  if (await isKnown(change, deps)) return "known";
  const now = deps.clock.now();
  const neighbours = await deps.changes.neighbours(change, now, weeksKept(deps.settings.keptDays));
  const columns = await neededOf(change.table, neighbours.earlier, deps);
  const row = change.message === "delete" ? undefined : await rowOf(change, columns, deps);
  const read = { why, at: new Date(now).toISOString() };
  await tell(await changeMessages(withValues(change, read, row, neighbours), via, deps), deps);
  return "told";
}

/** Publishes what follows from a change, and lists what an operator must decide on: first, so that nothing is lost. */
export async function tell(told: ChangeMessages, deps: Pick<Deps, "bus" | "parked">): Promise<void> {
  for (const item of told.unknown) await deps.parked.put(item);
  await deps.bus.publish(told.messages);
}

/** What triggers on a table look at, with what was seen before where one of them looks at every column. */
export async function neededOf(
  table: string,
  earlier: Change | undefined,
  { catalogue }: Pick<Deps, "catalogue">,
): Promise<ReadonlySet<string>> {
  const { columns, records } = await catalogue.current();
  const triggers = records.get(table) ?? [];
  const needed = columnsNeeded(table, triggers, columns);
  const any = triggers.some(({ updated }) => updated?.columns === "any");
  return any ? new Set([...needed, ...Object.keys(earlier?.after ?? {})]) : needed;
}

/** Whether a report of the change came already: by the webhook, which was only thought lost, or by this very way. */
async function isKnown(change: Change, { decisions }: Pick<Deps, "decisions">): Promise<boolean> {
  const about = `${change.table}:${change.record}`;
  const at = Date.parse(change.at);
  if ((await decisions.change(about, at, change.id)) !== undefined) return true;
  // A system job may have been made some seconds after its own context says.
  const near = await decisions.about(about, at + SLACK_MS, 2);
  return near.some((decision) => decision.kind === "change" && decision.change === change.id);
}

/** A column that a trigger names may be gone: then the others are read. */
async function rowOf(
  { table, record }: Change,
  columns: ReadonlySet<string>,
  deps: Pick<Deps, "dataverse" | "registration">,
): Promise<Columns | undefined> {
  try {
    return await deps.dataverse.read(table, record, [...columns]);
  } catch (fault) {
    if (!(fault instanceof ParcoursError) || fault.code !== "DATAVERSE_REFUSED") throw fault;
    const there = await deps.registration.registrar.columns(table);
    const left = [...columns].filter((column) => there?.has(column) === true);
    if (left.length === columns.size) throw fault;
    return deps.dataverse.read(table, record, left);
  }
}
