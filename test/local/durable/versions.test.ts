import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Versioning } from "../../../local/durable/versioning.ts";
import { type AppInstance, startApp } from "./app/app-instance.ts";
import { Hub, WEBHOOK_PATH } from "./app/hub.ts";

const SCENARIOS = fileURLToPath(new URL("../../fixtures/durable-functions/src/scenarios.js", import.meta.url));

/** By the sources of DurableTask's dispatcher, and the documentation of orchestration versioning. */
describe("versions", () => {
  let app: AppInstance;
  beforeAll(async () => {
    app = await startApp("versions", SCENARIOS);
  });
  afterAll(() => app.kill());

  const runs = async (versioning: Versioning, versions: readonly string[]): Promise<string[]> => {
    const hub = await Hub.open({ files: [], app, versioning });
    try {
      for (const version of versions)
        await hub.ask("POST", `${WEBHOOK_PATH}/orchestrators/empty/v${version}?version=${version}`);
      await hub.clock.quiet();
      const all = [];
      for (const version of versions) all.push(String((await hub.status(`v${version}`)).runtimeStatus));
      return all;
    } finally {
      await hub.close();
    }
  };

  it("are compared as .NET's are, an empty one being older than any", async () => {
    const versions = ["", "1.9", "1.10", "1.10.0", "2.0"];
    expect(await runs({ defaultVersion: "1.10" }, versions)).toEqual([
      "Completed",
      "Completed",
      "Completed",
      "Pending",
      "Pending",
    ]);
    expect(await runs({ defaultVersion: "1.10", versionMatchStrategy: "Strict" }, versions)).toEqual([
      "Pending",
      "Pending",
      "Completed",
      "Pending",
      "Pending",
    ]);
    expect(await runs({ versionMatchStrategy: "None" }, versions)).toEqual(versions.map(() => "Completed"));
  });

  it("that do not fit fail their instance where host.json says so, without asking the app", async () => {
    const hub = await Hub.open({
      files: [],
      app,
      versioning: { defaultVersion: "1.0", versionFailureStrategy: "Fail" },
    });
    try {
      await hub.ask("POST", `${WEBHOOK_PATH}/orchestrators/chain/newer?version=2.0`);
      await hub.clock.quiet();
      const status = await hub.status("newer");
      expect(status).toMatchObject({
        runtimeStatus: "Failed",
        output: "VersionMismatch: Orchestration version did not comply with Worker Versioning",
      });
      expect(status.historyEvents).toMatchObject([
        { EventType: "ExecutionStarted" },
        { EventType: "ExecutionCompleted", Result: null, FailureDetails: { ErrorType: "VersionMismatch" } },
      ]);
    } finally {
      await hub.close();
    }
  });
});
