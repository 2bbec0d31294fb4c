import { describe, expect, it } from "@jest/globals";
import { recording, recordingNames } from "./recording.ts";
import { replay } from "./replay-recording.ts";

/** They hold what the recorded host had from earlier scenarios, or the order in which its queues delivered. */
const BY_THEMSELVES = new Set(["list", "entity_batch"]);
const OPTIONS: Record<string, object> = {
  chain_default_version_2: { versioning: { defaultVersion: "2.0" } },
  version: { versioning: { defaultVersion: "2.0" } },
};

describe("the scheduler says to worker and client what the real host said", () => {
  for (const name of recordingNames().filter((one) => !BY_THEMSELVES.has(one))) {
    it(`in the recording ${name}`, async () => {
      const { ours, theirs } = await replay(recording(name), OPTIONS[name]);
      expect(ours).toEqual(theirs);
    });
  }
});
