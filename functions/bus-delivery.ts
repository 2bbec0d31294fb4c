import type { InvocationContext } from "@azure/functions";

/** What the host says of a Service Bus message beside its body. */
export function deliveryOf({ triggerMetadata, invocationId }: InvocationContext): {
  messageId: string;
  deliveryCount: number;
  trace?: string;
} {
  const { messageId, deliveryCount, applicationProperties } = triggerMetadata ?? {};
  const trace = traceOf(applicationProperties);
  return {
    messageId: typeof messageId === "string" ? messageId : invocationId,
    deliveryCount: typeof deliveryCount === "number" ? deliveryCount : 1,
    ...(trace === undefined ? {} : { trace }),
  };
}

function traceOf(properties: unknown): string | undefined {
  if (typeof properties !== "object" || properties === null || !("traceparent" in properties)) return undefined;
  return typeof properties.traceparent === "string" ? properties.traceparent : undefined;
}
