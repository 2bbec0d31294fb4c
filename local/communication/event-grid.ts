import { randomUUID } from "node:crypto";

/** An event in the Event Grid schema, as a system topic of a Communication Services resource publishes it. */
export interface EventGridEvent {
  readonly id: string;
  readonly topic: string;
  readonly subject: string;
  readonly eventType: string;
  /** ISO 8601, UTC. */
  readonly eventTime: string;
  readonly dataVersion: "1.0";
  readonly metadataVersion: "1";
  readonly data: DeliveryReport | EngagementReport;
}

export interface DeliveryReport {
  readonly sender: string;
  readonly recipient: string;
  /** The operation id of the send. */
  readonly messageId: string;
  readonly status: DeliveryStatus;
  readonly deliveryStatusDetails: { readonly statusMessage: string };
  readonly deliveryAttemptTimeStamp: string;
}

export interface EngagementReport {
  readonly sender: string;
  readonly recipient: string;
  readonly messageId: string;
  readonly userActionTimeStamp: string;
  /** The link that was clicked; empty for a view. */
  readonly engagementContext: string;
  readonly userAgent: string;
  readonly engagementType: "view" | "click";
}

export const DELIVERY_STATUSES = [
  "Delivered",
  "Suppressed",
  "Bounced",
  "Quarantined",
  "FilteredSpam",
  "Expanded",
  "Failed",
] as const;

export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** What the mail servers of the world would have said, in their words. */
const STATUS_MESSAGE: Readonly<Record<DeliveryStatus, string>> = {
  Delivered: "",
  Suppressed: "The recipient bounced before and is suppressed for now.",
  Bounced: "550 5.1.1 The e-mail account that you tried to reach does not exist.",
  Quarantined: "The message was quarantined by the recipient's organisation.",
  FilteredSpam: "The message was identified as spam.",
  Expanded: "The distribution list was expanded.",
  Failed: "The message could not be delivered.",
};

const TOPIC =
  "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/local/providers/microsoft.communication/communicationservices/local";

interface About {
  readonly sender: string;
  readonly recipient: string;
  readonly messageId: string;
}

/** The report on one recipient of one mail. `at` is in milliseconds since 1970. */
export function deliveryReport(about: About, status: DeliveryStatus, at: number): EventGridEvent {
  return event("Microsoft.Communication.EmailDeliveryReportReceived", about, at, {
    sender: about.sender,
    recipient: about.recipient,
    messageId: about.messageId,
    status,
    deliveryStatusDetails: { statusMessage: STATUS_MESSAGE[status] },
    deliveryAttemptTimeStamp: offsetTime(at),
  });
}

/** The report that a recipient opened the mail or, where `link` is given, followed a link of it. */
export function engagementReport(
  about: About,
  link: string | undefined,
  userAgent: string,
  at: number,
): EventGridEvent {
  return event("Microsoft.Communication.EmailEngagementTrackingReportReceived", about, at, {
    sender: about.sender,
    recipient: about.recipient,
    messageId: about.messageId,
    userActionTimeStamp: offsetTime(at),
    engagementContext: link ?? "",
    userAgent,
    engagementType: link === undefined ? "view" : "click",
  });
}

function event(eventType: string, about: About, at: number, data: DeliveryReport | EngagementReport): EventGridEvent {
  return {
    id: randomUUID(),
    topic: TOPIC,
    subject: `sender/${about.sender}/message/${about.messageId}`,
    eventType,
    eventTime: new Date(at).toISOString(),
    dataVersion: "1.0",
    metadataVersion: "1",
    data,
  };
}

/** Reports write their times as .NET does: seven decimals and an offset. Parsers that expect a Z must cope. */
function offsetTime(at: number): string {
  return new Date(at).toISOString().replace("Z", "0000+00:00");
}
