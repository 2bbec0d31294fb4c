import { DefaultAzureCredential, ManagedIdentityCredential, type TokenCredential } from "@azure/identity";
import { azureTableRows } from "./adapters/azure-tables/rows.ts";
import { communicationMailer } from "./adapters/communication-email/mailer.ts";
import { dataverseChangeHistory } from "./adapters/dataverse/change-history.ts";
import { missedChanges } from "./adapters/dataverse/missed-changes.ts";
import { dataverseProbe } from "./adapters/dataverse/probe.ts";
import { BY_EXAMPLE, dataverseRegistrar } from "./adapters/dataverse/registrar.ts";
import { keyMarkOf } from "./adapters/dataverse/registration-rows.ts";
import { requestsTo, type Send } from "./adapters/dataverse/requests.ts";
import { dataverseMetadata } from "./adapters/dataverse/table-metadata.ts";
import { dataverseWebApi } from "./adapters/dataverse/web-api.ts";
import { durableRunner } from "./adapters/durable/runner.ts";
import { dataverseToken } from "./adapters/identity/dataverse-token.ts";
import { liquidTemplates } from "./adapters/liquid/templates.ts";
import { measuredBus } from "./adapters/measured/bus.ts";
import { measuredDataverse } from "./adapters/measured/dataverse.ts";
import { measuredMailer } from "./adapters/measured/mailer.ts";
import { lazyMeasure } from "./adapters/open-telemetry/lazy.ts";
import { resourceManagerMailDomain } from "./adapters/resource-manager/mail-domain.ts";
import { serviceBusDeadLetters } from "./adapters/service-bus/dead-letters.ts";
import { serviceBusPublisher } from "./adapters/service-bus/publisher.ts";
import { sqliteRows } from "./adapters/sqlite/rows.ts";
import { systemClock } from "./adapters/system/clock.ts";
import { publicDns } from "./adapters/system/dns.ts";
import { withFaults } from "./adapters/system/faulty-rows.ts";
import { type Config, readConfig } from "./config.ts";
import { ParcoursError } from "./errors.ts";
import type { Dns } from "./ports/dns.ts";
import type { MailDomain } from "./ports/mail-domain.ts";
import type { Measure } from "./ports/measure.ts";
import type { Probes } from "./ports/probe.ts";
import type { Rows } from "./ports/rows.ts";
import type { Runner } from "./ports/runner.ts";
import { Registrations } from "./stores/registrations.ts";
import { storesOver } from "./stores/stores-over.ts";
import type { SignIn } from "./use-cases/access.ts";
import { CatalogueReader } from "./use-cases/catalogue.ts";
import type { Deps, Registration, Settings, SigningKey } from "./use-cases/deps.ts";
import { Lanes } from "./use-cases/lanes.ts";
import { Readiness } from "./use-cases/readiness.ts";
import { SurgeBrake } from "./use-cases/surge-brake.ts";
import { TokenBuckets } from "./use-cases/token-buckets.ts";

/** The topic that everything that happens goes through. */
export const TOPIC = "trigger-events";

/** Where the queues are that functions/ reads. */
const SUBSCRIPTIONS = {
  "trigger-events": [TOPIC, "journeys"],
  decisions: [TOPIC, "decisions"],
  "mail-reports": ["mail-reports", "deliveries"],
} as const;

export interface Services extends Deps {
  /** How people sign in to API and page. */
  readonly signIn: SignIn;
  /** Whether all that Parcours works with answers. */
  readonly readiness: Readiness;
  /** What tells whether mails are believed. */
  readonly mailDomain: MailDomain;
  readonly dns: Dns;
}

let made: Services | undefined;

export type { Runner };

/** The durable host at the address that the durable client's input binding names. @throws RUNNER_UNAVAILABLE */
export function runnerAt(binding: unknown): Runner {
  if (
    typeof binding === "object" &&
    binding !== null &&
    "rpcBaseUrl" in binding &&
    typeof binding.rpcBaseUrl === "string"
  )
    return durableRunner(binding.rpcBaseUrl);
  throw new ParcoursError("RUNNER_UNAVAILABLE", "the durable client's binding names no rpcBaseUrl");
}

/** The composition root: adapters by what the environment names, stores over them; made at the first call. */
export function services(): Services {
  made ??= compose(readConfig(process.env));
  return made;
}

function compose(config: Config): Services {
  const settings = settingsOf(config);
  const clock = systemClock;
  const credential = lazy(() => credentialOf(config));
  const rows = rowsOf(config, credential);
  const local = config.DATAVERSE_URL.startsWith("http://");
  const measure = measureOf(config, credential);
  const stores = storesOver(rows, measure);
  const organisation = {
    url: config.DATAVERSE_URL,
    token: local ? undefined : dataverseToken(config.DATAVERSE_URL, config.AZURE_CLIENT_ID),
    now: clock.now,
    sleep: clock.sleep,
  };
  const send = requestsTo(organisation);
  const bus = serviceBusPublisher(busOf(config, credential), TOPIC);
  const mailer = communicationMailer({ ...mailOf(config, credential), timeoutMs: config.PARCOURS_MAIL_TIMEOUT_MS });
  return {
    clock,
    settings,
    measure,
    signIn: signInOf(config),
    mailDomain: resourceManagerMailDomain({ id: config.PARCOURS_MAIL_DOMAIN_ID, credential }),
    dns: publicDns(),
    deadLetters: serviceBusDeadLetters(busOf(config, credential), SUBSCRIPTIONS),
    bus: measuredBus(bus, measure),
    mailer: measuredMailer(mailer, measure),
    readiness: new Readiness(probesOf({ bus, mailer, send, generation: stores.generation }), clock, measure),
    dataverse: measuredDataverse(dataverseWebApi(organisation, send), measure),
    metadata: dataverseMetadata(send, clock.now),
    history: dataverseChangeHistory({ send, url: config.DATAVERSE_URL, now: clock.now }),
    missed: missedChanges(send, clock.now, !local),
    registration: registrationOf(config, send, new Registrations(rows)),
    templates: liquidTemplates(),
    ...stores,
    catalogue: new CatalogueReader({ ...stores, clock }, settings.catalogueLifetime),
    limits: new TokenBuckets(clock),
    lanes: new Lanes(clock, config.PARCOURS_LANE_PER_MINUTE),
    brake: new SurgeBrake(stores.brakes, clock, {
      factor: config.PARCOURS_BRAKE_FACTOR,
      floor: config.PARCOURS_BRAKE_FLOOR,
    }),
  };
}

function registrationOf(config: Config, send: Send, store: Registrations): Registration {
  const { DATAVERSE_URL: url, PARCOURS_WEBHOOK_KEY: key } = config;
  const webhook = config.PARCOURS_WEBHOOK_URL ?? `${config.PARCOURS_PUBLIC_URL}/api/dataverse/webhook`;
  const keyMark = keyMarkOf(key);
  return {
    on: config.PARCOURS_REGISTER,
    mends: config.PARCOURS_MEND_DRIFT,
    endpoint: { url: webhook, keyMark },
    registrar: dataverseRegistrar({ send, url, key }),
    store,
    byExample: {
      endpoint: { url: `${webhook}/example`, keyMark },
      registrar: dataverseRegistrar({ send, url, key, name: BY_EXAMPLE }),
    },
  };
}

/** Twice the time-out of the mailer: a lease that is over has no request behind it any more. */
const LEASES = 2;

function settingsOf(config: Config): Settings {
  return {
    organization: config.PARCOURS_ORGANIZATION_ID,
    webhookKeys: present(config.PARCOURS_WEBHOOK_KEY, config.PARCOURS_WEBHOOK_KEY_PREVIOUS),
    signingKeys: [config.PARCOURS_SIGNING_KEY, ...config.PARCOURS_SIGNING_KEY_PREVIOUS].map(signingKey),
    addressKey: config.PARCOURS_ADDRESS_KEY ?? signingKey(config.PARCOURS_SIGNING_KEY).secret,
    ingestionKeys: present(config.PARCOURS_INGESTION_KEY, config.PARCOURS_INGESTION_KEY_PREVIOUS),
    browserKeys: present(config.PARCOURS_BROWSER_KEY, config.PARCOURS_BROWSER_KEY_PREVIOUS),
    browserOrigins: config.PARCOURS_BROWSER_ORIGINS,
    ingestionPerMinute: config.PARCOURS_INGESTION_PER_MINUTE,
    browserPerMinute: config.PARCOURS_BROWSER_PER_MINUTE,
    dataverseUrl: config.DATAVERSE_URL,
    publicUrl: config.PARCOURS_PUBLIC_URL,
    sender: config.PARCOURS_SENDER,
    addressColumn: config.PARCOURS_ADDRESS_COLUMN,
    languageColumn: config.PARCOURS_LANGUAGE_COLUMN ?? null,
    catalogueLifetime: config.PARCOURS_CATALOGUE_LIFETIME_MS,
    sendLease: config.PARCOURS_MAIL_TIMEOUT_MS * LEASES,
    reconcile: config.PARCOURS_RECONCILE,
    reconcileGrace: config.PARCOURS_RECONCILE_GRACE_MS,
    importUsers: config.PARCOURS_IMPORT_USERS,
    ownUser: config.PARCOURS_OWN_USER ?? null,
    keptDays: config.PARCOURS_KEPT_DAYS,
    runsKeptDays: config.PARCOURS_RUNS_KEPT_DAYS,
  };
}

function signInOf(config: Config): SignIn {
  if (config.PARCOURS_SIGN_IN === "platform") return "platform";
  return config.PARCOURS_OPEN === "local" ? "local" : "none";
}

function present(...values: readonly (string | undefined)[]): string[] {
  return values.filter((value) => value !== undefined);
}

function signingKey(text: string): SigningKey {
  const [id, secret] = text.split(":");
  if (id === undefined || secret === undefined || secret.length < 16)
    throw new ParcoursError(
      "CONFIG_INVALID",
      "PARCOURS_SIGNING_KEY: write id:secret, the secret of 16 characters or more",
    );
  return { id, secret };
}

function rowsOf(config: Config, credential: () => TokenCredential): Rows {
  if (config.PARCOURS_SQLITE_FILE !== undefined)
    return withFaults(sqliteRows({ file: config.PARCOURS_SQLITE_FILE, now: systemClock.now }));
  if (config.PARCOURS_TABLES_CONNECTION !== undefined)
    return azureTableRows({ connectionString: config.PARCOURS_TABLES_CONNECTION });
  return azureTableRows({ endpoint: config.PARCOURS_TABLES_URL ?? "", credential: credential() });
}

function busOf(config: Config, credential: () => TokenCredential) {
  return config.ServiceBus === undefined
    ? { fullyQualifiedNamespace: config.ServiceBus__fullyQualifiedNamespace ?? "", credential: credential() }
    : { connectionString: config.ServiceBus };
}

function mailOf(config: Config, credential: () => TokenCredential) {
  return config.COMMUNICATION_CONNECTION === undefined
    ? { endpoint: config.COMMUNICATION_ENDPOINT ?? "", credential: credential() }
    : { connectionString: config.COMMUNICATION_CONNECTION };
}

/** No mail has this operation: a provider that says so knows us. */
const NO_OPERATION = "00000000-0000-0000-0000-000000000000";

function probesOf(
  of: { readonly bus: ReturnType<typeof serviceBusPublisher>; readonly send: Send } & Pick<
    Deps,
    "mailer" | "generation"
  >,
): Probes {
  return {
    bus: () => of.bus.ready(),
    store: () => of.generation.read(),
    dataverse: dataverseProbe(of.send),
    mail: async () => {
      if ((await of.mailer.ask(NO_OPERATION)) === "no-answer")
        throw new ParcoursError("MAILER_UNAVAILABLE", "the mail provider does not answer");
    },
  };
}

/** An identity only where one is named: locally, and with keys that are on, the connection string is enough. */
function measureOf(config: Config, credential: () => TokenCredential): Measure {
  const connectionString = config.APPLICATIONINSIGHTS_CONNECTION_STRING;
  const identity = config.AZURE_CLIENT_ID === undefined ? undefined : credential();
  return lazyMeasure({
    otlp: config.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined,
    applicationInsights: connectionString === undefined ? undefined : { connectionString, credential: identity },
  });
}

function credentialOf(config: Config): TokenCredential {
  const clientId = config.AZURE_CLIENT_ID;
  return clientId === undefined ? new DefaultAzureCredential() : new ManagedIdentityCredential({ clientId });
}

function lazy<T>(make: () => T): () => T {
  let value: T | undefined;
  return () => {
    value ??= make();
    return value;
  };
}
