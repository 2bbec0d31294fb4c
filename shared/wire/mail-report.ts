import { z } from "zod";

const delivery = z.object({
  eventType: z.literal("Microsoft.Communication.EmailDeliveryReportReceived"),
  data: z.object({ messageId: z.string(), status: z.string(), deliveryAttemptTimeStamp: z.string() }),
});
const engagement = z.object({
  eventType: z.literal("Microsoft.Communication.EmailEngagementTrackingReportReceived"),
  data: z.object({
    messageId: z.string(),
    engagementType: z.enum(["view", "click"]),
    engagementContext: z.string().nullish(),
    userAgent: z.string().nullish(),
    userActionTimeStamp: z.string(),
  }),
});

/** A report of Communication Services, as Event Grid brings it. `operation` is the operation id that we sent with. */
export interface MailReport {
  readonly kind: "delivery" | "engagement";
  readonly operation: string;
  readonly status: string;
  readonly at: string;
  /** The link that was clicked. */
  readonly link: string | null;
  /** Of whoever opened or clicked. */
  readonly userAgent: string | null;
}

/** Reads an Event Grid event; undefined for a type that says nothing of a mail. */
export const mailReport = z.union([
  delivery.transform(
    ({ data }): MailReport => ({
      kind: "delivery",
      operation: data.messageId,
      status: data.status,
      at: data.deliveryAttemptTimeStamp,
      link: null,
      userAgent: null,
    }),
  ),
  engagement.transform(
    ({ data }): MailReport => ({
      kind: "engagement",
      operation: data.messageId,
      status: data.engagementType,
      at: data.userActionTimeStamp,
      link: data.engagementContext || null,
      userAgent: data.userAgent ?? null,
    }),
  ),
]);
