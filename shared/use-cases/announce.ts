import type { Intent } from "../stores/registrations.ts";
import type { Deps } from "./deps.ts";
import { arrived, intend, problemOf, register } from "./registration.ts";

/** What came of a change of the catalogue; `pending` says why Dataverse does not tell what it should yet. */
export interface Announced<T> {
  readonly value: T;
  readonly pending: string | null;
}

/**
 * Changes the catalogue so that no change falls between (rule 10): Dataverse's images are widened and new steps made,
 * switched off; what was saved there before arrives; the change is saved and the generation raised; after one cache lifetime every process knows; then the
 * registrations become what they shall be. What is pending then, the timer goes on with.
 * @param intent null where Dataverse need not hear of it
 * @throws DATAVERSE_UNAVAILABLE, DATAVERSE_FORBIDDEN, DATAVERSE_REFUSED where it can't be made ready: nothing was changed
 */
export async function announce<T>(
  intent: Intent | null,
  change: () => Promise<{ readonly changed: boolean; readonly value: T }>,
  deps: Deps,
): Promise<Announced<T>> {
  if (intent === null || !deps.registration.on) return { value: await changed(change, deps), pending: null };
  // Columns alone are no reason to ask Dataverse where it tells them already.
  const unlessRegistered = intent.kind === "use";
  const id = await intend(intent, deps);
  try {
    // Dataverse tells of a change some time after it was made, with the images of when it was made.
    if (await register(deps, unlessRegistered)) await arrived(deps);
  } catch (fault) {
    const problem = problemOf(fault);
    // Whoever stops a trigger must not wait for Dataverse: what still arrives of it fires nothing.
    if (problem === undefined || intent.kind !== "stop") {
      await settle(id, false, deps);
      throw fault;
    }
  }
  const value = await changed(change, deps);
  return { value, pending: await settle(id, unlessRegistered, deps) };
}

async function changed<T>(
  change: () => Promise<{ readonly changed: boolean; readonly value: T }>,
  deps: Deps,
): Promise<T> {
  const done = await change();
  if (done.changed) {
    await deps.generation.raise();
    await deps.clock.sleep(deps.settings.catalogueLifetime);
  }
  return done.value;
}

/** Takes the intent back; what was prepared for it stays if it came true, and goes if not. */
async function settle(id: string, unlessRegistered: boolean, deps: Deps): Promise<string | null> {
  await deps.registration.store.forget(id);
  try {
    await register(deps, unlessRegistered);
    return null;
  } catch (fault) {
    const problem = problemOf(fault);
    if (problem === undefined) throw fault;
    return problem;
  }
}
