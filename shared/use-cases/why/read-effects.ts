import type { Effect, SeenChange, Subject } from "../../domain/why/evidence.ts";
import { hash } from "../../stores/hash.ts";
import type { RunRow } from "../../stores/members.ts";
import type { Deps } from "../deps.ts";

type Needs = Pick<Deps, "bindings" | "catalogue" | "members">;

/** Events of a record that are looked for in the runs of those whom they are about. */
const MOST_EVENTS = 20;
const MOST_MEMBERS = 5;

/**
 * Which runs took an event of these changes: as their goal, as an exit, or in a wait. The record's inbox knows whom an
 * event was about; it is asked only where some journey waits for such events at all.
 */
export async function readEffects(
  { table, id }: Subject,
  changes: readonly SeenChange[],
  deps: Needs,
): Promise<readonly Effect[]> {
  const { cares } = await deps.catalogue.current();
  const events = new Map<string, Omit<Effect, "run">>();
  for (const { decision } of changes)
    for (const trigger of decision.fired) {
      const event = hash(trigger, decision.change);
      if (cares.has(trigger)) events.set(event, { change: decision.change, trigger, event });
    }
  const newest = new Map([...events].slice(-MOST_EVENTS));
  const [first] = changes;
  if (newest.size === 0 || first === undefined) return [];
  const inbox = await deps.bindings.inbox({ table, id }, first.decision.at);
  const members = new Set(
    inbox.flatMap((item) => (item.kind === "event" && newest.has(item.event.id) ? (item.event.member ?? []) : [])),
  );
  const rows = await Promise.all([...members].slice(0, MOST_MEMBERS).map((member) => runsAround(member, deps)));
  return rows.flat().flatMap(({ state }) =>
    state.taken.flatMap((event) => {
      const effect = newest.get(event);
      return effect === undefined ? [] : [{ ...effect, run: state.run }];
    }),
  );
}

/** A person's runs, and those of whom was merged into the person. */
async function runsAround(member: string, { members }: Pick<Deps, "members">): Promise<readonly RunRow[]> {
  const everybody = [member, ...(await members.formerSelves(member))];
  return (await Promise.all(everybody.map((one) => members.everyRun(one)))).flat();
}
