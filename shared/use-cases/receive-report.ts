import type { Interaction } from "../domain/trigger.ts";
import type { Columns } from "../domain/value.ts";
import type { MailReport } from "../wire/mail-report.ts";
import type { Deps } from "./deps.ts";
import { eventMessage, interactionEvent } from "./interaction-event.ts";

type Needs = Pick<Deps, "bus" | "clock" | "deliveries">;

/** A delivery or engagement report becomes an interaction of the run that sent the mail; mails of others are not ours. */
export async function receiveReport(report: MailReport, deps: Needs): Promise<Interaction | "not-ours" | "ignored"> {
  const interaction = interactionOf(report);
  const delivery = await deps.deliveries.read(report.operation);
  if (delivery === undefined) return interaction === undefined ? "ignored" : "not-ours";
  // For whoever asks why: no journey need wait for it, and what is filtered as spam is no interaction.
  await deps.deliveries.report(report.operation, { status: report.status, at: Date.parse(report.at) });
  if (interaction === undefined) return "ignored";
  const values: Columns = report.kind === "engagement" ? { link: report.link } : { status: report.status };
  const event = interactionEvent(interaction, report.operation, delivery.value, {
    at: Date.parse(report.at),
    received: deps.clock.now(),
    values,
    ...(report.link === null ? {} : { distinct: report.link }),
  });
  await deps.bus.publish([eventMessage(event)]);
  return interaction;
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
