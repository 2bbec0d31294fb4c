import type { ServiceBusReceivedMessage } from "@azure/service-bus";
import { describe, expect, it } from "@jest/globals";
import { batchMetadata, messageMetadata } from "../../../local/host/service-bus-metadata.ts";

const message = {
  body: undefined,
  messageId: "m1",
  deliveryCount: 0,
  sequenceNumber: undefined,
  subject: "sub",
  enqueuedTimeUtc: new Date("2026-11-22T13:51:14.630Z"),
  expiresAtUtc: new Date("2026-11-23T13:51:14.000Z"),
  applicationProperties: { n: 1, s: "x" },
  lockToken: "8e231e48-9049-ff3b-e9ee-3453e4bd42cc",
} as unknown as ServiceBusReceivedMessage;

describe("the metadata of a message", () => {
  it("has the names and formats of the extension 5.x, null values left out", () => {
    const metadata = messageMetadata(message, "plain");
    expect(metadata).toMatchObject({
      MessageId: { string: "m1" },
      DeliveryCount: { json: "1" },
      Subject: { string: "sub" },
      Label: { string: "sub" },
      EnqueuedTimeUtc: { json: '"2026-11-22T13:51:14.63"' },
      EnqueuedTime: { json: '"2026-11-22T13:51:14.63+00:00"' },
      ExpiresAtUtc: { json: '"2026-11-23T13:51:14"' },
      ApplicationProperties: { json: '{"n":1,"s":"x"}' },
      UserProperties: { json: '{"n":1,"s":"x"}' },
    });
    expect(metadata).not.toHaveProperty("CorrelationId");
  });

  it("says of a message that never expires that it does at the end of .NET's time", () => {
    const { expiresAtUtc: _, ...endless } = message;
    expect(messageMetadata(endless as ServiceBusReceivedMessage, "").ExpiresAtUtc).toEqual({
      json: '"9999-12-31T23:59:59.9999999"',
    });
  });

  it("takes in the top-level keys of a JSON body, which win over a name of its own", () => {
    const body = JSON.stringify({ a: 1, yes: true, deep: { x: 1 }, list: [1], none: null, messageId: "of the body" });
    expect(messageMetadata(message, body)).toMatchObject({
      a: { string: "1" },
      yes: { string: "True" },
      deep: { string: '{"x":1}' },
      MessageId: { string: "of the body" },
    });
    expect(messageMetadata(message, body)).not.toHaveProperty("list");
    expect(messageMetadata(message, body)).not.toHaveProperty("none");
  });

  it("is one array a name for a batch; arrays of strings drop what is missing", () => {
    const { subject: _, ...second } = message;
    const metadata = batchMetadata([message, { ...second, messageId: "m2" } as ServiceBusReceivedMessage]);
    expect(metadata).toMatchObject({
      MessageIdArray: { collectionString: { string: ["m1", "m2"] } },
      SubjectArray: { collectionString: { string: ["sub"] } },
      DeliveryCountArray: { json: "[1,1]" },
      EnqueuedTimeUtcArray: { json: '["2026-11-22T13:51:14.63","2026-11-22T13:51:14.63"]' },
    });
  });
});
