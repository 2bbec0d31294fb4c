import type { InvocationContext } from "@azure/functions";

/** The host's own trace of this invocation, where it is recorded: else ours would be dropped with it. */
export function hostTrace({ traceContext }: InvocationContext): string | undefined {
  const parent = traceContext?.traceParent;
  return parent?.endsWith("-01") ? parent : undefined;
}
