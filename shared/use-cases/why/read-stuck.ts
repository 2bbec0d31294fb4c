import type { Stuck } from "../../domain/why/evidence.ts";
import { ParcoursError } from "../../errors.ts";
import type { Deps } from "../deps.ts";

/** Newest ones of each kind that are looked through: an answer must not read all that was ever set aside. */
const LOOKED_AT = 100;
/** Reports of mails name no record. */
const QUEUES = ["trigger-events", "decisions"] as const;
const KINDS = ["foreign", "malformed", "permanent", "transient", "unknown"] as const;

/** Messages that name the row, and were set aside or wait; nothing more of them is told than that. */
export async function readStuck(
  id: string,
  { deadLetters, parked, spill }: Pick<Deps, "deadLetters" | "parked" | "spill">,
): Promise<Stuck> {
  const [pages, waiting, dead] = await Promise.all([
    Promise.all(KINDS.map((kind) => parked.page(kind, LOOKED_AT))),
    spill.oldest(LOOKED_AT),
    countDead(id, deadLetters),
  ]);
  const named = pages
    .flatMap((page) => page.rows.map(({ value }) => value))
    .filter(({ body }) => body.toLowerCase().includes(id));
  return {
    parked: named
      .map(({ kind, source, at, reason }) => ({ kind, source, at, reason }))
      .sort((one, other) => other.at - one.at),
    spilled: waiting.filter(({ value }) => JSON.stringify(value.body).includes(id)).length,
    deadLettered: dead,
    lookedAt: pages.some((page) => page.continuation !== undefined) ? LOOKED_AT : null,
  };
}

/** Null where the bus does not answer. */
async function countDead(id: string, deadLetters: Deps["deadLetters"]): Promise<number | null> {
  try {
    const found = await Promise.all(QUEUES.map((queue) => deadLetters.peek(queue, 0, LOOKED_AT)));
    return found.flat().filter(({ body }) => JSON.stringify(body ?? "").includes(id)).length;
  } catch (fault) {
    if (fault instanceof ParcoursError && fault.code === "BUS_UNAVAILABLE") return null;
    throw fault;
  }
}

export const NOTHING_STUCK: Stuck = { parked: [], spilled: 0, deadLettered: null, lookedAt: null };
