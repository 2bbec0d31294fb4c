import { isAuditPlace } from "../stores/audit.ts";
import type { AuditPage } from "../wire/api.ts";
import type { Deps } from "./deps.ts";

/** A page of what people did, newest first; undefined where `next` is none that an earlier page named. */
export async function showAudit(
  limit: number,
  next: string | undefined,
  { audit }: Pick<Deps, "audit">,
): Promise<AuditPage | undefined> {
  if (next !== undefined && !isAuditPlace(next)) return undefined;
  const page = await audit.page(limit, next);
  const entries = page.entries.map(({ at, ...entry }) => ({ at: new Date(at).toISOString(), ...entry }));
  return { entries, next: page.next ?? null };
}
