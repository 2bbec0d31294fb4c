import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type AppInstance, startApp } from "../app/app-instance.ts";
import { startHosted } from "../app/hosted-app.ts";
import { recording, recordingNames } from "./recording.ts";
import { replay, type Said, SCENARIOS, WAITS } from "./replay-recording.ts";

/**
 * `list` holds what the recorded host had from earlier scenarios, `entity_batch` the order of its queues; the others are
 * no orchestrations. All four: see `test/local/platform/recorded-host.test.ts`.
 */
const BY_THEMSELVES = new Set(["list", "entity_batch", "http_edges", "worker_startup"]);
const OPTIONS: Record<string, object> = {
  chain_default_version_2: { versioning: { defaultVersion: "2.0" } },
  version: { versioning: { defaultVersion: "2.0" } },
};
/** Most of a replay is waiting, so several run at a time, each with a scheduler of its own. */
const AT_A_TIME = 6;

/** The library in a thread, given the whole text; and the real process of an app instance, told only what is new. */
const HOST = "the host's own process";
const WORKERS = { "a worker that takes texts": startApp, [HOST]: startHosted };

describe.each(Object.keys(WORKERS) as (keyof typeof WORKERS)[])("scheduler and client, with %s", (kind) => {
  // The waiting runs' HTTP function and activity share memory, which here lie in two processes.
  const fits = (name: string) => !BY_THEMSELVES.has(name) && (kind !== HOST || !name.startsWith("wait"));
  const names = recordingNames().filter(fits);
  const said = new Map<string, { ours: Said; theirs: Said } | Error>();
  let apps: AppInstance[] = [];
  beforeAll(async () => {
    const start = WORKERS[kind];
    apps = await Promise.all([start("scenarios", ...SCENARIOS), start("waits", ...WAITS)]);
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
    it(`say what the real host said: ${name}`, () => {
      const both = said.get(name);
      if (!both || both instanceof Error) throw both ?? new Error("not replayed");
      expect(both.ours).toEqual(both.theirs);
    });
  }
});
