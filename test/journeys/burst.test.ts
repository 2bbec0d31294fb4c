import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Stack, startStack } from "../support/stack.ts";
import { burst, openForBurst, whereTheyAre } from "./burst.ts";

const CHANGES = 300;

describe("bulk updates that overflow and drop", () => {
  let stack: Stack;
  let contact: string;
  beforeAll(async () => {
    stack = await startStack({
      settings: { PARCOURS_BRAKE_FACTOR: "10", PARCOURS_BRAKE_FLOOR: "100", PARCOURS_LANE_PER_MINUTE: "3000" },
    });
    contact = (await openForBurst(stack.http)).contact;
  });
  afterAll(() => stack.stop());

  it("are taken in and worked off, none is dropped: what is too much at once waits, and enters when it is released", async () => {
    const absorbed = await burst(stack.http, contact, { changes: CHANGES, atOnce: 16 });
    expect(absorbed.answers).toEqual({ 202: CHANGES });
    expect(absorbed.entered + absorbed.held).toBe(CHANGES);
    expect(absorbed.held).toBeGreaterThan(0);
    const { brakes } = await stack.http.api<{ brakes: object[] }>("GET", "/api/brakes");
    expect(brakes).toEqual([expect.objectContaining({ trigger: "touched", limitInHour: 100, journeys: ["touched"] })]);
    await stack.http.api("POST", "/api/brakes/touched", { do: "release", perMinute: 1_000 });
    await stack.http.advance("PT5M");
    expect(await whereTheyAre(stack.http)).toEqual({ entered: CHANGES, held: 0 });
    expect(await stack.http.api("GET", "/api/parked?kind=transient")).toMatchObject({ parked: [] });
  }, 120_000);
});
