import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { TOPIC } from "../../shared/services.ts";
import { at, resourcesOf, SETS } from "./snapshots.ts";

interface Trigger {
  readonly name: string;
  readonly type: string;
  readonly topicName?: string;
  readonly subscriptionName?: string;
  readonly connection?: string;
}

/** The names below the namespace. */
function places(set: string, type: string): string[] {
  return resourcesOf(set, `Microsoft.ServiceBus/namespaces/${type}`)
    .map(({ name }) => name.split("/").slice(1).join("/"))
    .sort();
}

const emulated = JSON.parse(readFileSync("sandbox/platform/entities.json", "utf8")) as unknown;

/** A topic or a subscription of the local platform, by its name. */
function entity(name: string): unknown {
  const topics = at(emulated, "UserConfig", "Namespaces", "0", "Topics") as {
    Name: string;
    Subscriptions: unknown[];
  }[];
  const all = [...topics, ...(topics.flatMap(({ Subscriptions }) => Subscriptions) as { Name: string }[])];
  return all.find(({ Name }) => Name === name);
}

let triggers: readonly Trigger[];
beforeAll(() => {
  const printed = execFileSync(process.execPath, ["test/infra/registered-functions.ts"], { encoding: "utf8" });
  triggers = (JSON.parse(printed) as Trigger[]).filter(({ type }) => type.toLowerCase() === "servicebustrigger");
});

describe.each(SETS)("the bus of `%s`", (set) => {
  it("has the topics and subscriptions that functions listen to and the app sends to, and none besides", () => {
    const heard = triggers.map(({ topicName, subscriptionName }) => `${topicName}/${subscriptionName}`);
    const topics = [TOPIC, ...triggers.map(({ topicName }) => topicName)];
    expect(places(set, "topics/subscriptions")).toEqual(heard.sort());
    expect(places(set, "topics")).toEqual([...new Set(topics)].sort());
    expect(places(set, "queues")).toEqual([]);
  });

  it("keeps ready only functions that there are", () => {
    const [site] = resourcesOf(set, "Microsoft.Web/sites");
    const ready = at(site?.properties, "functionAppConfig", "scaleAndConcurrency", "alwaysReady") as { name: string }[];
    const named = ready.flatMap(({ name }) => (name.startsWith("function:") ? [name.slice("function:".length)] : []));
    expect(triggers.map(({ name }) => name)).toEqual(expect.arrayContaining(named));
  });

  it("is reached under the prefix that the triggers name", () => {
    expect(new Set(triggers.map(({ connection }) => connection))).toEqual(new Set(["ServiceBus"]));
    const [settings] = resourcesOf(set, "Microsoft.Web/sites/config").filter(({ name }) =>
      name.endsWith("/appsettings"),
    );
    expect(settings?.properties).toHaveProperty("ServiceBus__fullyQualifiedNamespace");
  });

  it("treats messages as the bus on one's own machine does", () => {
    for (const { name, properties } of resourcesOf(set, "Microsoft.ServiceBus/namespaces/topics/subscriptions")) {
      expect(properties).toMatchObject({
        lockDuration: at(entity(name.split("/").at(-1) ?? ""), "Properties", "LockDuration"),
        maxDeliveryCount: at(entity(name.split("/").at(-1) ?? ""), "Properties", "MaxDeliveryCount"),
        defaultMessageTimeToLive: at(entity(name.split("/").at(-1) ?? ""), "Properties", "DefaultMessageTimeToLive"),
        deadLetteringOnMessageExpiration: true,
      });
    }
    for (const { name, properties } of resourcesOf(set, "Microsoft.ServiceBus/namespaces/topics")) {
      const expected = at(entity(name.split("/").at(-1) ?? ""), "Properties", "RequiresDuplicateDetection");
      expect(at(properties, "requiresDuplicateDetection")).toBe(expected);
    }
  });

  it("lets through to each subscription what the local one does, by a rule that replaces match-all", () => {
    const rules = resourcesOf(set, "Microsoft.ServiceBus/namespaces/topics/subscriptions/rules");
    const labels = rules.map(({ name, properties }) => {
      const [, topic, subscription, rule] = name.split("/");
      return [topic, subscription, rule, at(properties, "correlationFilter", "label")];
    });
    const local = (name: string) => at(entity(name), "Rules", "0", "Properties", "CorrelationFilter", "Label");
    expect(labels.sort()).toEqual([
      ["trigger-events", "decisions", "$Default", local("decisions")],
      ["trigger-events", "journeys", "$Default", local("journeys")],
    ]);
  });
});
