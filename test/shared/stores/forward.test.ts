import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { z } from "zod";
import { filledIn } from "../../../shared/stores/filled-in.ts";
import { today } from "../../../shared/stores/run-schema.ts";

describe("a run's row that another build wrote", () => {
  const forward = [
    (state: object) => ({ ...state, schema: 2, visited: 0 }),
    (state: object) => ({ ...state, schema: 3, language: "fr" }),
  ];

  it("of any earlier version goes through each step from there to today's", () => {
    expect(today({ schema: 1, run: "r" }, forward)).toEqual({ schema: 3, run: "r", visited: 0, language: "fr" });
    expect(today({ schema: 2, run: "r", visited: 7 }, forward)).toEqual({
      schema: 3,
      run: "r",
      visited: 7,
      language: "fr",
    });
  });

  it("of today's version is as it is", () => {
    fc.assert(
      fc.property(fc.object(), (more) => {
        const state = { ...more, schema: 3 };
        expect(today(state, forward)).toEqual(state);
      }),
    );
  });

  it("of a later version is left to a later build: trying again can help", () => {
    expect(() => today({ schema: 4, run: "r" }, forward)).toThrow(
      expect.objectContaining({ code: "ROW_NEWER", retryable: true }),
    );
  });
});

describe("a definition that another build stored", () => {
  const schema = z.strictObject({ slug: z.string(), hops: z.number().default(5) });

  it("gets what was added since, by its default", () => {
    expect(filledIn(schema)({ slug: "a" } as z.infer<typeof schema>)).toEqual({ slug: "a", hops: 5 });
  });

  it("with what only a later build knows is taken as it is", () => {
    const later = { slug: "a", hops: 5, channel: "text" };
    expect(filledIn(schema)(later)).toBe(later);
  });
});
