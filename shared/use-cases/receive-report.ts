import { isScanner } from "../domain/scanner.ts";
import type { Interaction } from "../domain/trigger.ts";
import type { Columns } from "../domain/value.ts";
import type { MailReport } from "../wire/mail-report.ts";
import type { Deps } from "./deps.ts";
import { eventMessage, interactionEvent } from "./interaction-event.ts";

type Needs = Pick<Deps, "bus" | "clock" | "deliveries" | "settings">;

/**
 * A delivery or engagement report becomes an interaction of the run that sent the mail; mails of others are not ours. A
 * click that a program made is marked beside the send, and fires nothing (rule 16).
 */
export async function receiveReport(
  report: MailReport,
  deps: Needs,
): Promise<Interaction | "not-ours" | "ignored" | "scanned" | "own-link"> {
  const interaction = interactionOf(report);
  const delivery = await deps.deliveries.read(report.operation);
  if (delivery === undefined) return interaction === undefined ? "ignored" : "not-ours";
  const { link, userAgent } = report;
  const at = Date.parse(report.at);
  const scanned = interaction === "mail-clicked" && isScanner(userAgent);
  // For whoever asks why: no journey need wait for it, and what is filtered as spam is no interaction.
  await deps.deliveries.report(report.operation, { status: scanned ? "scanned" : report.status, at });
  if (scanned) return "scanned";
  if (interaction === undefined) return "ignored";
  // What follows from that click says more, and comes by itself.
  if (interaction === "mail-clicked" && isUnsubscribe(link, deps)) return "own-link";
  const shown = link === null ? null : withoutToken(link, deps);
  const values: Columns =
    report.kind === "delivery" ? { status: report.status } : shown === null ? {} : { link: shown };
  const event = interactionEvent(interaction, report.operation, delivery.value, {
    at,
    received: deps.clock.now(),
    values,
    ...(link === null ? {} : { distinct: link }),
  });
  await deps.bus.publish([eventMessage(event)]);
  return interaction;
}

function isUnsubscribe(link: string | null, { settings }: Pick<Deps, "settings">): boolean {
  return link?.startsWith(`${settings.publicUrl}/unsubscribe/`) === true;
}

/** A survey's own address without what lets its holder answer: an event is read by many. */
function withoutToken(link: string, { settings }: Pick<Deps, "settings">): string {
  const own = `${settings.publicUrl}/survey/`;
  return link.startsWith(own) ? own.slice(0, -1) : link;
}

function interactionOf(report: MailReport): Interaction | undefined {
  if (report.kind === "engagement") return report.status === "click" ? "mail-clicked" : "mail-opened";
  switch (report.status) {
    case "Delivered":
      return "mail-delivered";
    case "Bounced":
    case "Failed":
    case "Suppressed":
      return "mail-bounced";
    default:
      return undefined;
  }
}
