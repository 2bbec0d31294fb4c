import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import { parseTimeSpan, readHostJson } from "../../../local/host/host-json.ts";
import { parseSchedule } from "../../../local/host/schedule.ts";
import { resolveNames, serviceBusConnection } from "../../../local/host/settings.ts";
import { fixtureApp } from "../platform/tiny-app.ts";

describe("app settings", () => {
  it("stand in names between per cent signs; one that is missing is named", () => {
    expect(resolveNames("a-%X%-%Y%", { X: "1", Y: "2" })).toBe("a-1-2");
    expect(() => resolveNames("%Nope%", {})).toThrow("no app setting Nope");
  });

  it("hold a Service Bus connection string, with or without the host's prefix", () => {
    const found = { kind: "connection-string", value: "Endpoint=sb://x" };
    expect(serviceBusConnection("Bus", { Bus: "Endpoint=sb://x" })).toEqual(found);
    expect(serviceBusConnection("Bus", { AzureWebJobsBus: "Endpoint=sb://x" })).toEqual(found);
    expect(serviceBusConnection(undefined, { AzureWebJobsServiceBus: "Endpoint=sb://x" })).toEqual(found);
  });

  it("name a namespace for an identity, which on this machine is the local broker", () => {
    const settings = { Bus__fullyQualifiedNamespace: "x.servicebus.windows.net", Bus__clientId: "id" };
    expect(serviceBusConnection("Bus", settings)).toEqual({
      kind: "identity",
      namespace: "x.servicebus.windows.net",
      clientId: "id",
    });
    const local = serviceBusConnection("Bus", { Bus__fullyQualifiedNamespace: "localhost:5672" });
    expect(local).toMatchObject({ value: expect.stringContaining("Endpoint=sb://localhost:5672;") });
    expect(() => serviceBusConnection("Bus", {})).toThrow("Bus__fullyQualifiedNamespace");
  });
});

describe("host.json", () => {
  it("has the platform's defaults where it says nothing", () => {
    const { extensions, functionTimeout } = readHostJson(fixtureApp("streams"));
    expect(functionTimeout).toBe(30 * 60_000);
    expect(extensions.http.routePrefix).toBe("api");
    expect(extensions.serviceBus).toMatchObject({
      maxConcurrentCalls: 16,
      prefetchCount: 0,
      autoCompleteMessages: true,
    });
  });

  describe("in a folder of its own", () => {
    const folder = mkdtempSync(join(tmpdir(), "host-json-"));
    afterAll(() => rmSync(folder, { recursive: true }));
    const read = (text: string) => {
      writeFileSync(join(folder, "host.json"), text);
      return readHostJson(folder);
    };

    it("is overridden by app settings, whatever their case", () => {
      writeFileSync(
        join(folder, "host.json"),
        '{"version":"2.0","extensions":{"serviceBus":{"maxConcurrentCalls":2}}}',
      );
      const { extensions, functionTimeout, logging } = readHostJson(folder, {
        AzureFunctionsJobHost__functionTimeout: "00:01:00",
        AzureFunctionsJobHost__extensions__ServiceBus__maxConcurrentCalls: "3",
        AzureFunctionsJobHost__extensions__serviceBus__autoCompleteMessages: "False",
        AzureFunctionsJobHost__logging__logLevel__default: "Warning",
        Other: "x",
      });
      expect(functionTimeout).toBe(60_000);
      expect(extensions.serviceBus).toMatchObject({ maxConcurrentCalls: 3, autoCompleteMessages: false });
      expect(logging.logLevel).toEqual({ default: "Warning" });
    });

    it("may be empty, or hold what this host does not know", () => {
      expect(read("{}").extensions.http.routePrefix).toBe("api");
      expect(read('{"version":"2.0","concurrency":{}}').extensions.http.routePrefix).toBe("api");
    });

    it.each([
      ['{"functionTimeout":"00:01:00"}', "version"],
      ['{"version":"4.0"}', "version"],
      ['{"version":"2.0","functionTimeout":"5 minutes"}', "functionTimeout"],
      ['{"version":"2.0","extensions":{"serviceBus":{"maxConcurrentCalls":"many"}}}', "maxConcurrentCalls"],
      ['{"version":"2.0",}', "JSON"],
    ])("is refused as %s, with its path and the place", (text, place) => {
      expect(() => read(text)).toThrow(join(folder, "host.json"));
      expect(() => read(text)).toThrow(place);
    });
  });

  it.each([
    ["00:05:00", 300_000],
    ["1.02:03:04.5", 93_784_500],
    ["-1", Number.POSITIVE_INFINITY],
    ["5 minutes", undefined],
  ])("reads the time span %s", (text, ms) => expect(parseTimeSpan(text)).toBe(ms));
});

describe("a timer's schedule", () => {
  const after = (schedule: string, from: string) =>
    new Date(parseSchedule(schedule).next(Date.parse(from))).toISOString();

  it.each([
    ["*/5 * * * * *", "2026-11-22T10:00:01Z", "2026-11-22T10:00:05.000Z"],
    ["0 30 9 * * *", "2026-11-22T10:00:00Z", "2026-11-23T09:30:00.000Z"],
    ["0 0 9 * * 1-5", "2026-11-21T10:00:00Z", "2026-11-23T09:00:00.000Z"],
    ["0 0 0 1 Jan *", "2026-11-22T10:00:00Z", "2027-01-01T00:00:00.000Z"],
    ["30 9 * * *", "2026-11-22T10:00:00Z", "2026-11-23T09:30:00.000Z"],
    ["00:00:10", "2026-11-22T10:00:00Z", "2026-11-22T10:00:10.000Z"],
    // The day must fit both fields: Friday the 13th.
    ["0 0 0 13 * 5", "2026-11-22T10:00:00Z", "2027-08-13T00:00:00.000Z"],
  ])("%s after %s", (schedule, from, due) => expect(after(schedule, from)).toBe(due));

  it.each([
    "every day",
    "0 0 0 L * *",
    "0 0 0 1 1 * 2027",
    "@daily",
    "0 0 0 * * 7",
    "0 0 0 * * Mon#1",
    "0 0 25 * * *",
    "0 9 * *",
  ])("is refused as %s, which the real host can't read either", (schedule) =>
    expect(() => parseSchedule(schedule)).toThrow(),
  );
});
