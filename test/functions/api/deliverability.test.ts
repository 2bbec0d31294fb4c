import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { deliverability } from "../../../shared/wire/deliverability.ts";
import { type Stack, startStack } from "../../support/stack.ts";

describe("deliverability, on one's own machine", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack.stop());

  it("is said to be not measured, with the capacity as an assumption", async () => {
    const answer = deliverability.parse(await stack.http.api("GET", "/api/deliverability?mails=200"));
    expect(answer).toMatchObject({
      domain: null,
      notMeasured: expect.stringMatching(/^not measured here/),
      checks: [],
      capacity: { perMinute: 5, perHour: 10, takes: [{ mails: 200, says: "200 mails take 20 hours" }] },
    });
  });

  it.each(["mails=many", "perHour=0", "perMinute=-1"])("refuses a number that is none: %s", async (query) => {
    expect((await fetch(`${stack.http.at.app}/api/deliverability?${query}`)).status).toBe(400);
  });
});
