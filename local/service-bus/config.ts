import { readFileSync } from "node:fs";
import { z } from "zod";

/**
 * The entities of a bus, in the format of Config.json of Microsoft's own emulator, so that one can be swapped for the
 * other. Where that emulator narrows a limit (an hour to live, three deliveries), Azure's own default and range stand.
 */

const UNITS_MS = { W: 604_800_000, D: 86_400_000, H: 3_600_000, M: 60_000, S: 1000 } as const;
const DURATION = /^P(?=.)(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** An ISO 8601 duration without years and months, in milliseconds. */
const duration = z.string().transform((text, context) => {
  const match = DURATION.exec(text);
  if (match === null) {
    context.addIssue({ code: "custom", message: `not an ISO 8601 duration: ${text}` });
    return z.NEVER;
  }
  return Object.values(UNITS_MS).reduce((sum, unit, at) => sum + Number(match[at + 1] ?? 0) * unit, 0);
});

/** Azure writes "no end" as the longest time span it knows. */
const endless = duration.transform((ms) => (ms > 100_000 * UNITS_MS.D ? undefined : ms));
const entityName = z.string().transform((name) => name || undefined);

const delivery = {
  LockDuration: duration.default(60_000),
  MaxDeliveryCount: z.int().min(1).default(10),
  DefaultMessageTimeToLive: endless.optional(),
  DeadLetteringOnMessageExpiration: z.boolean().default(false),
  RequiresSession: z.boolean().default(false),
  ForwardTo: entityName.optional(),
  ForwardDeadLetteredMessagesTo: entityName.optional(),
};
const duplicates = {
  RequiresDuplicateDetection: z.boolean().default(false),
  DuplicateDetectionHistoryTimeWindow: duration.default(600_000),
};

const correlationFilter = z.object({
  ContentType: z.string().optional(),
  CorrelationId: z.string().optional(),
  Label: z.string().optional(),
  MessageId: z.string().optional(),
  ReplyTo: z.string().optional(),
  ReplyToSessionId: z.string().optional(),
  SessionId: z.string().optional(),
  To: z.string().optional(),
  Properties: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});
const expression = z.object({ SqlExpression: z.string() });

const rule = z.object({
  Name: z.string().min(1),
  Properties: z
    .object({
      FilterType: z.enum(["Correlation", "Sql"]).optional(),
      CorrelationFilter: correlationFilter.optional(),
      SqlFilter: expression.optional(),
      Action: expression.partial().optional(),
    })
    .superRefine(({ FilterType: type, ...filters }, context) => {
      // A filter that is misspelt would let everything through.
      if (type !== undefined && filters[`${type}Filter`] === undefined)
        context.addIssue({ code: "custom", message: `FilterType ${type} needs a ${type}Filter` });
    }),
});
const subscription = z.object({
  Name: z.string().min(1),
  Properties: z.object(delivery).prefault({}),
  Rules: z.array(rule).default([]),
});
const topic = z.object({
  Name: z.string().min(1),
  Properties: z.object({ DefaultMessageTimeToLive: endless.optional(), ...duplicates }).prefault({}),
  Subscriptions: z.array(subscription).default([]),
});
const queue = z.object({
  Name: z.string().min(1),
  Properties: z.object({ ...delivery, ...duplicates }).prefault({}),
});
const namespace = z
  .object({
    Name: z.string().default("local"),
    Queues: z.array(queue).default([]),
    Topics: z.array(topic).default([]),
  })
  .superRefine(({ Queues, Topics }, context) => {
    const known = new Set([...Queues, ...Topics].map(({ Name }) => Name.toLowerCase()));
    const sources = [...Queues, ...Topics.flatMap(({ Subscriptions }) => Subscriptions)];
    for (const { Name, Properties } of sources)
      for (const problem of forwardingProblems(Properties, known))
        context.addIssue({ code: "custom", message: `${Name}: ${problem}` });
  });

/** Azure makes no entity that forwards to one that is not there, or that has sessions and forwards. */
function forwardingProblems(
  properties: z.output<typeof queue>["Properties"] | SubscriptionConfig["Properties"],
  known: ReadonlySet<string>,
): string[] {
  const { ForwardTo, ForwardDeadLetteredMessagesTo, RequiresSession } = properties;
  const missing = Object.entries({ ForwardTo, ForwardDeadLetteredMessagesTo }).filter(
    ([, to]) => to !== undefined && !known.has(to.toLowerCase()),
  );
  return [
    ...missing.map(([setting, to]) => `${setting} names ${to}, which is no queue or topic here`),
    ...(RequiresSession && ForwardTo !== undefined ? ["an entity with sessions cannot forward"] : []),
  ];
}

const configSchema = z.object({ UserConfig: z.object({ Namespaces: z.array(namespace).length(1) }) });

/** What a caller hands over: the file's JSON, not yet checked. */
export type EntitiesInput = z.input<typeof configSchema>;
export type NamespaceConfig = z.output<typeof namespace>;
export type QueueConfig = z.output<typeof queue>;
export type TopicConfig = z.output<typeof topic>;
export type SubscriptionConfig = z.output<typeof subscription>;
export type RuleConfig = z.output<typeof rule>;
export type CorrelationFilter = z.output<typeof correlationFilter>;

/** Checks entities; throws an error that names the place of each mistake. */
export function parseEntities(entities: unknown): NamespaceConfig {
  const { success, data, error } = configSchema.safeParse(entities);
  if (!success) throw new Error(`The entities cannot be used:\n${z.prettifyError(error)}`);
  const [only] = data.UserConfig.Namespaces;
  if (only === undefined) throw new Error("a namespace is missing");
  return only;
}

/** Reads entities from a file in the format of the emulator's Config.json. */
export function readEntities(file: string): EntitiesInput {
  const text = readFileSync(file, "utf8");
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is no JSON: ${error instanceof Error ? error.message : error}`);
  }
}
