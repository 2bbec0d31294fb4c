import { announce } from "./announce.ts";
import type { Deps } from "./deps.ts";

export type Stopped =
  | { readonly kind: "stopped"; readonly pending: string | null }
  /** It was never published. */
  | { readonly kind: "missing" };

/**
 * Stops a trigger: the reverse of publishing it. Dataverse no longer tells what only this trigger needs; then the
 * catalogue forgets it; then its images go. Publishing it again starts it again. What waits for it waits on.
 */
export async function stopTrigger(slug: string, deps: Deps): Promise<Stopped> {
  const listed = await deps.triggers.listed(slug);
  if (listed?.published == null) return { kind: "missing" };
  if (listed.stopped === true) return { kind: "stopped", pending: null };
  const at = new Date(deps.clock.now()).toISOString();
  const { pending } = await announce(
    { kind: "stop", trigger: slug },
    async () => {
      const coming = (await deps.generation.read()) + 1;
      return { changed: true, value: await deps.triggers.stop(slug, at, coming) };
    },
    deps,
  );
  return { kind: "stopped", pending };
}
