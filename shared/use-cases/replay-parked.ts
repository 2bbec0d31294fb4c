import { triggerEvent } from "../domain/event.ts";
import { hash } from "../stores/hash.ts";
import type { ParkedItem } from "../stores/outboxes.ts";
import { mailReport } from "../wire/mail-report.ts";
import type { Queue } from "../wire/parked.ts";
import type { Deps } from "./deps.ts";
import { messageAgain } from "./message-again.ts";
import { receiveAgain } from "./receive-change.ts";
import { receiveReport } from "./receive-report.ts";

export type ReplayDeps = Pick<
  Deps,
  "bus" | "catalogue" | "changes" | "clock" | "decisions" | "deliveries" | "parked" | "settings"
>;

/**
 * What became of a replay. `told`: the change came by itself meanwhile, and said that this does not fire; `no-message`,
 * `malformed` and `foreign` stay where they are.
 */
export type Replayed = "replayed" | "told" | "no-message" | "malformed" | "foreign";

const BATCH = 100;

/** Replays one parked item under a new message id, with the same event inside. @throws BUS_UNAVAILABLE */
export async function replayParked(item: ParkedItem, deps: ReplayDeps): Promise<Replayed> {
  const outcome = await replayed(item, deps);
  if (outcome === "replayed" || outcome === "told") await deps.parked.remove(item);
  return outcome;
}

async function replayed(item: ParkedItem, deps: ReplayDeps): Promise<Replayed> {
  if (item.source === "webhook") return receiveAgain(item.body, deps);
  const body = bodyOf(item);
  if (body === undefined) return "no-message";
  if (item.kind === "unknown" && (await isTold(body, deps))) return "told";
  return replayBody(item.source, item.id, body, deps);
}

/** Gives the body of a message to the bus once more. @throws BUS_UNAVAILABLE */
export async function replayBody(
  source: Queue,
  id: string,
  body: unknown,
  deps: ReplayDeps,
): Promise<"replayed" | "no-message"> {
  if (source === "mail-reports") {
    const report = mailReport.safeParse(body);
    if (!report.success) return "no-message";
    // Its queue is not ours to write to: worked on here.
    await receiveReport(report.data, deps);
    return "replayed";
  }
  await deps.bus.publish([messageAgain(source, hash("replay", id, String(deps.clock.now())), body)]);
  return "replayed";
}

/** Whether the change of an event that nobody could tell came by itself since: what it said counts. */
async function isTold(body: unknown, { decisions }: Pick<Deps, "decisions">): Promise<boolean> {
  const event = triggerEvent.safeParse(body).data;
  if (event === undefined || event.record === null || event.change === null) return false;
  const about = `${event.record.table}:${event.record.id}`;
  const told = await decisions.change(about, Date.parse(event.at), event.change);
  return told !== undefined && told.via === undefined && told.unknown === undefined;
}

/** Undefined for what is no JSON, such as a body that was cut. */
function bodyOf(item: ParkedItem): unknown {
  try {
    return JSON.parse(item.body);
  } catch {
    return undefined;
  }
}

/** As an operator asks for it. */
export async function replayParkedById(
  kind: ParkedItem["kind"],
  id: string,
  deps: ReplayDeps,
): Promise<Replayed | "missing"> {
  const item = await find(kind, id, deps);
  return item === undefined ? "missing" : replayParked(item, deps);
}

/** Gives one up for good. */
export async function discardParkedById(
  kind: ParkedItem["kind"],
  id: string,
  deps: Pick<Deps, "parked">,
): Promise<"discarded" | "missing"> {
  const item = await find(kind, id, deps);
  if (item === undefined) return "missing";
  await deps.parked.remove(item);
  return "discarded";
}

async function find(
  kind: ParkedItem["kind"],
  id: string,
  { parked }: Pick<Deps, "parked">,
): Promise<ParkedItem | undefined> {
  let continuation: string | undefined;
  do {
    const page = await parked.page(kind, BATCH, continuation);
    const found = page.rows.find((row) => row.value.id === id);
    if (found !== undefined) return found.value;
    continuation = page.continuation;
  } while (continuation !== undefined);
  return undefined;
}
