import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { overridden } from "./overrides.ts";
import type { Settings } from "./settings.ts";

/** `hh:mm:ss`, with days and fractions as .NET writes them; -1 means without limit. */
const timeSpan = z.string().transform((text, context) => {
  const parsed = parseTimeSpan(text);
  if (parsed === undefined) context.addIssue({ code: "custom", message: `"${text}" is not a time span (hh:mm:ss)` });
  return parsed ?? 0;
});

const serviceBus = z.looseObject({
  prefetchCount: z.int().min(0).default(0),
  autoCompleteMessages: z.boolean().default(true),
  maxAutoLockRenewalDuration: timeSpan.default(5 * 60_000),
  maxConcurrentCalls: z.int().min(1).default(16),
  maxConcurrentSessions: z.int().min(1).default(8),
  maxMessageBatchSize: z.int().min(1).default(1000),
  minMessageBatchSize: z.int().min(1).default(1),
  maxBatchWaitTime: timeSpan.default(30_000),
  sessionIdleTimeout: timeSpan.optional(),
});

const durableTask = z.looseObject({
  hubName: z.string().default("TestHubName"),
  defaultVersion: z.string().optional(),
  versionMatchStrategy: z.enum(["None", "Strict", "CurrentOrOlder"]).optional(),
  versionFailureStrategy: z.enum(["Reject", "Fail"]).optional(),
  maxConcurrentOrchestratorFunctions: z.int().min(1).optional(),
  maxConcurrentActivityFunctions: z.int().min(1).optional(),
  maxConcurrentEntityFunctions: z.int().min(1).optional(),
});

const hostJson = z.looseObject({
  version: z.literal("2.0", { error: 'the schema version of host.json must be there, and be "2.0"' }),
  functionTimeout: timeSpan.default(30 * 60_000),
  logging: z.looseObject({ logLevel: z.record(z.string(), z.string()).default({}) }).prefault({}),
  extensions: z
    .looseObject({
      http: z
        .looseObject({
          routePrefix: z.string().default("api"),
          customHeaders: z.record(z.string(), z.string()).default({}),
        })
        .prefault({}),
      serviceBus: serviceBus.prefault({}),
      durableTask: durableTask.prefault({}),
    })
    .prefault({}),
});

/** What host.json says, with the platform's defaults (those of Flex Consumption where plans differ). Times in ms. */
export type HostJson = z.infer<typeof hostJson>;
export type ServiceBusSettings = HostJson["extensions"]["serviceBus"];

/** Reads host.json of an app folder, and what app settings say in its place. Throws with the file and the place where it does not fit. */
export function readHostJson(appDir: string, settings: Settings = {}): HostJson {
  const path = join(appDir, "host.json");
  try {
    const parsed: unknown = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : EMPTY;
    const filled = isEmpty(parsed) ? EMPTY : parsed;
    return hostJson.parse(isObject(filled) ? overridden(filled, settings) : filled);
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new Error(`${path} can't be used: ${why}`);
  }
}

/** What the real host writes in the place of a file that is missing or holds nothing. */
const EMPTY = { version: "2.0" };

function isObject(parsed: unknown): parsed is Record<string, unknown> {
  return typeof parsed === "object" && parsed !== null;
}

function isEmpty(parsed: unknown): boolean {
  return isObject(parsed) && Object.keys(parsed).length === 0;
}

/** `[d.]hh:mm:ss[.fff]` in milliseconds; -1 is without limit. */
export function parseTimeSpan(text: string): number | undefined {
  if (text.trim() === "-1") return Number.POSITIVE_INFINITY;
  const parts = /^(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2}(?:\.\d+)?)$/.exec(text.trim());
  if (parts === null) return undefined;
  const [, days = "0", hours = "0", minutes = "0", seconds = "0"] = parts;
  return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}
