import { attributeProblems } from "../domain/check-attributes.ts";
import type { Journey } from "../domain/journey.ts";
import type { CustomTrigger } from "../domain/trigger.ts";
import type { Problem } from "../domain/validate.ts";
import type { Deps } from "./deps.ts";

/** What a journey, with the fields that its mails name, asks of custom events that they do not bring. */
export async function checkAttributes(
  journey: Journey,
  templateFields: readonly string[],
  triggers: Iterable<string>,
  deps: Pick<Deps, "triggers">,
): Promise<readonly Problem[]> {
  const customs = new Map<string, CustomTrigger>();
  for (const slug of triggers) {
    const published = (await deps.triggers.listed(slug))?.published ?? null;
    const trigger = published === null ? undefined : await deps.triggers.revision(slug, published);
    if (trigger?.kind === "custom") customs.set(slug, trigger);
  }
  return attributeProblems(journey, templateFields, customs);
}
