import type { z } from "zod";
import { journey } from "../domain/journey.ts";
import { mail } from "../domain/mail.ts";
import { survey } from "../domain/survey.ts";
import { trigger } from "../domain/trigger.ts";
import type { Problem } from "../domain/validate.ts";
import { issuesOf } from "../wire/issues.ts";
import { checkTrigger } from "./check-trigger.ts";
import type { Deps } from "./deps.ts";

/** Kinds of definitions, as the API names them. */
export const KINDS = ["triggers", "journeys", "mails", "surveys"] as const;
export type Kind = (typeof KINDS)[number];

export const SCHEMAS = { triggers: trigger, journeys: journey, mails: mail, surveys: survey } as const;

export type Saved =
  /** With what would keep a trigger from being published now: a draft may be half done. Null: not asked. */
  | { readonly kind: "saved"; readonly etag: string; readonly problems: readonly Problem[] | null }
  /** Somebody saved it first: read it again, then decide. */
  | { readonly kind: "stale" }
  | { readonly kind: "invalid"; readonly problems: readonly Problem[] };

/** Saves a draft. With an etag only over the draft that had it; without, only where there is none. */
export async function saveDefinition(
  kind: Kind,
  slug: string,
  document: unknown,
  etag: string | undefined,
  deps: Deps,
): Promise<Saved> {
  const parsed: z.ZodSafeParseResult<{ slug: string; name: string }> = SCHEMAS[kind].safeParse(document);
  if (!parsed.success) return { kind: "invalid", problems: issuesOf(parsed.error) };
  const { data } = parsed;
  if (data.slug !== slug)
    return {
      kind: "invalid",
      problems: [{ at: "slug", problem: `is "${data.slug}", but the address says "${slug}"` }],
    };
  const at = new Date(deps.clock.now()).toISOString();
  // Each store takes the documents of its own schema, by which they were just parsed.
  const store = deps[kind] as {
    save(slug: string, name: string, value: unknown, etag: string | undefined, at: string): Promise<string | undefined>;
  };
  const saved = await store.save(slug, data.name, data, etag, at);
  if (saved === undefined) return { kind: "stale" };
  return { kind: "saved", etag: saved, problems: kind === "triggers" ? await problemsNow(document, deps) : null };
}

/** Nobody's draft is lost because Dataverse is away: it is asked again at the publish. */
async function problemsNow(
  document: unknown,
  deps: Pick<Deps, "metadata" | "settings">,
): Promise<readonly Problem[] | null> {
  try {
    return await checkTrigger(trigger.parse(document), deps);
  } catch {
    return null;
  }
}
