import { hash } from "../stores/hash.ts";
import type { Caller } from "./access.ts";
import type { Deps } from "./deps.ts";

/** What a request did, and who asked for it. */
export interface Act {
  readonly by: Caller;
  readonly action: string;
  readonly subject: string;
}

/** Writes down who did what; false where the store does not take it. */
export async function keepAudit(
  { by, action, subject }: Act,
  { audit, clock }: Pick<Deps, "audit" | "clock">,
): Promise<boolean> {
  const at = clock.now();
  try {
    await audit.write(hash(by.id, action, subject, String(clock.random())), {
      at,
      by: { id: by.id, name: by.name },
      action,
      subject,
    });
    return true;
  } catch {
    return false;
  }
}
