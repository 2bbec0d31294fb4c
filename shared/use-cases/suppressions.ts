import type { Suppression } from "../stores/contact-points.ts";
import { contactPointOf } from "./contact-point.ts";
import type { Deps } from "./deps.ts";

type Needs = Pick<Deps, "contactPoints" | "settings">;

/** Whether nothing commercial goes to an address, since when and why. @throws ADDRESS_KEY_CHANGED */
export async function readSuppression(address: string, deps: Needs): Promise<Suppression | undefined> {
  return deps.contactPoints.suppression(await contactPointOf(address, deps));
}

/**
 * Takes back that somebody unsubscribed, as they asked for since. What Dataverse says of the person stands: whoever
 * agrees again says so there too. @throws ADDRESS_KEY_CHANGED
 */
export async function liftSuppression(address: string, deps: Needs): Promise<boolean> {
  return deps.contactPoints.lift(await contactPointOf(address, deps));
}
