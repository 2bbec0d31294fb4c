import { z } from "zod";
import { ParcoursError } from "./errors.ts";

/**
 * What App Service leaves in a setting whose secret it could not fetch from Key Vault: no key, though everybody who
 * knows the vault's name could write it down.
 */
function isUnresolved(text: string): boolean {
  return text.trim().startsWith("@Microsoft.KeyVault(");
}

/** An empty setting is one that is not there: azd and the portal leave empty ones behind. */
const optional = z
  .string()
  .optional()
  .transform((text) => (text === undefined || text.trim() === "" || isUnresolved(text) ? undefined : text.trim()));
const required = z
  .string()
  .trim()
  .min(1)
  .refine((text) => !isUnresolved(text), { error: "could not be fetched from Key Vault: look at the app's settings" });
const milliseconds = (otherwise: number) =>
  optional.transform((text) => Number(text ?? otherwise)).pipe(z.number().int().nonnegative());

const onOff = (otherwise: "on" | "off") =>
  optional
    .transform((text) => text ?? otherwise)
    .pipe(z.enum(["on", "off"]))
    .transform((text) => text === "on");
const perMinute = (otherwise: number) => milliseconds(otherwise).pipe(z.number().positive());
/** As browsers write it in the header `Origin`. */
const origin = z.string().refine((text) => URL.canParse(text) && new URL(text).origin === text, {
  error: "an origin is https://www.example.com: no path, no slash at the end",
});

const userId = z.guid({ error: "the id of a Dataverse user, a GUID" });

function listOf(text: string | undefined): string[] {
  return (text ?? "").split(",").flatMap((one) => (one.trim() === "" ? [] : [one.trim()]));
}

/** Every setting that Parcours reads; those of the Functions host itself are the host's. */
const environment = z
  .object({
    PARCOURS_ORGANIZATION_ID: required.transform((id) => id.toLowerCase()),
    PARCOURS_WEBHOOK_KEY: required,
    PARCOURS_WEBHOOK_KEY_PREVIOUS: optional,
    /** `id:secret`. */
    PARCOURS_SIGNING_KEY: required,
    /** One or, since links to unsubscribe never expire, several: separated by commas. */
    PARCOURS_SIGNING_KEY_PREVIOUS: optional.transform(listOf),
    /** Hashes the addresses of people who unsubscribed; it must never change. The signing key's secret if absent. */
    PARCOURS_ADDRESS_KEY: optional.pipe(z.string().min(16).optional()),
    /** Systems send custom events with the first, pages of the origins (separated by commas) with the other. */
    PARCOURS_INGESTION_KEY: optional,
    PARCOURS_INGESTION_KEY_PREVIOUS: optional,
    PARCOURS_INGESTION_PER_MINUTE: perMinute(6_000),
    PARCOURS_BROWSER_KEY: optional,
    PARCOURS_BROWSER_KEY_PREVIOUS: optional,
    PARCOURS_BROWSER_PER_MINUTE: perMinute(600),
    PARCOURS_BROWSER_ORIGINS: optional.transform(listOf).pipe(z.array(origin)),
    PARCOURS_PUBLIC_URL: z.url().transform((url) => url.replace(/\/+$/, "")),
    PARCOURS_SENDER: z.email(),
    PARCOURS_ADDRESS_COLUMN: optional.transform((column) => column ?? "emailaddress1"),
    PARCOURS_LANGUAGE_COLUMN: optional,
    PARCOURS_CATALOGUE_LIFETIME_MS: milliseconds(5_000),
    PARCOURS_MAIL_TIMEOUT_MS: milliseconds(15_000),
    /** Dataverse's ids of users who import, separated by commas, and of the user that Parcours itself writes as. */
    PARCOURS_IMPORT_USERS: optional.transform(listOf).pipe(z.array(userId)),
    PARCOURS_OWN_USER: optional.pipe(userId.optional()),
    PARCOURS_KEPT_DAYS: milliseconds(30),
    /** Ended runs, their sends and answers, and what was parked: in days. */
    PARCOURS_RUNS_KEPT_DAYS: milliseconds(365),
    /** Whether Parcours registers with Dataverse by itself, and whether it undoes what somebody changed there. */
    PARCOURS_REGISTER: onOff("on"),
    PARCOURS_MEND_DRIFT: onOff("off"),
    /** Whether changes that never came are looked for, and how long the webhook has to tell one before it is missed. */
    PARCOURS_RECONCILE: onOff("on"),
    PARCOURS_RECONCILE_GRACE_MS: milliseconds(600_000),
    /** Events of one trigger that each instance lets through in a minute, the rest a little later; 0: no limit. */
    PARCOURS_LANE_PER_MINUTE: milliseconds(2_400),
    /** Times its usual rate, and events in an hour, from which on a trigger's entries wait for an operator; 0: never. */
    PARCOURS_BRAKE_FACTOR: milliseconds(10),
    PARCOURS_BRAKE_FLOOR: milliseconds(1_000),
    /** Where Dataverse reaches the webhook, if not under the public address. */
    PARCOURS_WEBHOOK_URL: optional.pipe(z.url().optional()),
    /** `platform`: App Service authentication stands in front, and what it says of the caller is true. */
    PARCOURS_SIGN_IN: optional.pipe(z.enum(["platform"]).optional()),
    /** `local`: API and page answer without sign-in. For one's own machine only. */
    PARCOURS_OPEN: optional,

    /** One of: a file for the embedded store, a storage connection string, or the table endpoint with an identity. */
    PARCOURS_SQLITE_FILE: optional,
    PARCOURS_TABLES_CONNECTION: optional,
    PARCOURS_TABLES_URL: optional,
    /** A connection string, or the namespace with an identity: the names that the Service Bus trigger reads. */
    ServiceBus: optional,
    ServiceBus__fullyQualifiedNamespace: optional,
    COMMUNICATION_CONNECTION: optional,
    COMMUNICATION_ENDPOINT: optional,
    /** Resource id of the mail domain, of which the identity is a Reader; empty where there is none, as on one's own machine. */
    PARCOURS_MAIL_DOMAIN_ID: optional,
    DATAVERSE_URL: z.url().transform((url) => url.replace(/\/+$/, "")),
    /** Where measurements go, one or both: an OTLP receiver over HTTP, Application Insights. Empty: nowhere. */
    OTEL_EXPORTER_OTLP_ENDPOINT: optional.pipe(z.url().optional()),
    APPLICATIONINSIGHTS_CONNECTION_STRING: optional,
    /** Client id of the managed identity; empty on a machine where somebody is signed in. */
    AZURE_CLIENT_ID: optional,
  })
  .superRefine((it, problems) => {
    const needOne = (...names: (keyof typeof it)[]): void => {
      if (names.every((name) => it[name] === undefined))
        problems.addIssue({ code: "custom", path: [names.join(" or ")], message: "one of them must be set" });
    };
    const secret = [it.PARCOURS_INGESTION_KEY, it.PARCOURS_INGESTION_KEY_PREVIOUS];
    for (const name of ["PARCOURS_BROWSER_KEY", "PARCOURS_BROWSER_KEY_PREVIOUS"] as const)
      if (it[name] !== undefined && secret.includes(it[name]))
        problems.addIssue({ code: "custom", path: [name], message: "is the secret key too: everybody could read it" });
    if (it.PARCOURS_OPEN === "local" && it.PARCOURS_SIGN_IN !== undefined)
      problems.addIssue({
        code: "custom",
        path: ["PARCOURS_OPEN"],
        message: "would open what PARCOURS_SIGN_IN closes",
      });
    needOne("PARCOURS_SQLITE_FILE", "PARCOURS_TABLES_CONNECTION", "PARCOURS_TABLES_URL");
    needOne("ServiceBus", "ServiceBus__fullyQualifiedNamespace");
    needOne("COMMUNICATION_CONNECTION", "COMMUNICATION_ENDPOINT");
  });

export type Config = z.infer<typeof environment>;

/** The names of all settings, for what writes them: templates, and the tests that compare. */
export const VARIABLES: readonly string[] = Object.keys(environment.shape);

/** What App Service says of itself to every app that it runs; no settings of ours. */
export const OF_THE_HOST = ["WEBSITE_SITE_NAME", "WEBSITE_AUTH_ENABLED"] as const;

/** What would leave API and pages open to everybody who writes the right header, or none. */
function openings(config: Config, env: Readonly<Record<string, string | undefined>>): string[] {
  const [site, authentication] = OF_THE_HOST.map((name) => env[name]?.trim().toLowerCase() ?? "");
  const found: string[] = [];
  if (config.PARCOURS_OPEN === "local" && site !== "")
    found.push("PARCOURS_OPEN: opens everything to everybody, and this is no machine of one's own");
  if (config.PARCOURS_SIGN_IN === "platform" && authentication === "false")
    found.push("PARCOURS_SIGN_IN: App Service authentication is off, so anybody could say who they are");
  return found;
}

/** Reads the environment, once. @throws CONFIG_INVALID naming every setting that is missing or wrong */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const read = environment.safeParse(env);
  const problems = read.success
    ? openings(read.data, env)
    : read.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  if (read.success && problems.length === 0) return read.data;
  throw new ParcoursError("CONFIG_INVALID", `settings are missing or wrong: ${problems.join("; ")}`);
}
