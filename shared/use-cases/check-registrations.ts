import { type DeliveryProblem, deliveryProblem } from "../domain/registration/delivery-problem.ts";
import { type Difference, drift } from "../domain/registration/drift.ts";
import type { Found, Wanted } from "../domain/registration/registration.ts";
import type { Failing } from "../ports/registrar.ts";
import type { DriftSeen } from "../stores/registrations.ts";
import type { Deps } from "./deps.ts";
import {
  forgetOldIntents,
  goneFrom,
  markOf,
  possible,
  problemOf,
  type RegistrationDeps,
  register,
  wantedNow,
} from "./registration.ts";

const MOST_SEEN = 50;
const DAY_MS = 86_400_000;

export interface RegistrationsShown {
  readonly register: "on" | "off";
  readonly mendsDrift: boolean;
  readonly wanted: Wanted;
  readonly found: Found;
  readonly drift: readonly Difference[];
  /** Tables and columns that triggers name, and the organisation no longer has: nothing of them arrives. */
  readonly gone: readonly string[];
  /** Calls of the webhook that failed in the last day: why, and what to do; null where none did. */
  readonly failing: (DeliveryProblem & Failing) | null;
  /** What differed from when on, newest first, and whether it was mended; an empty list: nothing any more. */
  readonly seen: readonly (Omit<DriftSeen, "at"> & { readonly at: string })[];
}

/** What Dataverse should tell, what it is registered to tell, and how these differ. */
export async function showRegistrations(deps: RegistrationDeps): Promise<RegistrationsShown> {
  const { on, mends, store } = deps.registration;
  const { mark: _mark, all, ...compared } = await compare(deps);
  const gone = await goneFrom(all, deps.registration.registrar);
  const seen = (await store.seen(MOST_SEEN)).map((one) => ({ ...one, at: new Date(one.at).toISOString() }));
  const failing = await failingNow(deps);
  return { register: on ? "on" : "off", mendsDrift: mends, ...compared, gone, failing, seen };
}

/**
 * Makes the registrations what they shall be, as an operator asks, and gives Dataverse the key anew: it can't be read
 * back, so whether somebody changed it shows in failed calls only.
 * @throws DATAVERSE_UNAVAILABLE, DATAVERSE_FORBIDDEN, DATAVERSE_REFUSED
 */
export async function mendRegistrations(deps: RegistrationDeps): Promise<"off" | "mended"> {
  const { on, registrar, endpoint } = deps.registration;
  if (!on) return "off";
  const there = (await registrar.find()).endpoint;
  if (there !== null) await registrar.apply({ kind: "mend-endpoint", id: there.id, endpoint });
  await register(deps);
  return "mended";
}

/** Why Dataverse's calls of the webhook fail, if they did in the last day. */
export async function failingNow({
  clock,
  registration,
}: Pick<RegistrationDeps, "clock" | "registration">): Promise<RegistrationsShown["failing"]> {
  const since = clock.now() - DAY_MS;
  try {
    const failing = await registration.registrar.failing(since);
    return failing === null ? null : { ...failing, ...deliveryProblem(failing.said, registration.endpoint.url) };
  } catch (fault) {
    const problem = problemOf(fault);
    if (problem === undefined) throw fault;
    // That nobody may look at the calls keeps nobody from looking at the rest.
    return { kind: "unknown", problem, count: 0, at: new Date(since).toISOString(), said: "" };
  }
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
