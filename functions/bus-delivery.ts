import type { InvocationContext } from "@azure/functions";

/** What the host says of a Service Bus message beside its body. */
export function deliveryOf({ triggerMetadata, invocationId }: InvocationContext): {
  messageId: string;
  deliveryCount: number;
} {
  const { messageId, deliveryCount } = triggerMetadata ?? {};
  return {
    messageId: typeof messageId === "string" ? messageId : invocationId,
    deliveryCount: typeof deliveryCount === "number" ? deliveryCount : 1,
  };
}
