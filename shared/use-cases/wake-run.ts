import type { Runner } from "../ports/runner.ts";
import type { Members } from "../stores/members.ts";

/**
 * Wakes a run after its inbox was written. Where the engine has no such instance, or it ended, the store decides: a run
 * that lives is started again under its id; its first activity reads the inbox, so nobody need raise a second time.
 */
export async function wakeRun(
  handle: { readonly member: string; readonly run: string },
  runner: Runner,
  members: Members,
): Promise<"woken" | "started" | "ended"> {
  if ((await runner.wake(handle.run)) === "woken") return "woken";
  const stored = await members.run(handle.member, handle.run);
  if (stored === undefined || stored.row.state.ended !== null) return "ended";
  const started = await runner.start(handle.run, { member: handle.member, run: handle.run });
  if (started === "running") await runner.wake(handle.run);
  return started === "running" ? "woken" : "started";
}
