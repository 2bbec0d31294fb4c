import type { LogEntry } from "../host/function-app.ts";

/** One log entry of an instance as a line of text. */
export function logLine(instance: string, entry: LogEntry): string {
  const where = entry.functionName === undefined ? "" : ` ${entry.functionName}`;
  return `[${instance}]${where} ${entry.level}: ${entry.message}`;
}
