import type { Stuck } from "../../domain/why/evidence.ts";
import type { Deps } from "../deps.ts";

/** Newest ones of each kind that are looked through: an answer must not read all that was ever set aside. */
const LOOKED_AT = 100;
const KINDS = ["foreign", "malformed", "permanent", "transient", "unknown"] as const;

/** Messages that name the row, and were set aside or wait; nothing more of them is told than that. */
export async function readStuck(id: string, { parked, spill }: Pick<Deps, "parked" | "spill">): Promise<Stuck> {
  const [pages, waiting] = await Promise.all([
    Promise.all(KINDS.map((kind) => parked.page(kind, LOOKED_AT))),
    spill.oldest(LOOKED_AT),
  ]);
  const named = pages
    .flatMap((page) => page.rows.map(({ value }) => value))
    .filter(({ body }) => body.toLowerCase().includes(id));
  return {
    parked: named
      .map(({ kind, source, at, reason }) => ({ kind, source, at, reason }))
      .sort((one, other) => other.at - one.at),
    spilled: waiting.filter(({ value }) => JSON.stringify(value.body).includes(id)).length,
    deadLettered: null,
    lookedAt: pages.some((page) => page.continuation !== undefined) ? LOOKED_AT : null,
  };
}

export const NOTHING_STUCK: Stuck = { parked: [], spilled: 0, deadLettered: null, lookedAt: null };
