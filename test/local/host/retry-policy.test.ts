import { describe, expect, it } from "@jest/globals";
import { retryDelays, retryPolicy } from "../../../local/host/retry-policy.ts";

const seconds = (count: number) => ({ seconds: count });

describe("a retry policy", () => {
  it("is none where the function has none", () => {
    expect(retryPolicy(undefined)).toBeUndefined();
  });

  it("with a fixed delay gives that delay as often as it allows", () => {
    const policy = retryPolicy({ strategy: "fixedDelay", maxRetryCount: 3, delayInterval: seconds(5) });
    expect(policy && [...retryDelays(policy)]).toEqual([5000, 5000, 5000]);
  });

  it("that backs off begins with the shortest delay, adds twice as much each time, and stays at the longest", () => {
    const given = { strategy: "exponentialBackoff", minimumInterval: seconds(4), maximumInterval: seconds(30) };
    const policy = retryPolicy({ ...given, maxRetryCount: 6 });
    expect(policy && [...retryDelays(policy, () => 0.5)]).toEqual([4000, 8000, 12_000, 20_000, 30_000, 30_000]);
    expect(policy && [...retryDelays(policy, () => 0)].slice(0, 3)).toEqual([4000, 7200, 10_400]);
  });

  it("of -1 never gives up", () => {
    const policy = retryPolicy({ strategy: "fixedDelay", maxRetryCount: -1, delayInterval: seconds(0) });
    const delays = policy && retryDelays(policy);
    for (let retry = 0; retry < 100; retry++) expect(delays?.next().done).toBe(false);
  });

  it.each([
    [{ strategy: "fixedDelay", maxRetryCount: 3 }, "delayInterval"],
    [{ strategy: "fixedDelay", delayInterval: seconds(1) }, "maxRetryCount"],
    [{ strategy: "sometimes", maxRetryCount: 1 }, "strategy"],
    [
      { strategy: "exponentialBackoff", maxRetryCount: 1, minimumInterval: seconds(9), maximumInterval: seconds(1) },
      "minimumInterval",
    ],
  ])("that lacks something says what: %j", (options, what) => {
    expect(() => retryPolicy(options)).toThrow(what);
  });
});
