import { ParcoursError } from "../errors.ts";
import type { Deps } from "./deps.ts";
import { eventMessage, interactionEvent } from "./interaction-event.ts";
import { publishOrSpill } from "./publish-or-spill.ts";
import { readLink, signLink } from "./sign-link.ts";

/** A token of one kind is none of another: a survey's is the operation alone. */
const KIND = "unsubscribe";
const PAYLOAD = /^unsubscribe:([0-9a-f-]{36}):([0-9a-f]{64})$/;

/**
 * Where the reader of one mail unsubscribes: it names the mail and the contact point. It never expires: a mail may be
 * found again after years, when nothing else is known of it any more.
 */
export function unsubscribeLink(operation: string, address: string, { settings }: Pick<Deps, "settings">): string {
  const [key] = settings.signingKeys;
  if (key === undefined) throw new ParcoursError("CONFIG_INVALID", "no signing key is set");
  return `${settings.publicUrl}/unsubscribe/${signLink(key, `${KIND}:${operation}:${address}`)}`;
}

/** Headers by which mail programs show a button of their own (RFC 2369), which posts at once (RFC 8058). */
export function unsubscribeHeaders(link: string): Readonly<Record<string, string>> {
  return { "List-Unsubscribe": `<${link}>`, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" };
}

/** Whether a link is one that Parcours made. Looking changes nothing: mail scanners open links. */
export function mayUnsubscribe(token: string, deps: Pick<Deps, "settings">): boolean {
  return read(token, deps) !== undefined;
}

/**
 * From now on nothing commercial goes to the address that the mail went to; then, and each time it is asked again, the
 * event is published under the same id: it ends what waits for it, and Dataverse hears of it through the consumer.
 */
export async function unsubscribe(
  token: string,
  deps: Pick<Deps, "bus" | "clock" | "contactPoints" | "deliveries" | "settings" | "spill">,
): Promise<"unsubscribed" | "invalid"> {
  const found = read(token, deps);
  if (found === undefined) return "invalid";
  const { operation, address } = found;
  const now = deps.clock.now();
  const { at } = await deps.contactPoints.suppress(address, { at: now, reason: "unsubscribed", operation });
  const delivery = (await deps.deliveries.read(operation))?.value;
  // The person was erased since: the address stays suppressed, and there is nobody to tell of.
  if (delivery === undefined) return "unsubscribed";
  const event = interactionEvent("mail-unsubscribed", operation, delivery, { at, received: now, values: {} });
  await publishOrSpill([eventMessage(event)], now, deps);
  return "unsubscribed";
}

function read(
  token: string,
  { settings }: Pick<Deps, "settings">,
): { readonly operation: string; readonly address: string } | undefined {
  const link = readLink(settings.signingKeys, token);
  const found = link.kind === "valid" ? PAYLOAD.exec(link.payload) : null;
  const [, operation, address] = found ?? [];
  return operation === undefined || address === undefined ? undefined : { operation, address };
}
