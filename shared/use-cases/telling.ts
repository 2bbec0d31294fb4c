import type { JourneyVersion } from "../domain/journey.ts";
import { awaitedBy, usesOf } from "../domain/steps/kinds.ts";
import type { Names, PageLanguage, Telling } from "../domain/words.ts";
import type { Deps } from "./deps.ts";

export type Naming = Pick<Deps, "journeys" | "mails" | "surveys" | "triggers">;

/** What the runs of a version are told with: the names that it pins, and those of its triggers now. */
export async function tellingOf(version: JourneyVersion, language: PageLanguage, deps: Naming): Promise<Telling> {
  const { journey } = version;
  const uses = Object.values(journey.steps).map(usesOf);
  const names: Names = {
    mails: await namesOf(slugs(uses, "mails"), (slug) => deps.mails.revision(slug, version.mails[slug] ?? 0)),
    surveys: await namesOf(slugs(uses, "surveys"), (slug) => deps.surveys.revision(slug, version.surveys[slug] ?? 0)),
    triggers: await namesOf(triggersOf(version), (slug) => deps.triggers.listed(slug)),
  };
  return { language, journey, names };
}

function slugs(uses: readonly ReturnType<typeof usesOf>[], of: "mails" | "surveys"): string[] {
  return uses.flatMap((one) => one[of] ?? []);
}

function triggersOf({ journey }: JourneyVersion): string[] {
  const awaited = Object.values(journey.steps).flatMap((step) => awaitedBy(step)?.trigger ?? []);
  return [journey.entry.trigger, ...[...journey.goals, ...journey.exits].map(({ trigger }) => trigger), ...awaited];
}

async function namesOf(
  slugs: readonly string[],
  read: (slug: string) => Promise<{ readonly name: string } | undefined>,
): Promise<Readonly<Record<string, string>>> {
  const found = await Promise.all([...new Set(slugs)].map(async (slug) => [slug, (await read(slug))?.name] as const));
  return Object.fromEntries(found.flatMap(([slug, name]) => (name === undefined ? [] : [[slug, name]])));
}
