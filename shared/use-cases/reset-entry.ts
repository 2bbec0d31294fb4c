import type { Deps } from "./deps.ts";

export type Reset =
  /** `entries`: how many times of entering were forgotten; `live`: runs that go on all the same. */
  { readonly kind: "reset"; readonly entries: number; readonly live: readonly string[] } | { readonly kind: "missing" };

/**
 * Lets somebody into a journey as if they had never entered it: for a test that is made again, or where an entry was a
 * mistake. Their runs stay as they are; a later entry makes a run of its own.
 */
export async function resetEntry(
  journey: string,
  member: string,
  { journeys, members }: Pick<Deps, "journeys" | "members">,
): Promise<Reset> {
  if ((await journeys.listed(journey)) === undefined) return { kind: "missing" };
  const entries = await members.resetEntry(member, journey);
  const runs = await members.liveRuns(member);
  const live = runs.filter(({ state }) => state.journey === journey).map(({ state }) => state.run);
  return { kind: "reset", entries, live };
}
