import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { at, resourcesOf, SETS, snapshotOf } from "./snapshots.ts";

const names = Object.fromEntries(
  Object.entries(JSON.parse(readFileSync("infra/roles.json", "utf8")) as Record<string, string>).map(([name, id]) => [
    id,
    name,
  ]),
);

/** Every role there is, as `who: role on scope`. A role more or less is a decision: write it here. */
const ALWAYS = [
  "app: storageBlobDataOwner on sthost",
  "app: storageTableDataContributor on stdata",
  "app: communicationAndEmailServiceOwner on acs",
  "app: keyVaultSecretsUser on kv",
  "app: monitoringMetricsPublisher on appi",
  "reports: serviceBusDataSender on sb/topics/mail-reports",
  "reports: storageBlobDataContributor on sthost/blobServices/default/containers/undelivered-mail-reports",
];
/** The mail domain, whichever it is. */
const MAIL_DOMAIN: Record<string, string> = {
  "custom-domain": "mail.contoso.example",
  "custom-domain-unverified": "mail.contoso.example",
};
const IN_STORAGE = ["app: storageQueueDataContributor on sthost", "app: storageTableDataContributor on sthost"];
const IN_SCHEDULER = ["app: durableTaskDataContributor on dts/taskHubs/parcours"];
const JUST_ENOUGH = [
  "app: serviceBusDataSender on sb/topics/trigger-events",
  "app: serviceBusDataReceiver on sb/topics/trigger-events/subscriptions/journeys",
  "app: serviceBusDataReceiver on sb/topics/trigger-events/subscriptions/decisions",
  "app: serviceBusDataReceiver on sb/topics/mail-reports/subscriptions/deliveries",
];
const EXACT_SCALING = [
  "app: serviceBusDataOwner on sb/topics/trigger-events",
  "app: serviceBusDataOwner on sb/topics/mail-reports",
];

function roles(set: string): string[] {
  return resourcesOf(set, "Microsoft.Authorization/roleAssignments").map(({ id, properties }) => {
    const principal = String(at(properties, "principalId"));
    const who = principal.includes("/userAssignedIdentities/")
      ? "app"
      : /systemTopics/.test(principal)
        ? "reports"
        : "?";
    const role = names[String(at(properties, "roleDefinitionId")).split("/").at(-1) ?? ""];
    const [scope] = id.split("/providers/Microsoft.Authorization/");
    // …/providers/Microsoft.X/types/name-token/children → name/children, without what differs from place to place.
    const place = /\/providers\/[^/]+\/[^/]+\/(.+)$/.exec(scope ?? "")?.[1] ?? scope;
    return `${who}: ${role} on ${place?.replace(/-?hq2sctbysq4ms/, "")}`;
  });
}

describe("the roles", () => {
  it.each(SETS)("of `%s` are exactly those listed", (set) => {
    const inScheduler = resourcesOf(set, "Microsoft.DurableTask/schedulers").length > 0;
    const exact = set === "durable-task-scheduler";
    const expected = [
      ...ALWAYS,
      `app: reader on mail/domains/${MAIL_DOMAIN[set] ?? "AzureManagedDomain"}`,
      ...(inScheduler ? IN_SCHEDULER : IN_STORAGE),
      ...(exact ? EXACT_SCALING : JUST_ENOUGH),
    ];
    expect(roles(set).sort()).toEqual(expected.sort());
  });

  it.each(SETS)("of `%s` go to identities that the deployment made, never to people", (set) => {
    for (const { properties } of resourcesOf(set, "Microsoft.Authorization/roleAssignments"))
      expect(properties).toMatchObject({ principalType: "ServicePrincipal" });
  });

  it.each(SETS)("of `%s` belong to one identity for the app and one for Event Grid", (set) => {
    const identities = snapshotOf(set).predictedResources.filter(({ type, identity }) =>
      /userAssignedIdentities$/.test(type) ? true : identity?.type.includes("SystemAssigned"),
    );
    expect(identities.map(({ type }) => type).sort()).toEqual([
      "Microsoft.EventGrid/systemTopics",
      "Microsoft.ManagedIdentity/userAssignedIdentities",
    ]);
  });
});
