import { attributeProblems } from "../domain/check-attributes.ts";
import type { Journey } from "../domain/journey.ts";
import { type CustomTrigger, customTrigger, MAIL_ATTRIBUTES } from "../domain/trigger.ts";
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
    if (slug in MAIL_ATTRIBUTES) customs.set(slug, ofMail(slug as keyof typeof MAIL_ATTRIBUTES));
    const published = (await deps.triggers.listed(slug))?.published ?? null;
    const trigger = published === null ? undefined : await deps.triggers.revision(slug, published);
    if (trigger?.kind === "custom") customs.set(slug, trigger);
  }
  return attributeProblems(journey, templateFields, customs);
}

/** What becomes of mails brings a few texts, which can be asked for as attributes of custom events are. */
function ofMail(slug: keyof typeof MAIL_ATTRIBUTES): CustomTrigger {
  const attributes = MAIL_ATTRIBUTES[slug].map((name) => ({ name, type: "text" }));
  return customTrigger.parse({ kind: "custom", slug, name: slug, attributes });
}
