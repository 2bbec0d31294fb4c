import type { LogLevel } from "./core-types.ts";
import type { LogEntry } from "./function-app.ts";
import type { HostJson } from "./host-json.ts";

const ORDER: readonly LogLevel[] = ["trace", "debug", "information", "warning", "error", "critical", "none"];

/** Says whether host.json's `logging.logLevel` lets a line through: the longest category that fits decides. */
export function logFilter(levels: HostJson["logging"]["logLevel"]): (entry: LogEntry) => boolean {
  const rules = Object.entries(levels)
    .map(([category, level]) => ({ category, rank: rank(level) }))
    .sort((a, b) => b.category.length - a.category.length);
  const fallback = rules.find((rule) => rule.category.toLowerCase() === "default")?.rank ?? rank("information");
  return (entry) => {
    const category = categoryOf(entry);
    const rule = rules.find((rule) => category === rule.category || category.startsWith(`${rule.category}.`));
    return rank(entry.level) >= (rule?.rank ?? fallback);
  };
}

function categoryOf(entry: LogEntry): string {
  if (entry.functionName === undefined) return "Host.Worker";
  return `Function.${entry.functionName}${entry.category === "user" ? ".User" : ""}`;
}

function rank(level: string): number {
  const at = ORDER.indexOf(level.toLowerCase() as LogLevel);
  return at < 0 ? ORDER.indexOf("information") : at;
}
