import type { Journey } from "../domain/journey.ts";
import type { Mail } from "../domain/mail.ts";
import { usesOf } from "../domain/steps/kinds.ts";
import { type MailFields, type TriggerUse, usesOfTrigger } from "../domain/trigger-uses.ts";
import type { Deps } from "./deps.ts";

export interface JourneyUse {
  readonly journey: string;
  readonly name: string;
  /** A published version, or the draft that is edited. */
  readonly version: number | "draft";
  /** Whether new people enter by it: the latest published version. */
  readonly current: boolean;
  readonly where: readonly TriggerUse[];
}

type Needs = Pick<Deps, "journeys" | "mails" | "templates">;

/** Which journeys use a trigger, in which version and where. Older versions may still have people in flight. */
export async function listTriggerUses(trigger: string, deps: Needs): Promise<readonly JourneyUse[]> {
  const uses: JourneyUse[] = [];
  const add = (use: JourneyUse) => (use.where.length === 0 ? undefined : uses.push(use));
  for (const { slug, published } of await deps.journeys.list()) {
    const draft = (await deps.journeys.draft(slug))?.value;
    if (draft !== undefined)
      add({
        ...{ journey: slug, name: draft.name, version: "draft", current: false },
        where: usesOfTrigger(trigger, draft, await fieldsOf(draft, (mail) => draftOf(mail, deps), deps)),
      });
    for (let revision = published ?? 0; revision >= 1; revision -= 1) {
      const version = await deps.journeys.revision(slug, revision);
      if (version === undefined) continue;
      const pinned = (mail: string) => deps.mails.revision(mail, version.mails[mail] ?? 0);
      const where = usesOfTrigger(trigger, version.journey, await fieldsOf(version.journey, pinned, deps));
      add({ journey: slug, name: version.journey.name, version: revision, current: revision === published, where });
    }
  }
  return uses;
}

async function draftOf(mail: string, { mails }: Needs): Promise<Mail | undefined> {
  return (await mails.draft(mail))?.value;
}

async function fieldsOf(
  journey: Journey,
  mailOf: (slug: string) => Promise<Mail | undefined>,
  { templates }: Needs,
): Promise<MailFields> {
  const fields: Record<string, readonly string[]> = {};
  for (const slug of new Set(Object.values(journey.steps).flatMap((step) => usesOf(step).mails ?? []))) {
    const variants = Object.values((await mailOf(slug))?.variants ?? {});
    fields[slug] = variants.flatMap((variant) => {
      const named = templates.fields(variant);
      return named.kind === "fields" ? named.fields : [];
    });
  }
  return fields;
}
