import { isServiceBusError } from "@azure/service-bus";
import type { LogEntry, RegisteredFunction } from "./function-app.ts";
import type { EntityName } from "./listener.ts";

const SAME_AGAIN_MS = 30_000;

/** A bus that is down repeats its complaints many times a second: each is said once in a while. */
export function logOf(fn: RegisteredFunction, log: (entry: LogEntry) => void): (line: string) => void {
  const saidAt = new Map<string, number>();
  return (message) => {
    const now = Date.now();
    if (now - (saidAt.get(message) ?? Number.NEGATIVE_INFINITY) < SAME_AGAIN_MS) return;
    for (const [line, at] of saidAt) if (now - at >= SAME_AGAIN_MS) saidAt.delete(line);
    saidAt.set(message, now);
    log({ level: "warning", category: "system", message, functionName: fn.metadata.name });
  };
}

/** What keeps a function from its messages, and what there is to mend. */
export function receiverTrouble(error: unknown, entity: EntityName): string {
  const where = entity.length === 1 ? `queue ${entity[0]}` : `subscription ${entity[1]} of topic ${entity[0]}`;
  const [first = error] = error instanceof AggregateError ? error.errors : [];
  const why = first instanceof Error ? first.message || first.name : String(first);
  const missing = isServiceBusError(error) && error.code === "MessagingEntityNotFound";
  return `no messages from ${where}: ${why}${missing ? " Is it spelled so, and among the bus's entities?" : ""}`;
}
