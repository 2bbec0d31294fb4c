import type { Candidate } from "../domain/event.ts";
import { isRetryable } from "../errors.ts";
import type { Deps } from "./deps.ts";
import { resolvePerson } from "./resolve-person.ts";

/** Whether an event's person was known when it came; the consumer looks again, and decides. */
export interface Stated {
  readonly outcome: "accepted" | "unknown" | "ambiguous";
  readonly reason?: string;
}

/** Dataverse limits what one caller has under way: a batch must not take all of it. */
const AT_ONCE = 8;

/** States for each event of a batch whether its person is known, in the events' order. */
export async function statePersons(
  all: readonly (readonly Candidate[])[],
  deps: Pick<Deps, "dataverse" | "settings">,
): Promise<Stated[]> {
  const stated: Stated[] = [];
  for (let from = 0; from < all.length; from += AT_ONCE)
    stated.push(
      ...(await Promise.all(all.slice(from, from + AT_ONCE).map((candidates) => statePerson(candidates, deps)))),
    );
  return stated;
}

async function statePerson(
  candidates: readonly Candidate[],
  deps: Pick<Deps, "dataverse" | "settings">,
): Promise<Stated> {
  try {
    const person = await resolvePerson(candidates, deps);
    if (person.kind === "member") return { outcome: "accepted" };
    return { outcome: person.ambiguous === true ? "ambiguous" : "unknown", reason: person.reason };
  } catch (fault) {
    if (isRetryable(fault))
      return { outcome: "accepted", reason: "Dataverse does not answer: the person is looked for once it does" };
    return { outcome: "unknown", reason: fault instanceof Error ? fault.message : String(fault) };
  }
}
