import { fileURLToPath } from "node:url";
import { describe, expect, it } from "@jest/globals";
import { received, type Sorter, sent } from "../../../local/durable/message-sorter.ts";
import { Hub } from "./app/hub.ts";

const SCENARIOS = fileURLToPath(new URL("../../fixtures/durable-functions/src/scenarios.js", import.meta.url));
const NOW = "2026-01-01T12:00:00.9999999Z";

/** By the sources of the extension's message sorter. */
describe("the order of entities' messages", () => {
  it("is told by times that never repeat, each message naming the one before it", () => {
    const one = sent({}, "@a@1", NOW);
    const two = sent(one.sorter, "@a@1", NOW);
    const other = sent(two.sorter, "@a@2", NOW);
    expect(one).toMatchObject({ Timestamp: NOW, Predecessor: "0001-01-01T00:00:00" });
    expect(two).toMatchObject({ Timestamp: "2026-01-01T12:00:01Z", Predecessor: NOW });
    expect(other).toMatchObject({ Timestamp: NOW, Predecessor: "0001-01-01T00:00:00" });
    expect(other.sorter).toEqual({
      LastSentToInstance: { "@a@1": "2026-01-01T12:00:01Z", "@a@2": NOW },
      SendHorizon: "2026-01-01T11:30:00.9999999Z",
    });
  });

  it("is forgotten after half an hour", () => {
    const first = sent({}, "@a@1", NOW).sorter;
    const later = sent(first, "@a@2", "2026-01-01T12:31:00Z");
    expect(later.sorter.LastSentToInstance).toEqual({ "@a@2": "2026-01-01T12:31:00Z" });
    const from = received({}, { parent: "p", parentExecution: "e", Timestamp: NOW });
    expect(received(from, { parent: "q", Timestamp: "2026-01-01T12:31:00Z" })).toEqual({
      ReceivedFromInstance: { q: { Last: "2026-01-01T12:31:00Z" } },
      ReceiveHorizon: "2026-01-01T12:01:00Z",
    });
  });

  it("is not kept of clients' signals and of locks that are passed on", () => {
    expect(received({}, {})).toEqual({});
    expect(received({}, { parent: "p", Timestamp: NOW, pos: 1 })).toEqual({});
  });

  it("shows in the entity's status, with who holds its lock", async () => {
    const gate = Promise.withResolvers<void>();
    const hub = await Hub.open({
      files: [SCENARIOS],
      wrap: (worker) => ({
        ...worker,
        runEntity: async (...given) => {
          if (given[1] === "@counter@la") await gate.promise;
          return await worker.runEntity(...given);
        },
      }),
    });
    try {
      await hub.start("ent", "caller");
      await hub.until("caller", "Completed");
      const { input } = (await hub.status("@counter@kcaller")) as { input: { sorter: Sorter } };
      expect(input.sorter).toEqual({
        ReceivedFromInstance: { caller: { Last: expect.stringMatching(/Z$/), ExecutionId: expect.any(String) } },
        ReceiveHorizon: expect.stringMatching(/Z$/),
      });
      await hub.start("lock", "holder");
      for (let tries = 0; tries < 200; tries++) {
        const { input: state } = (await hub.status("@counter@lb")) as { input?: { lockedBy?: string } };
        if (state?.lockedBy) break;
        await new Promise((wake) => setTimeout(wake, 5));
      }
      expect(await hub.status("@counter@lb")).toMatchObject({
        input: { exists: false, lockedBy: "holder" },
        customStatus: { lockedBy: "holder" },
      });
      gate.resolve();
      await hub.until("holder", "Completed");
      await hub.clock.quiet();
      expect((await hub.status("@counter@lb")).customStatus).toEqual({ entityExists: true });
    } finally {
      gate.resolve();
      await hub.close();
    }
  });
});
