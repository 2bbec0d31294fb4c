import { describe, expect, it } from "@jest/globals";
import type { BusMessage } from "../../../shared/ports/bus.ts";
import { Lanes } from "../../../shared/use-cases/lanes.ts";

const NOW = Date.parse("2026-03-01T09:00:00.000Z");
const event = (trigger: string): BusMessage => ({
  id: "e",
  subject: "event",
  body: {},
  properties: { trigger, hops: 0 },
});

describe("a lane of 60 events a minute", () => {
  it("lets through at once what it carries in three seconds, and the rest one a second", () => {
    const lanes = new Lanes({ now: () => NOW }, 60);
    const times = lanes.paced(Array.from({ length: 7 }, () => event("bulk"))).map(({ deliverAt }) => deliverAt);
    expect(times.slice(0, 4)).toEqual(Array(4).fill(undefined));
    expect(times.slice(4)).toEqual([NOW + 1_000, NOW + 2_000, NOW + 3_000]);
  });

  it("is free again once its time is over, and never keeps another trigger's events, nor reports", () => {
    let now = NOW;
    const lanes = new Lanes({ now: () => now }, 60);
    lanes.paced(Array.from({ length: 20 }, () => event("bulk")));
    const report: BusMessage = { id: "r", subject: "change", body: {}, properties: { table: "incident" } };
    expect(lanes.paced([event("other"), report])).toEqual([event("other"), report]);
    now += 60_000;
    expect(lanes.paced([event("bulk")])).toEqual([event("bulk")]);
  });

  it("of 0 a minute is none", () => {
    const lanes = new Lanes({ now: () => NOW }, 0);
    const many = Array.from({ length: 500 }, () => event("bulk"));
    expect(lanes.paced(many)).toEqual(many);
  });
});
