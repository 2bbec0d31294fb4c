import { tablesAsked } from "../domain/check-condition.ts";
import { peopleOf, triggerProblems } from "../domain/check-trigger.ts";
import type { Trigger } from "../domain/trigger.ts";
import type { Problem } from "../domain/validate.ts";
import { checkCustomTrigger } from "./check-custom-trigger.ts";
import type { Deps } from "./deps.ts";
import { tablesNamed } from "./tables-named.ts";

/**
 * What the organisation says against a trigger. A first answer may come from what is kept; one that finds something
 * wrong, or that `fresh` asks for, is of now: a column may have been made, or an option deleted, a minute ago.
 * @throws DATAVERSE_UNAVAILABLE, DATAVERSE_REFUSED
 */
export async function checkTrigger(
  trigger: Trigger,
  { metadata, settings }: Pick<Deps, "metadata" | "settings">,
  fresh = false,
): Promise<readonly Problem[]> {
  if (trigger.kind === "custom") return checkCustomTrigger(trigger, { metadata, settings }, fresh);
  const detours = new Set(trigger.audience.flatMap(({ through }) => through?.table ?? []));
  const check = async (now: boolean) => {
    const table = await metadata.table(trigger.table, now);
    const lookups = [...detours].map(async (each) => [each, await metadata.lookups(each)] as const);
    const { condition } = trigger;
    const asked = condition === undefined ? [] : tablesAsked(condition, table, peopleOf(trigger));
    return triggerProblems(
      ...([trigger, table, await metadata.tables(), new Map(await Promise.all(lookups))] as const),
      await tablesNamed(asked, metadata, now),
    );
  };
  const problems = await check(fresh);
  return problems.length === 0 || fresh ? problems : check(true);
}
