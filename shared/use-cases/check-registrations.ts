import { type Difference, drift } from "../domain/registration/drift.ts";
import type { Found, Wanted } from "../domain/registration/registration.ts";
import type { DriftSeen } from "../stores/registrations.ts";
import type { Deps } from "./deps.ts";
import {
  forgetOldIntents,
  goneFrom,
  markOf,
  possible,
  type RegistrationDeps,
  register,
  wantedNow,
} from "./registration.ts";

const MOST_SEEN = 50;

export interface RegistrationsShown {
  readonly register: "on" | "off";
  readonly mendsDrift: boolean;
  readonly wanted: Wanted;
  readonly found: Found;
  readonly drift: readonly Difference[];
  /** Tables and columns that triggers name, and the organisation no longer has: nothing of them arrives. */
  readonly gone: readonly string[];
  /** What differed from when on, newest first, and whether it was mended; an empty list: nothing any more. */
  readonly seen: readonly (Omit<DriftSeen, "at"> & { readonly at: string })[];
}

/** What Dataverse should tell, what it is registered to tell, and how these differ. */
export async function showRegistrations(deps: RegistrationDeps): Promise<RegistrationsShown> {
  const { on, mends, store } = deps.registration;
  const { mark: _mark, all, ...compared } = await compare(deps);
  const gone = await goneFrom(all, deps.registration.registrar);
  const seen = (await store.seen(MOST_SEEN)).map((one) => ({ ...one, at: new Date(one.at).toISOString() }));
  return { register: on ? "on" : "off", mendsDrift: mends, ...compared, gone, seen };
}

/**
 * Compares, for the timer: what was published but not registered yet is registered; what somebody changed in Dataverse
 * is recorded, once for as long as it stays so, and mended if the settings say so.
 */
export async function checkRegistrations(
  deps: RegistrationDeps & Pick<Deps, "measure">,
): Promise<"off" | "as-wanted" | "registered" | "drifted" | "mended"> {
  const { on, mends, store } = deps.registration;
  if (!on) return "off";
  await forgetOldIntents(deps);
  const before = await store.registered();
  const { mark, drift: differences } = await compare(deps);
  deps.measure.level("parcours.drift", differences.length);
  // Asked before and after: what differs while somebody registers is no drift.
  if (before !== mark || (await store.registered()) !== before) {
    await register(deps);
    return "registered";
  }
  const [last] = await store.seen(1);
  const open = last === undefined || last.mended ? [] : last.differences;
  const same = JSON.stringify(open) === JSON.stringify(differences);
  const mended = mends && differences.length > 0;
  if (mended) await register(deps);
  if (mended || !same) await store.see({ at: deps.clock.now(), differences, mended });
  if (mended) return "mended";
  return differences.length === 0 ? "as-wanted" : "drifted";
}

async function compare(deps: RegistrationDeps) {
  const { registrar } = deps.registration;
  const all = await wantedNow(deps);
  const found = await registrar.find();
  const wanted = await possible(all, found, registrar);
  return { mark: markOf(all), all, wanted, found, drift: drift(wanted, found) };
}
