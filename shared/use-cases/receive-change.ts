import type { Change } from "../domain/change.ts";
import { hopsOf } from "../domain/event.ts";
import { match } from "../domain/matcher.ts";
import { mergeEvent, toEvent } from "../domain/to-event.ts";
import type { BusMessage } from "../ports/bus.ts";
import { hash } from "../stores/hash.ts";
import type { ChangeReport } from "../wire/bus-messages.ts";
import { parseContext } from "../wire/remote-execution-context.ts";
import { keyMatches } from "./check-key.ts";
import type { Deps } from "./deps.ts";
import { fitEvent, fitReason, isLarge } from "./fit-message.ts";
import { publishOrSpill } from "./publish-or-spill.ts";

type Needs = Pick<Deps, "bus" | "catalogue" | "changes" | "clock" | "parked" | "settings" | "spill">;

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
  const { messages, triggers } = await messagesFor(change, now, deps);
  const kind = (await publishOrSpill(messages, now, deps)) === "published" ? "fired" : "spilled";
  return { kind, change: change.id, triggers };
}

async function messagesFor(change: Change, now: number, deps: Needs) {
  const { matcher, columns, generation } = await deps.catalogue.current();
  const { fired, rests, considered } = match(matcher, change, now);
  const received = new Date(now).toISOString();
  const events = fired.map((trigger) => {
    const id = hash(trigger.slug, change.id);
    return fitEvent(
      toEvent(trigger, change, {
        id,
        received,
        hops: hopsOf(change.tag),
        columns: columns.get(trigger.slug) ?? new Set(),
        rest: rests.get(trigger.slug),
      }),
      change,
      deps.changes,
    );
  });
  const merged = mergeEvent(change, { id: hash("contact-merged", change.id), received });
  if (merged !== undefined) events.push(merged);
  const report: ChangeReport = {
    change: change.id,
    about: `${change.table}:${change.record}`,
    at: change.at,
    fired: fired.map((trigger) => trigger.slug),
    ...(rests.size > 0 && { open: [...rests.keys()] }),
    considered: considered.map(({ trigger, failed }) => ({ trigger, failed: fitReason(failed) })),
    generation,
    body: change,
    changeRef: null,
  };
  // A body is stored ahead of the messages that point to it: whoever reads one finds the other.
  const changeRef =
    isLarge(report) || events.some((event) => event.changeRef !== null) ? await deps.changes.store(change) : null;
  const reported: ChangeReport = changeRef === null ? report : { ...report, body: null, changeRef };
  const messages: BusMessage[] = [
    ...events.map(
      (event): BusMessage => ({
        id: event.id,
        subject: "event",
        body: event,
        properties: { trigger: event.trigger, hops: event.hops },
      }),
    ),
    { id: hash("report", change.id), subject: "change", body: reported, properties: { table: change.table } },
  ];
  return { messages, triggers: report.fired };
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
