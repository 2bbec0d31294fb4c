import { describe, expect, it } from "@jest/globals";
import { TokenBuckets } from "../../../shared/use-cases/token-buckets.ts";

describe("a token bucket", () => {
  function at() {
    let now = 0;
    return { pass: (ms: number) => (now += ms), buckets: new TokenBuckets({ now: () => now }) };
  }

  it("lets through a minute's worth at once, then as much as flows in", () => {
    const { buckets, pass } = at();
    expect(buckets.take("a", 60, 60)).toBe(0);
    expect(buckets.take("a", 1, 60)).toBe(1_000);
    pass(999);
    expect(buckets.take("a", 1, 60)).toBe(1);
    pass(1);
    expect(buckets.take("a", 1, 60)).toBe(0);
    expect(buckets.take("a", 10, 60)).toBe(10_000);
  });

  it("takes nothing where it refuses, and never holds more than a minute's worth", () => {
    const { buckets, pass } = at();
    buckets.take("a", 50, 60);
    expect(buckets.take("a", 20, 60)).toBe(10_000);
    expect(buckets.take("a", 10, 60)).toBe(0);
    pass(86_400_000);
    expect(buckets.take("a", 60, 60)).toBe(0);
    expect(buckets.take("a", 1, 60)).toBeGreaterThan(0);
  });

  it("of one sender does not hold up another", () => {
    const { buckets } = at();
    buckets.take("a", 60, 60);
    expect(buckets.take("b", 60, 60)).toBe(0);
  });

  it("lets through what costs more than it holds once it is full, and goes on when a clock is set back", () => {
    const { buckets, pass } = at();
    expect(buckets.take("a", 100, 60)).toBe(0);
    pass(-5_000);
    expect(buckets.take("a", 100, 60)).toBe(60_000);
    pass(60_000);
    expect(buckets.take("a", 100, 60)).toBe(0);
  });
});
