import type { Change } from "../domain/change.ts";
import { hash } from "../stores/hash.ts";
import { parseContext } from "../wire/remote-execution-context.ts";
import { type ChangeMessages, changeMessages } from "./change-messages.ts";
import { keyMatches } from "./check-key.ts";
import type { Deps } from "./deps.ts";
import { publishOrSpill } from "./publish-or-spill.ts";
import { readBackMessage } from "./read-back-message.ts";

type Needs = Pick<
  Deps,
  "bus" | "catalogue" | "changes" | "clock" | "lanes" | "measure" | "parked" | "settings" | "spill"
>;

/** What became of one delivery of Dataverse's webhook. */
export interface Received {
  readonly kind: "fired" | "spilled" | "malformed" | "wrong-key" | "foreign" | "unavailable";
  readonly change?: string;
  readonly triggers?: readonly string[];
  readonly problem?: Problem;
}

/** What is wrong, where, and what to do. */
export interface Problem {
  readonly problem: string;
  readonly at?: string;
}

export interface Delivery {
  readonly key: string | undefined;
  readonly body: string;
  /** Dataverse said that it left columns out, for size. */
  readonly oversize: boolean;
}

/** The way in: key, organisation, parse, match, publish. Nothing is lost: what can't be published is spilled. */
export async function receiveChange(delivery: Delivery, deps: Needs): Promise<Received> {
  if (!keyMatches(delivery.key, deps.settings.webhookKeys))
    return { kind: "wrong-key", problem: { problem: "the key in x-parcours-key, or in ?code=, is not valid" } };
  try {
    return await receive(delivery, deps);
  } catch (fault) {
    // The store failed too: Dataverse tries once more, then leaves a failed system job, which reconciliation finds.
    return { kind: "unavailable", problem: { problem: `the change could not be kept: ${message(fault)}` } };
  }
}

async function receive(delivery: Delivery, deps: Needs): Promise<Received> {
  const now = deps.clock.now();
  const parsed = parseContext(delivery.body, { oversize: delivery.oversize });
  if (parsed.kind === "malformed") {
    await park(delivery.body, "malformed", `${parsed.at}: ${parsed.problem}`, now, deps);
    return { kind: "malformed", problem: { problem: parsed.problem, at: parsed.at } };
  }
  const { change } = parsed;
  if (change.organization !== deps.settings.organization) {
    const problem = `organisation ${change.organization} is not the connected one: a copied environment keeps its registrations`;
    await park(delivery.body, "foreign", problem, now, deps);
    return { kind: "foreign", change: change.id, problem: { problem } };
  }
  deps.measure.record("parcours.lag.received", Math.max(0, now - Date.parse(change.at)), { table: change.table });
  const { messages, triggers } = await messagesOf(change, "webhook", deps);
  const kind = (await publishOrSpill(deps.lanes.paced(messages), now, deps)) === "published" ? "fired" : "spilled";
  return { kind, change: change.id, triggers };
}

/**
 * A delivery that was parked, received once more: a later build may read what an earlier one could not, or the setting
 * for the organisation was wrong. @throws BUS_UNAVAILABLE, STORE_UNAVAILABLE
 */
export async function receiveAgain(
  body: string,
  deps: Pick<Deps, "bus" | "catalogue" | "changes" | "clock" | "settings">,
): Promise<"replayed" | "malformed" | "foreign"> {
  const parsed = parseContext(body);
  if (parsed.kind === "malformed") return "malformed";
  if (parsed.change.organization !== deps.settings.organization) return "foreign";
  const { messages } = await messagesOf(parsed.change, "replay", deps);
  await deps.bus.publish(messages);
  return "replayed";
}

async function messagesOf(
  change: Change,
  via: "webhook" | "replay",
  deps: Pick<Deps, "catalogue" | "changes" | "clock" | "settings">,
): Promise<Pick<ChangeMessages, "messages" | "triggers">> {
  return change.oversize ? readBackLater(change, via) : changeMessages(change, via, deps);
}

/**
 * Its values did not come: a consumer reads the row, and waits where Dataverse does not answer. Dataverse itself waits
 * for the answer to this, a minute at most.
 */
function readBackLater(change: Change, via: "webhook" | "replay"): Pick<ChangeMessages, "messages" | "triggers"> {
  return { messages: [readBackMessage({ readBack: "oversize", via, change })], triggers: [] };
}

async function park(
  body: string,
  kind: "malformed" | "foreign",
  reason: string,
  at: number,
  deps: Needs,
): Promise<void> {
  const item = { id: hash(body), at, source: "webhook", kind, reason, body, journey: null } as const;
  await deps.parked.put(item);
}

function message(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault);
}
