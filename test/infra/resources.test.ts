import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { at, objectsIn, resourcesOf, SETS, snapshotOf } from "./snapshots.ts";

/** How each service that could be opened by a key of its own says that it can't. */
const LOCAL_AUTH: Record<string, Record<string, unknown>> = {
  "Microsoft.ServiceBus/namespaces": { disableLocalAuth: true },
  "Microsoft.Communication/communicationServices": { disableLocalAuth: true },
  "Microsoft.Storage/storageAccounts": { allowSharedKeyAccess: false, allowBlobPublicAccess: false },
  "Microsoft.Insights/components": { DisableLocalAuth: true },
  "Microsoft.OperationalInsights/workspaces": { features: { disableLocalAuth: true } },
  "Microsoft.KeyVault/vaults": { enableRbacAuthorization: true, enableSoftDelete: true },
  "Microsoft.Web/sites/basicPublishingCredentialsPolicies": { allow: false },
};
/** Types of which a key could be had, and that are not deployed. */
const NO_SUCH = /AuthorizationRules|listKeys|deploymentScripts|Microsoft\.DocumentDB|Microsoft\.Cache/i;

/** What compiles and Flex Consumption then refuses (ARM 51021), or what has no meaning there. */
const FORBIDDEN_IN_SITE = [
  "linuxFxVersion",
  "netFrameworkVersion",
  "ftpsState",
  "use32BitWorkerProcess",
  "preWarmedInstanceCount",
  "functionAppScaleLimit",
  "functionsRuntimeScaleMonitoringEnabled",
  "alwaysOn",
  "appSettings",
];
const FORBIDDEN_SETTING =
  /^(FUNCTIONS_WORKER_RUNTIME|FUNCTIONS_EXTENSION_VERSION|WEBSITE_.*|SCM_DO_BUILD_DURING_DEPLOYMENT|ENABLE_ORYX_BUILD|TZ)$/;

describe.each(SETS)("the resources of `%s`", (set) => {
  it("know nobody by a key: identities only", () => {
    for (const { type, properties } of snapshotOf(set).predictedResources) {
      if (type in LOCAL_AUTH) expect({ type, properties }).toMatchObject({ type, properties: LOCAL_AUTH[type] });
      expect(type).not.toMatch(NO_SUCH);
    }
    for (const type of Object.keys(LOCAL_AUTH)) expect(resourcesOf(set, type)).not.toEqual([]);
    expect(JSON.stringify(snapshotOf(set))).not.toMatch(/listKeys|listSecrets|AccountKey=|SharedAccessKey/i);
  });

  it("tell nothing secret in outputs", () => {
    for (const [name, value] of Object.entries(snapshotOf(set).outputs)) {
      expect(name).not.toMatch(/key$|secret|password|connection/i);
      expect(JSON.stringify(value)).not.toMatch(/newGuid|InstrumentationKey|ConnectionString|listKeys/i);
    }
  });

  it("speak TLS 1.2 or later", () => {
    for (const { properties } of resourcesOf(set, "Microsoft.Storage/storageAccounts"))
      expect(properties).toMatchObject({ minimumTlsVersion: "TLS1_2", supportsHttpsTrafficOnly: true });
    expect(resourcesOf(set, "Microsoft.ServiceBus/namespaces")[0]?.properties).toMatchObject({
      minimumTlsVersion: "1.2",
    });
    expect(resourcesOf(set, "Microsoft.Web/sites")[0]?.properties).toMatchObject({
      httpsOnly: true,
      siteConfig: { minTlsVersion: "1.2", scmMinTlsVersion: "1.2" },
    });
  });

  it("have one app on a plan of its own, which azd finds by its tag", () => {
    const plans = resourcesOf(set, "Microsoft.Web/serverfarms");
    const sites = resourcesOf(set, "Microsoft.Web/sites");
    expect(plans.map(({ sku, properties }) => ({ sku, reserved: at(properties, "reserved") }))).toEqual([
      { sku: { name: "FC1", tier: "FlexConsumption" }, reserved: true },
    ]);
    expect(
      sites.map(({ kind, tags, properties }) => [kind, tags?.["azd-service-name"], at(properties, "serverFarmId")]),
    ).toEqual([["functionapp,linux", "api", plans[0]?.id]]);
  });

  it("stand in as many zones as the app does, what its host needs among them", () => {
    const [plan] = resourcesOf(set, "Microsoft.Web/serverfarms");
    if (at(plan?.properties, "zoneRedundant") !== true) return;
    for (const { name, sku } of resourcesOf(set, "Microsoft.Storage/storageAccounts"))
      expect([name, sku?.name]).toEqual([name, expect.stringMatching(/^Standard_G?ZRS$|^Standard_RAGZRS$/)]);
    const [site] = resourcesOf(set, "Microsoft.Web/sites");
    const ready = at(site?.properties, "functionAppConfig", "scaleAndConcurrency", "alwaysReady");
    // Fewer are refused there.
    for (const { instanceCount } of ready as { instanceCount: number }[]) expect(instanceCount).toBeGreaterThan(1);
  });

  it("ask of Flex Consumption only what it has", () => {
    const [site] = resourcesOf(set, "Microsoft.Web/sites");
    const scale = at(site?.properties, "functionAppConfig", "scaleAndConcurrency") as Record<string, unknown>;
    expect([512, 2048, 4096]).toContain(scale.instanceMemoryMB);
    expect(scale.maximumInstanceCount).toBeGreaterThanOrEqual(40);
    expect(scale.maximumInstanceCount).toBeLessThanOrEqual(1000);
    expect(at(scale, "triggers", "http", "perInstanceConcurrency")).toBeGreaterThanOrEqual(1);
    expect(at(scale, "triggers", "http", "perInstanceConcurrency")).toBeLessThanOrEqual(1000);
    const ready = scale.alwaysReady as { name: string; instanceCount: number }[];
    for (const { name, instanceCount } of ready) {
      expect(name).toMatch(/^(http|durable|blob|function:[a-z-]+)$/);
      expect(instanceCount).toBeGreaterThan(0);
      expect(instanceCount).toBeLessThanOrEqual(Number(scale.maximumInstanceCount));
    }
    expect(at(site?.properties, "functionAppConfig", "runtime")).toEqual({ name: "node", version: "22" });
    expect(at(site?.properties, "functionAppConfig", "deployment", "storage")).toMatchObject({
      type: "blobContainer",
      authentication: { type: "UserAssignedIdentity" },
    });
  });

  it("set nothing that Flex Consumption refuses", () => {
    const [site] = resourcesOf(set, "Microsoft.Web/sites");
    for (const object of objectsIn(site?.properties))
      expect(FORBIDDEN_IN_SITE.filter((name) => name in object)).toEqual([]);
    for (const { name, properties = {} } of resourcesOf(set, "Microsoft.Web/sites/config"))
      if (name.endsWith("/appsettings"))
        expect(Object.keys(properties).filter((setting) => FORBIDDEN_SETTING.test(setting))).toEqual([]);
  });

  it("keep histories in the scheduler no longer than its kind can", () => {
    for (const { properties } of resourcesOf(set, "Microsoft.DurableTask/schedulers/retentionPolicies")) {
      const [scheduler] = resourcesOf(set, "Microsoft.DurableTask/schedulers");
      const most = at(scheduler?.properties, "sku", "name") === "Dedicated" ? 90 : 30;
      for (const policy of at(properties, "retentionPolicies") as { retentionPeriodInDays: number }[])
        expect(policy.retentionPeriodInDays).toBeLessThanOrEqual(most);
    }
  });

  it("bring mail reports into the bus by Event Grid's own identity, and lay down what can't be delivered", () => {
    const [subscription] = resourcesOf(set, "Microsoft.EventGrid/systemTopics/eventSubscriptions");
    const [topic] = resourcesOf(set, "Microsoft.ServiceBus/namespaces/topics").filter(({ name }) =>
      name.endsWith("/mail-reports"),
    );
    expect(subscription?.properties).toMatchObject({
      deliveryWithResourceIdentity: {
        identity: { type: "SystemAssigned" },
        destination: { endpointType: "ServiceBusTopic", properties: { resourceId: topic?.id } },
      },
      deadLetterWithResourceIdentity: { identity: { type: "SystemAssigned" } },
    });
    const wire = readFileSync("shared/wire/mail-report.ts", "utf8");
    const read = [...wire.matchAll(/"(Microsoft\.Communication\.\w+)"/g)].map(([, type]) => type);
    expect(at(subscription?.properties, "filter", "includedEventTypes")).toEqual(read);
  });
});

describe("a network of one's own", () => {
  const sets = SETS.filter((set) => set.startsWith("private-network"));

  it.each(sets)("shuts every service that has a private endpoint, in `%s`", (set) => {
    const doors = resourcesOf(set, "Microsoft.Network/privateEndpoints").map(({ properties }) => [
      String(at(properties, "privateLinkServiceConnections", "0", "properties", "privateLinkServiceId"))
        .split("/")
        .at(-1)
        ?.replace(/-?hq2sctbysq4ms/, ""),
      at(properties, "privateLinkServiceConnections", "0", "properties", "groupIds", "0"),
    ]);
    const inStorage = resourcesOf(set, "Microsoft.DurableTask/schedulers").length === 0;
    expect(doors.sort()).toEqual(
      [
        ["kv", "vault"],
        ["sb", "namespace"],
        ["stdata", "table"],
        ["sthost", "blob"],
        ...(inStorage
          ? [
              ["sthost", "queue"],
              ["sthost", "table"],
            ]
          : []),
      ].sort(),
    );
    for (const type of [
      "Microsoft.Storage/storageAccounts",
      "Microsoft.KeyVault/vaults",
      "Microsoft.ServiceBus/namespaces",
    ])
      for (const { properties } of resourcesOf(set, type))
        expect(properties).toMatchObject({ publicNetworkAccess: "Disabled" });
  });

  it.each(sets)("lets Event Grid in, which comes from outside, in `%s`", (set) => {
    expect(resourcesOf(set, "Microsoft.ServiceBus/namespaces/networkRuleSets")[0]?.properties).toMatchObject({
      trustedServiceAccessEnabled: true,
    });
  });

  it.each(sets)("names a zone for each endpoint, in `%s`", (set) => {
    const zones = resourcesOf(set, "Microsoft.Network/privateDnsZones").map(({ id }) => id);
    const used = resourcesOf(set, "Microsoft.Network/privateEndpoints/privateDnsZoneGroups").map(({ properties }) =>
      at(properties, "privateDnsZoneConfigs", "0", "properties", "privateDnsZoneId"),
    );
    expect(new Set(used)).toEqual(new Set(zones));
  });
});
