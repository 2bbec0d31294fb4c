import { describe, expect, it } from "@jest/globals";
import { ParcoursError } from "../../../shared/errors.ts";
import type { Clock } from "../../../shared/ports/clock.ts";
import { type Measure, SILENT } from "../../../shared/ports/measure.ts";
import type { Probes } from "../../../shared/ports/probe.ts";
import { Readiness } from "../../../shared/use-cases/readiness.ts";

const SECRET = "Endpoint=sb://x;SharedAccessKey=very-secret";
const fine = async () => undefined;

function opened(probes: Partial<Probes> = {}, patience: Clock["sleep"] = () => new Promise(() => undefined)) {
  let now = Date.parse("2026-03-01T09:00:00.000Z");
  const levels: string[] = [];
  const clock: Clock = { now: () => now, sleep: patience, random: () => 0 };
  const measure: Measure = {
    ...SILENT,
    level: (name, value, labels) => void levels.push(`${name} ${labels?.part} ${value}`),
  };
  const pass = (ms: number): void => {
    now += ms;
  };
  const all: Probes = { bus: fine, store: fine, dataverse: fine, mail: fine, ...probes };
  return { readiness: new Readiness(all, clock, measure), levels, pass };
}

describe("readiness", () => {
  it("says of each part whether it answers, and how long it took", async () => {
    const { readiness, levels } = opened();
    const part = { ready: true, reason: null, ms: 0 };
    expect(await readiness.read()).toEqual({
      ready: true,
      at: "2026-03-01T09:00:00.000Z",
      parts: { bus: part, store: part, dataverse: part, mail: part },
    });
    expect(levels).toContain("parcours.ready dataverse 1");
  });

  it("gives the reason in its own words, never in those of the part", async () => {
    const { readiness, levels } = opened({
      bus: () => Promise.reject(new ParcoursError("BUS_UNAVAILABLE", SECRET)),
      mail: () => Promise.reject(new Error(SECRET)),
    });
    const answer = await readiness.read();
    expect(answer.ready).toBe(false);
    expect(answer.parts.bus).toMatchObject({ ready: false, reason: expect.stringMatching(/^Service Bus/) });
    expect(answer.parts.store.ready).toBe(true);
    expect(JSON.stringify(answer)).not.toContain("secret");
    expect(levels).toEqual(expect.arrayContaining(["parcours.ready bus 0", "parcours.ready store 1"]));
  });

  it("waits no longer for a part that does not answer than it says", async () => {
    const { readiness } = opened({ dataverse: () => new Promise(() => undefined) }, async (ms) => {
      expect(ms).toBe(5_000);
      // The others were asked and have answered by then.
      await new Promise((done) => setImmediate(done));
    });
    expect((await readiness.read()).parts.dataverse).toMatchObject({ ready: false, reason: "no answer within 5 s" });
  });

  it("asks the parts once in ten seconds, however many want to know", async () => {
    let asked = 0;
    const store = async (): Promise<void> => {
      asked += 1;
    };
    const { readiness, pass } = opened({ store });
    await Promise.all([readiness.read(), readiness.read()]);
    pass(9_000);
    await readiness.read();
    expect(asked).toBe(1);
    pass(1_000);
    await readiness.read();
    expect(asked).toBe(2);
  });
});
