import type { JourneyVersion } from "../domain/journey.ts";
import type { Progress } from "../domain/machine.ts";
import type { RunState } from "../domain/run.ts";
import type { Deps } from "./deps.ts";
import { eventMessage, interactionEvent } from "./interaction-event.ts";
import { publishOrSpill } from "./publish-or-spill.ts";
import { sendOf } from "./send-mail.ts";

/**
 * Before the commit that says so: the event that a mail was sent, where some journey has a use for it. An activity that
 * is cut off in between is asked again and finds the mail sent; its event has the same id.
 */
export async function announceSent(
  before: RunState,
  { journey }: JourneyVersion,
  { facts }: Progress,
  now: number,
  deps: Pick<Deps, "bus" | "catalogue" | "deliveries" | "spill">,
): Promise<void> {
  if (!facts.some(({ kind }) => kind === "sent")) return;
  const { cares, entries } = await deps.catalogue.current();
  if (!cares.has("mail-sent") && !entries.has("mail-sent")) return;
  const operation = sendOf(before, journey);
  const delivery = operation === undefined ? undefined : await deps.deliveries.read(operation);
  if (operation === undefined || delivery === undefined) return;
  const event = interactionEvent("mail-sent", operation, delivery.value, { at: now, received: now, values: {} });
  await publishOrSpill([eventMessage(event)], now, deps);
}
