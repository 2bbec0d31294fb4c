import { columnOf } from "../change-lookup.ts";
import { same } from "../sameness.ts";
import type { Columns } from "../value.ts";
import type { SeenChange } from "./evidence.ts";

/** Of more, every order can't be tried while somebody waits: they stand as they were found. */
const MOST_TRIED = 6;

/**
 * Changes of one record, oldest first. Dataverse stamps them in whole seconds: those of one second are put so that each
 * begins with the values that the one before it left, as far as images tell.
 */
export function inOrder(changes: readonly SeenChange[]): readonly SeenChange[] {
  const bySecond = Map.groupBy(changes, ({ decision }) => decision.at);
  let known: Columns = {};
  return [...bySecond.keys()]
    .sort((one, other) => one - other)
    .flatMap((at) => {
      const second = bySecond.get(at) ?? [];
      const ordered = second.length > MOST_TRIED ? second : (chain(second, known) ?? chain(second, {}) ?? second);
      for (const { body } of ordered) known = { ...known, ...body?.after };
      return ordered;
    });
}

/** An order in which each change fits to what the ones before it left; undefined where there is none. */
function chain(left: readonly SeenChange[], known: Columns): readonly SeenChange[] | undefined {
  if (left.length === 0) return [];
  for (const next of left) {
    const others = left.filter((other) => other !== next);
    if (!mayCome(next, others, known)) continue;
    const rest = chain(others, { ...known, ...next.body?.after });
    if (rest !== undefined) return [next, ...rest];
  }
  return undefined;
}

function mayCome({ body }: SeenChange, others: readonly SeenChange[], known: Columns): boolean {
  if (body?.message !== "create" && others.some((other) => other.body?.message === "create")) return false;
  if (body?.message === "delete" && others.length > 0) return false;
  const before = body?.before ?? {};
  return Object.keys(before).every(
    (column) => !(column in known) || same(columnOf(known, column), columnOf(before, column)),
  );
}
