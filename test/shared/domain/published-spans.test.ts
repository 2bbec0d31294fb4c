import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { closed, opened, revisionAt, revisionOn, type Span } from "../../../shared/domain/published-spans.ts";
import { runs } from "../../support/runs.ts";

const DAY_MS = 86_400_000;
const START = Date.parse("2026-03-01T00:00:00Z");
const at = (day: number) => new Date(START + day * DAY_MS).toISOString();

describe("when a revision was published", () => {
  it("is found again for each generation and each time, through any row of publishing and stopping", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 20 }), (publishes) => {
        let spans: readonly Span[] = [];
        let revision = 0;
        const expected: (number | undefined)[] = [undefined];
        for (const [day, publish] of publishes.entries()) {
          // Each of them raises the generation.
          spans = publish ? opened(spans, ++revision, at(day), day + 1) : closed(spans, at(day), day + 1);
          expected.push(publish ? revision : undefined);
        }
        for (const [generation, published] of expected.entries()) {
          expect(revisionAt(spans, generation)).toBe(published);
          expect(revisionOn(spans, START + (generation - 0.5) * DAY_MS)).toBe(published);
        }
      }),
      runs(200),
    );
  });

  it("is the same where publishing was cut off and done once more", () => {
    const once = opened([], 1, at(0), 1);
    expect(opened(once, 1, at(1), 2)).toBe(once);
    expect(closed(closed(once, at(2), 3), at(3), 4)).toEqual(closed(once, at(2), 3));
  });

  it("is not known of what was published before it was kept, which counts as having been there", () => {
    const old: Span[] = [{ revision: 3, from: null, at: null }];
    expect(revisionAt(old, 0)).toBe(3);
    expect(revisionOn(old, 0)).toBe(3);
    expect(revisionAt(opened(old, 4, at(0), 7), 6)).toBe(3);
    expect(revisionAt(opened(old, 4, at(0), 7), 7)).toBe(4);
  });
});
