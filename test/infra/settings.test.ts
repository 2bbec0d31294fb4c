import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { OF_THE_HOST, readConfig, VARIABLES } from "../../shared/config.ts";
import { at, resourcesOf, SETS } from "./snapshots.ts";

/** Settings that the Functions host and its extensions read, and Parcours does not. */
const HOST_OWN = [
  "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
  "AzureWebJobsDisableHomepage",
  "AzureWebJobsStorage__accountName",
  "AzureWebJobsStorage__clientId",
  "AzureWebJobsStorage__credential",
  "ServiceBus__clientId",
  "ServiceBus__credential",
];
/** Read by OpenTelemetry's own library. */
const OF_OPEN_TELEMETRY = ["OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG"];
/** The host's too, where it reads them: with Durable Task Scheduler, and with sign-in. */
const WITH_SCHEDULER = ["DURABLE_TASK_HUB", "DURABLE_TASK_SCHEDULER"];
const WITH_SIGN_IN = ["OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID"];
/** Settings that belong to one's own machine: each opens by a key, or opens everything. */
const NEVER_IN_AZURE = [
  "COMMUNICATION_CONNECTION",
  "PARCOURS_OPEN",
  "PARCOURS_SQLITE_FILE",
  "PARCOURS_TABLES_CONNECTION",
  "ServiceBus",
];

/** What Azure makes of the expressions in settings, as far as they are there. */
const ANSWERS: readonly (readonly [RegExp, string])[] = [
  [/serviceBusEndpoint/, "sb-1.servicebus.windows.net"],
  [/'https:\/\/\{0\}', .*\.hostName\)/, "https://acs-1.europe.communication.azure.com"],
  [/primaryEndpoints\.table/, "https://stdata1.table.core.windows.net/"],
  [/mailFromSenderDomain/, "donotreply@1.azurecomm.net"],
  [/defaultHostName/, "https://func-1.azurewebsites.net"],
  [
    /\.ConnectionString\]$/,
    "InstrumentationKey=1;IngestionEndpoint=https://westeurope.in.applicationinsights.azure.com/",
  ],
  [/\.clientId/, "44444444-4444-4444-4444-444444444444"],
  [/^\$\{[A-Z_]+\}$/, ""],
];

function inAzure(setting: string): string {
  const secret = /KeyVault\(SecretUri=.*'([a-z-]+)'\)\]$/.exec(setting)?.[1];
  if (secret !== undefined) return `${secret.startsWith("signing") ? "k1:" : ""}${secret}0123456789abcdef`;
  return ANSWERS.find(([expression]) => expression.test(setting))?.[1] ?? setting;
}

function settingsOf(set: string): Record<string, string> {
  const [settings] = resourcesOf(set, "Microsoft.Web/sites/config").filter(({ name }) => name.endsWith("/appsettings"));
  return (settings?.properties ?? {}) as Record<string, string>;
}

describe("the app's settings", () => {
  it("cover every variable that the configuration reads, and no other but the host's own", () => {
    const read = VARIABLES.filter((name) => !NEVER_IN_AZURE.includes(name));
    expect(Object.keys(settingsOf("default")).sort()).toEqual(
      [...read, ...HOST_OWN, ...OF_OPEN_TELEMETRY, ...WITH_SIGN_IN].sort(),
    );
    expect(VARIABLES).toEqual(expect.arrayContaining(NEVER_IN_AZURE));
  });

  it.each(SETS)("are known, every one, in `%s`", (set) => {
    const inScheduler = resourcesOf(set, "Microsoft.DurableTask/schedulers").length > 0;
    const signIn = set !== "no-sign-in";
    const known = [
      ...VARIABLES,
      ...HOST_OWN,
      ...OF_OPEN_TELEMETRY,
      ...(inScheduler ? WITH_SCHEDULER : []),
      ...(signIn ? WITH_SIGN_IN : []),
    ].filter((name) => !NEVER_IN_AZURE.includes(name) && !(OF_THE_HOST as readonly string[]).includes(name));
    expect(known).toEqual(expect.arrayContaining(Object.keys(settingsOf(set))));
    expect(Object.keys(settingsOf(set))).toEqual(
      expect.arrayContaining([...HOST_OWN, ...(inScheduler ? WITH_SCHEDULER : []), ...(signIn ? WITH_SIGN_IN : [])]),
    );
  });

  it.each(SETS)("name keys by their place in the vault, where each of them lies, in `%s`", (set) => {
    const keys = Object.entries(settingsOf(set)).filter(([name]) => /_KEY(_PREVIOUS)?$/.test(name));
    const secrets = resourcesOf(set, "Microsoft.KeyVault/vaults/secrets");
    const REFERENCE = /^\[format\('@Microsoft\.KeyVault\(SecretUri=\{0\}secrets\/\{1\}\/\)', .*, '([a-z-]+)'\)\]$/;
    const named = keys.map(([, value]) => REFERENCE.exec(value)?.[1]);
    expect(keys.map(([name]) => name).sort()).toEqual(
      VARIABLES.filter((name) => /_KEY(_PREVIOUS)?$/.test(name)).sort(),
    );
    expect(named.sort()).toEqual(secrets.map(({ name }) => name.split("/")[1]).sort());
  });

  it.each(SETS)("have keys that only the vault knows: random where they are made, never given, in `%s`", (set) => {
    for (const { properties } of resourcesOf(set, "Microsoft.KeyVault/vaults/secrets"))
      expect(at(properties, "value")).toMatch(/^\[replace\((format\('k[01]:\{0\}', )?newGuid\(\)\)?, '-', ''\)\]$/);
    expect(readFileSync("infra/modules/keys.bicep", "utf8")).toMatch(/@onlyIfNotExists\(\)\nresource keys /);
  });

  it.each(SETS)("hold no secret themselves, in `%s`", (set) => {
    for (const value of Object.values(settingsOf(set)))
      expect(value).not.toMatch(/newGuid|listKeys|AccountKey|SharedAccessKey/);
  });

  it.each(SETS)("say that the platform signs people in just where it does, in `%s`", (set) => {
    const [auth] = resourcesOf(set, "Microsoft.Web/sites/config").filter(({ name }) =>
      name.endsWith("/authsettingsV2"),
    );
    const enabled = at(auth?.properties, "platform", "enabled");
    expect(settingsOf(set).PARCOURS_SIGN_IN).toBe(enabled === true ? "platform" : "");
  });

  it.each(SETS)("are settings that the app starts with, once Dataverse is connected, in `%s`", (set) => {
    const resolved = Object.entries(settingsOf(set)).map(([name, value]) => [name, inAzure(value)]);
    const connected = {
      DATAVERSE_URL: "https://contoso.crm4.dynamics.com",
      PARCOURS_ORGANIZATION_ID: "5c0e1f1a-0000-4000-8000-0000000000a0",
    };
    const config = readConfig({ ...Object.fromEntries(resolved), ...connected });
    expect(config).toMatchObject({
      ServiceBus__fullyQualifiedNamespace: "sb-1.servicebus.windows.net",
      COMMUNICATION_ENDPOINT: "https://acs-1.europe.communication.azure.com",
      PARCOURS_TABLES_URL: "https://stdata1.table.core.windows.net/",
    });
    expect(config.PARCOURS_SENDER).toMatch(/^(donotreply|service)@/);
  });

  it("name the task hub that the deployment makes, where the package leaves it to them", () => {
    const [hub] = resourcesOf("durable-task-scheduler", "Microsoft.DurableTask/schedulers/taskHubs");
    expect(hub?.name.split("/")[1]).toBe(settingsOf("durable-task-scheduler").DURABLE_TASK_HUB);
  });

  it("say of every variable of azd what it is for, in the docs", () => {
    const deploy = readFileSync("docs/deploy.md", "utf8");
    const variables = [...readFileSync("infra/main.parameters.json", "utf8").matchAll(/\$\{([A-Z_]+)/g)].map(
      ([, name]) => name,
    );
    expect(variables.filter((name) => !deploy.includes(`\`${name}\``))).toEqual([]);
  });
});
