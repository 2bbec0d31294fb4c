import { seenIn } from "../domain/example.ts";
import { parseContext } from "../wire/remote-execution-context.ts";
import { keyMatches } from "./check-key.ts";
import type { Deps } from "./deps.ts";

/** What became of a change that Dataverse told because somebody shows what shall fire. */
export type Captured = "seen" | "ignored" | "wrong-key" | "malformed";

/**
 * Keeps a change for the examples that listen to its table and its user; it is no event and fires nothing. Whatever
 * else comes, and what comes when an example is over, is let go: that Dataverse is late is nobody's fault.
 */
export async function captureExample(
  delivery: { readonly key: string | undefined; readonly body: string; readonly oversize: boolean },
  deps: Pick<Deps, "clock" | "examples" | "settings">,
): Promise<Captured> {
  if (!keyMatches(delivery.key, deps.settings.webhookKeys)) return "wrong-key";
  const listening = (await deps.examples.listening()).filter(({ until }) => until > deps.clock.now());
  if (listening.length === 0) return "ignored";
  const parsed = parseContext(delivery.body, { oversize: delivery.oversize });
  if (parsed.kind === "malformed") return "malformed";
  const { change } = parsed;
  if (change.organization !== deps.settings.organization) return "ignored";
  const meant = listening.filter(
    ({ table, user }) => table === change.table && (user === change.by || user === change.initiatedBy),
  );
  const seen = seenIn(change);
  if (seen === undefined || meant.length === 0) return "ignored";
  for (const { id } of meant) await deps.examples.see(id, seen);
  return "seen";
}
