import { createHmac } from "node:crypto";
import { ParcoursError } from "../errors.ts";
import type { Deps } from "./deps.ts";

type Needs = Pick<Deps, "contactPoints" | "settings">;

/**
 * An address as the store knows it: its hash under a key that never changes. Upper and lower case are one address,
 * as they are for every provider that there is.
 * @throws ADDRESS_KEY_CHANGED: what was written under the key before would not be found, and people who unsubscribed
 *   would get mail again
 */
export async function contactPointOf(address: string, { contactPoints, settings }: Needs): Promise<string> {
  const mark = digest(settings.addressKey, "which key this is").slice(0, 8);
  if ((await contactPoints.keyMark(mark)) !== mark)
    throw new ParcoursError(
      "ADDRESS_KEY_CHANGED",
      "PARCOURS_ADDRESS_KEY is not the key that suppressed addresses were kept under: set the former one again",
    );
  return digest(settings.addressKey, address.trim().toLowerCase());
}

function digest(key: string, text: string): string {
  return createHmac("sha256", key).update(text).digest("hex");
}
