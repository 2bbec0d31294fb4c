import type { TriggerEvent } from "../domain/event.ts";
import type { Columns } from "../domain/value.ts";
import type { Deps } from "./deps.ts";

/** Long columns were left in the stored body: they are fetched where somebody names one. */
export async function completeEvent(
  event: TriggerEvent,
  after: ReadonlySet<string>,
  before: ReadonlySet<string>,
  deps: Pick<Deps, "changes">,
): Promise<TriggerEvent> {
  const lacks =
    [...after].some((name) => !(name in event.after)) || [...before].some((name) => !(name in event.before));
  if (!lacks || event.changeRef === null) return event;
  const change = await deps.changes.read(event.changeRef);
  if (change === undefined) return event;
  return { ...event, after: pick(change.after ?? change.before, after), before: pick(change.before, before) };
}

function pick(from: Columns | null, names: ReadonlySet<string>): Columns {
  return Object.fromEntries([...names].map((name) => [name, from?.[name] ?? null]));
}
