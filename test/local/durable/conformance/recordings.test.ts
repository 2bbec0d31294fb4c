import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type AppInstance, startApp } from "../app/app-instance.ts";
import { recording, recordingNames } from "./recording.ts";
import { replay, type Said, SCENARIOS, WAITS } from "./replay-recording.ts";

/** `list` holds what the recorded host had from earlier scenarios, `entity_batch` the order of its queues. */
const BY_THEMSELVES = new Set(["list", "entity_batch"]);
const OPTIONS: Record<string, object> = {
  chain_default_version_2: { versioning: { defaultVersion: "2.0" } },
  version: { versioning: { defaultVersion: "2.0" } },
};
/** Most of a replay is waiting, so several run at a time, each with a scheduler of its own. */
const AT_A_TIME = 6;

describe("the scheduler says to worker and client what the real host said", () => {
  const names = recordingNames().filter((one) => !BY_THEMSELVES.has(one));
  const said = new Map<string, { ours: Said; theirs: Said } | Error>();
  let apps: AppInstance[] = [];
  beforeAll(async () => {
    apps = await Promise.all([startApp("scenarios", ...SCENARIOS), startApp("waits", ...WAITS)]);
    const [scenarios, waits] = apps;
    const left = [...names];
    const lane = async (): Promise<void> => {
      for (let name = left.shift(); name !== undefined; name = left.shift()) {
        const app = name.startsWith("wait") ? waits : scenarios;
        const options = { ...(app && { app }), ...OPTIONS[name] };
        said.set(name, await replay(recording(name), options).catch((fault: unknown) => new Error(String(fault))));
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, lane));
  });
  afterAll(() => Promise.all(apps.map((app) => app.kill())));

  for (const name of names) {
    it(`in the recording ${name}`, () => {
      const both = said.get(name);
      if (!both || both instanceof Error) throw both ?? new Error("not replayed");
      expect(both.ours).toEqual(both.theirs);
    });
  }
});
