import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { ServiceBusClient, type ServiceBusMessage } from "@azure/service-bus";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Platform, startPlatform } from "../../../local/platform/platform.ts";
import { fixtureApp, getJson, placeholder, until } from "../platform/tiny-app.ts";

/** A text as the host sent it to the worker, or the arrays that it sends for many. */
type Sent = string | { readonly collectionString?: { readonly string: string[] }; readonly [kind: string]: unknown };
interface Recorded {
  readonly function: "one" | "many" | "qone";
  readonly input: { readonly serviceBusTrigger: { readonly text?: string; readonly value?: unknown } };
  readonly triggerMetadata: Readonly<Record<string, Sent>>;
}
interface Seen {
  readonly function: string;
  readonly message: unknown;
  readonly triggerMetadata: Readonly<Record<string, unknown>>;
}

const FILE = new URL("../../fixtures/service-bus/triggers-of-extension-4.json.gz", import.meta.url);
const { worker } = JSON.parse(gunzipSync(readFileSync(FILE)).toString("utf8")) as { worker: Recorded[] };
/** The extension 4 takes FF FE for the mark of UTF-16, which no later one does. */
const all = worker.filter(({ triggerMetadata }) => triggerMetadata.MessageId !== "bin");

/** Other on each run; or of the extension 4 only. `Label` and `UserProperties` are in both. */
const OTHER = /^(LockToken|ExpiresAtUtc|EnqueuedTimeUtc|SequenceNumber|UserProperties)(Array)?$/;

const valueIn = (text: unknown): unknown => {
  try {
    return JSON.parse(String(text));
  } catch {
    return text;
  }
};
/** What the function saw: the programming model parses what is JSON. */
const bodyOf = ({ input: { serviceBusTrigger: given } }: Recorded) =>
  given.value === undefined ? valueIn(given.text) : given.value;
const camel = (name: string) => `${name[0]?.toLowerCase()}${name.slice(1)}`;
const shown = (sent: Sent | undefined) =>
  typeof sent === "object" ? (sent.collectionString?.string ?? []).map(valueIn) : valueIn(sent);
const withoutState = (properties: unknown) =>
  JSON.parse(JSON.stringify(properties, (key, value) => (key === "x-opt-message-state" ? undefined : value)));

/** The message that was sent, by what the single trigger showed of it. */
function messageOf(recorded: Recorded): ServiceBusMessage {
  const { MessageId, ContentType, ReplyTo, To, Label, CorrelationId, UserProperties } = recorded.triggerMetadata;
  const properties = Object.entries(withoutState(shown(UserProperties)) as Record<string, string>);
  const optional = { contentType: ContentType, replyTo: ReplyTo, to: To, subject: Label, correlationId: CorrelationId };
  return {
    body: bodyOf(recorded),
    messageId: String(MessageId),
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
    applicationProperties: Object.fromEntries(
      properties.map(([name, value]) => [name, name === "dt" ? new Date(value) : value]),
    ),
  };
}

describe("the triggers of the recorded app", () => {
  let platform: Platform;
  let seen: Seen[];
  beforeAll(async () => {
    const subscriptions = [{ Name: "s1" }, { Name: "s2" }];
    const namespace = { Queues: [{ Name: "q" }], Topics: [{ Name: "t", Subscriptions: subscriptions }] };
    platform = await startPlatform({
      appDir: fixtureApp("recorded-bus"),
      ports: { app: 0, serviceBus: 0 },
      settings: { Bus: placeholder("serviceBus") },
      entities: { UserConfig: { Namespaces: [namespace] } },
    });
    await platform.waitUntilReady();
    const client = new ServiceBusClient(platform.addresses.serviceBus ?? "");
    const first = all.filter(({ triggerMetadata }) => triggerMetadata.DeliveryCount === "1");
    const batch = first.filter(({ triggerMetadata: { MessageId } }) => /^b\d$/.test(String(MessageId)));
    for (const recorded of first.filter((one) => !batch.includes(one))) {
      await client.createSender(recorded.function === "qone" ? "q" : "t").sendMessages(messageOf(recorded));
      await platform.clock.quiet();
    }
    await client.createSender("t").sendMessages(batch.map(messageOf));
    seen = await until(
      () => getJson<Seen[]>(platform, "/api/seen"),
      (calls) => calls.length >= all.length,
    );
    await client.close();
  }, 60_000);
  afterAll(() => platform.close());

  it.each(["one", "qone", "many"])("call %s as often, with the same bodies and counts", (name) => {
    const count = name === "many" ? "deliveryCountArray" : "deliveryCount";
    const ours = seen.filter((call) => call.function === name);
    const theirs = all.filter((call) => call.function === name);
    expect(ours.map(({ message, triggerMetadata }) => [message, triggerMetadata[count]])).toEqual(
      theirs.map((call) => [
        bodyOf(call),
        shown(call.triggerMetadata[name === "many" ? "DeliveryCountArray" : "DeliveryCount"]),
      ]),
    );
  });

  it("show the same metadata, under the names that both extensions have", () => {
    for (const name of ["one", "many", "qone"]) {
      const ours = seen.filter((call) => call.function === name);
      for (const [n, { triggerMetadata }] of all.filter((call) => call.function === name).entries()) {
        const wanted = Object.entries(triggerMetadata).filter(([key]) => !OTHER.test(key));
        const got = ours[n]?.triggerMetadata ?? {};
        expect(wanted.map(([key]) => [name, n, key, got[camel(key)]])).toEqual(
          wanted.map(([key, sent]) => [name, n, key, shown(sent)]),
        );
      }
    }
  });

  it("show application properties in the same form, whatever their type", () => {
    const ours = seen.map(
      ({ triggerMetadata: { userProperties, userPropertiesArray } }) => userProperties ?? userPropertiesArray,
    );
    const theirs = all.map(({ triggerMetadata: { UserProperties, UserPropertiesArray } }) =>
      withoutState(shown(UserProperties ?? UserPropertiesArray)),
    );
    const order = (lists: unknown[]) => lists.map((one) => JSON.stringify(one)).sort();
    expect(order(ours)).toEqual(order(theirs));
  });

  it("write instants and endless lives as they are written, but without a Z", () => {
    const form = (instants: unknown) => String(instants).replace(/\d/g, "9").replace(/\.9+/, ".9");
    for (const key of ["EnqueuedTimeUtc", "ExpiresAtUtc"]) {
      const [ours] = seen.filter(({ function: name }) => name === "qone");
      const [theirs] = all.filter(({ function: name }) => name === "qone");
      expect(`${form(ours?.triggerMetadata[camel(key)])}Z`).toBe(form(shown(theirs?.triggerMetadata[key])));
    }
  });
});
