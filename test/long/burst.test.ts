import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Absorbed, burst, openForBurst, whereTheyAre } from "../journeys/burst.ts";
import { type Stack, startStack } from "../support/stack.ts";

/** One variable scales the long tests. */
const CHANGES = Math.round(100_000 * Number(process.env.PARCOURS_SCALE ?? 1));
const CHOSEN = 200;

describe(`a bulk update of ${CHANGES} records`, () => {
  let stack: Stack;
  let contact: string;
  let absorbed: Absorbed;
  beforeAll(async () => {
    // A lane twice as wide as usual: else the test alone would take an hour.
    const floor = String(Math.round(CHANGES / 10));
    stack = await startStack({
      settings: { PARCOURS_BRAKE_FACTOR: "10", PARCOURS_BRAKE_FLOOR: floor, PARCOURS_LANE_PER_MINUTE: "4800" },
    });
    contact = (await openForBurst(stack.http)).contact;
  });
  afterAll(() => stack.stop());

  it(
    "is absorbed and worked off, and none of it is dropped",
    async () => {
      absorbed = await burst(stack.http, contact, { changes: CHANGES, atOnce: 16 });
      console.log(JSON.stringify(absorbed));
      expect(absorbed.answers).toEqual({ 202: CHANGES });
      expect(absorbed.entered + absorbed.held).toBe(CHANGES);
      for (const kind of ["transient", "permanent"])
        expect(await stack.http.api("GET", `/api/parked?kind=${kind}`)).toMatchObject({ parked: [] });
    },
    CHANGES * 100 + 600_000,
  );

  it("keeps no other trigger's events waiting", () => {
    // Beside a queue of all its events they would stand behind each of them.
    expect(absorbed.others.p50).toBeLessThan(absorbed.workedOff / 10);
  });

  it(
    "puts one question: who is chosen enters, and the rest is given up",
    async () => {
      const { held } = await stack.http.api<{ held: { id: string }[] }>("GET", "/api/brakes/touched/held");
      const ids = held.slice(0, CHOSEN).map(({ id }) => id);
      await stack.http.api("POST", "/api/brakes/touched", { do: "choose", ids, rest: "discard" });
      for (let left = absorbed.held; left > 0; left -= 5_000) await stack.http.advance("PT1M");
      await stack.http.advance("PT2M");
      expect(await whereTheyAre(stack.http)).toEqual({ entered: absorbed.entered + ids.length, held: 0 });
    },
    CHANGES * 100 + 600_000,
  );
});
