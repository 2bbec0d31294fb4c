import { type Snippet, snippetsOf } from "../domain/snippets/snippets.ts";
import type { Deps } from "./deps.ts";

/** How to fire a custom trigger, as it is published, else as it is drafted; undefined where there is none. */
export async function readSnippets(
  slug: string,
  deps: Pick<Deps, "settings" | "triggers">,
): Promise<readonly Snippet[] | undefined> {
  const published = (await deps.triggers.listed(slug))?.published ?? null;
  const trigger =
    published === null ? (await deps.triggers.draft(slug))?.value : await deps.triggers.revision(slug, published);
  if (trigger?.kind !== "custom") return undefined;
  const [browserKey = "PARCOURS_BROWSER_KEY"] = deps.settings.browserKeys;
  return snippetsOf(trigger, deps.settings.publicUrl, browserKey);
}
