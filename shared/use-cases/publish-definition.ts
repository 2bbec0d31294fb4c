import { usesOfJourney } from "../domain/fields.ts";
import type { Journey, JourneyVersion } from "../domain/journey.ts";
import type { Mail } from "../domain/mail.ts";
import { awaitedBy, usesOf } from "../domain/steps/kinds.ts";
import { isInteraction, type RecordTrigger } from "../domain/trigger.ts";
import { type Problem, problemsOf } from "../domain/validate.ts";
import type { Intent } from "../stores/registrations.ts";
import { announce } from "./announce.ts";
import { checkAttributes } from "./check-attributes.ts";
import { checkConditions } from "./check-conditions.ts";
import { checkTrigger } from "./check-trigger.ts";
import type { Deps } from "./deps.ts";
import type { Kind } from "./save-definition.ts";

export type Published =
  /** `pending`: why Dataverse does not tell all of it yet; a timer goes on with it. */
  | { readonly kind: "published"; readonly revision: number; readonly pending?: string }
  | { readonly kind: "missing" }
  | { readonly kind: "stale" }
  | { readonly kind: "invalid"; readonly problems: readonly Problem[] };

/**
 * Publishes the draft as the next revision. Of triggers and journeys, it raises the catalogue's generation and waits
 * one cache lifetime: when this answers, every process knows, and Dataverse tells what is needed (rule 10).
 * @throws DATAVERSE_UNAVAILABLE, DATAVERSE_FORBIDDEN, DATAVERSE_REFUSED: then nothing was published
 */
export async function publishDefinition(kind: Kind, slug: string, deps: Deps): Promise<Published> {
  switch (kind) {
    case "triggers":
      return publishTrigger(slug, deps);
    case "surveys":
      return publishAs(await deps.surveys.draft(slug), deps.surveys, slug, deps);
    case "mails": {
      const draft = await deps.mails.draft(slug);
      const problems = draft === undefined ? [] : templateProblems(draft.value, deps);
      return problems.length > 0 ? { kind: "invalid", problems } : publishAs(draft, deps.mails, slug, deps);
    }
    case "journeys":
      return publishJourney(slug, deps);
  }
}

async function publishTrigger(slug: string, deps: Deps): Promise<Published> {
  const draft = await deps.triggers.draft(slug);
  if (draft === undefined) return { kind: "missing" };
  const trigger = draft.value;
  const problems = await checkTrigger(trigger, deps, true);
  if (problems.length > 0) return { kind: "invalid", problems };
  if (trigger.kind === "record") await mayRead(trigger, deps);
  const intent: Intent | null = trigger.kind === "record" ? { kind: "publish", trigger } : null;
  return announced(intent, () => publishAs(draft, deps.triggers, slug, deps), deps);
}

/** An id that no row has: whether one may read a table is said of it all the same. */
const NO_ROW = "00000000-0000-0000-0000-000000000000";

/**
 * Without the right to read them, the trigger's rows and people could be told and never be looked at: said now, not at
 * the first event.
 * @throws DATAVERSE_REFUSED naming the privilege
 */
async function mayRead({ table, audience }: RecordTrigger, { dataverse }: Deps): Promise<void> {
  const people = audience.flatMap((way) => [way.table, ...(way.through === undefined ? [] : [way.through.table])]);
  await Promise.all([...new Set([table, ...people])].map((each) => dataverse.readMany(each, [NO_ROW], [])));
}

async function announced(intent: Intent | null, publish: () => Promise<Published>, deps: Deps): Promise<Published> {
  const change = async () => {
    const value = await publish();
    return { changed: value.kind === "published", value };
  };
  const { value, pending } = await announce(intent, change, deps);
  return value.kind === "published" && pending !== null ? { ...value, pending } : value;
}

interface Publishable<T> {
  publish(
    slug: string,
    name: string,
    value: (revision: number) => T,
    at: string,
    generation: number,
  ): Promise<number | undefined>;
}

async function publishAs<T extends { readonly name: string }>(
  draft: { readonly value: T } | undefined,
  store: Publishable<T>,
  slug: string,
  deps: Deps,
): Promise<Published> {
  if (draft === undefined) return { kind: "missing" };
  const coming = (await deps.generation.read()) + 1;
  const revision = await store.publish(slug, draft.value.name, () => draft.value, nowIso(deps), coming);
  return revision === undefined ? { kind: "stale" } : { kind: "published", revision };
}

async function publishJourney(slug: string, deps: Deps): Promise<Published> {
  const draft = await deps.journeys.draft(slug);
  if (draft === undefined) return { kind: "missing" };
  const checked = await checkJourney(draft.value, deps);
  const problems = [...checked.problems, ...(await checkConditions(draft.value, deps))];
  if (problems.length > 0) return { kind: "invalid", problems };
  const publishedAt = nowIso(deps);
  const { mails, surveys, fields } = checked;
  const uses = usesOfJourney(draft.value, fields);
  const version = (revision: number): JourneyVersion => ({
    version: revision,
    publishedAt,
    journey: draft.value,
    mails,
    surveys,
    uses,
  });
  // What it uses first; its entry opens once every process knows.
  const add = async () => ({ changed: true, value: await deps.journeys.add(slug, version) });
  const { value, pending } = await announce({ kind: "use", columns: uses.columns }, add, deps);
  const coming = (await deps.generation.read()) + 1;
  await deps.journeys.open(slug, draft.value.name, value.revision, publishedAt, coming);
  await deps.generation.raise();
  await deps.clock.sleep(deps.settings.catalogueLifetime);
  if (!value.ours) return { kind: "stale" };
  return { kind: "published", revision: value.revision, ...(pending === null ? {} : { pending }) };
}

interface Checked {
  readonly problems: readonly Problem[];
  /** The revisions that the version pins. */
  readonly mails: Record<string, number>;
  readonly surveys: Record<string, number>;
  /** Fields that its mails' templates name. */
  readonly fields: readonly string[];
}

/** What a journey points at must be published; its version pins the revisions that stand now. */
export async function checkJourney(
  journey: Journey,
  deps: Pick<Deps, "mails" | "surveys" | "templates" | "triggers">,
): Promise<Checked> {
  const problems: Problem[] = [...problemsOf(journey)];
  const mails: Record<string, number> = {};
  const surveys: Record<string, number> = {};
  const fields: string[] = [];
  for (const trigger of triggersOf(journey)) {
    if (isInteraction(trigger)) continue;
    const listed = await deps.triggers.listed(trigger);
    if (listed?.published == null)
      problems.push({ at: "triggers", problem: `trigger "${trigger}" is not published: publish it first` });
    else if (listed.stopped === true)
      problems.push({ at: "triggers", problem: `trigger "${trigger}" is stopped: publish it again first` });
  }
  for (const [id, step] of Object.entries(journey.steps)) {
    const uses = usesOf(step);
    for (const slug of uses.mails ?? []) {
      const revision = (await deps.mails.listed(slug))?.published;
      if (revision == null)
        problems.push({ at: `steps.${id}.mail`, problem: `mail "${slug}" is not published: publish it first` });
      else {
        mails[slug] = revision;
        fields.push(...fieldsOfMail(await deps.mails.revision(slug, revision), deps));
      }
    }
    for (const slug of uses.surveys ?? []) {
      const revision = (await deps.surveys.listed(slug))?.published;
      if (revision == null)
        problems.push({ at: `steps.${id}.survey`, problem: `survey "${slug}" is not published: publish it first` });
      else surveys[slug] = revision;
    }
  }
  problems.push(...(await checkAttributes(journey, fields, triggersOf(journey), deps)));
  return { problems, mails, surveys, fields };
}

function triggersOf(journey: Journey): ReadonlySet<string> {
  const awaited = Object.values(journey.steps).flatMap((step) => awaitedBy(step)?.trigger ?? []);
  const endings = [...journey.goals, ...journey.exits].map((ending) => ending.trigger);
  return new Set([journey.entry.trigger, ...endings, ...awaited]);
}

function fieldsOfMail(mail: Mail | undefined, deps: Pick<Deps, "templates">): readonly string[] {
  return Object.values(mail?.variants ?? {}).flatMap((variant) => {
    const named = deps.templates.fields(variant);
    return named.kind === "fields" ? named.fields : [];
  });
}

function templateProblems(mail: Mail, deps: Pick<Deps, "templates">): Problem[] {
  return Object.entries(mail.variants).flatMap(([language, variant]) => {
    const named = deps.templates.fields(variant);
    return named.kind === "wrong" ? [{ at: `variants.${language}`, problem: named.problem }] : [];
  });
}

function nowIso(deps: Pick<Deps, "clock">): string {
  return new Date(deps.clock.now()).toISOString();
}
