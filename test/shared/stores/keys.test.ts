import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { guid, invertTime, key, padN, padSeq, padTime, under } from "../../../shared/stores/keys.ts";

const ALPHABET = "abcxyzABCXYZ0189:._-";
const part = fc.string({ unit: fc.constantFrom(...ALPHABET), minLength: 1, maxLength: 8 });
const parts = fc.array(part, { minLength: 1, maxLength: 4 });
const invalid = { name: "ParcoursError", code: "KEY_INVALID" };

describe("key", () => {
  it("tells the parts it was made of", () => {
    fc.assert(fc.property(parts, (given) => expect(key(...given).split("~")).toEqual(given)));
  });

  it("is another for other parts", () => {
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        expect(key(...one)).not.toBe(key(...other));
      }),
    );
  });

  it("refuses a part with any other character, and names it", () => {
    const foreign = fc
      .tuple(fc.string({ unit: "binary", maxLength: 3 }), fc.string({ unit: "binary", maxLength: 3 }))
      .map(([before, after]) => `${before}~${after}`);
    fc.assert(fc.property(foreign, (bad) => expect(() => key("good", bad)).toThrow(expect.objectContaining(invalid))));
    expect(() => key("run", "l'été")).toThrow(/part 2.*l'été/);
    expect(() => key("run", "")).toThrow(/part 2/);
    expect(() => key("run\n")).toThrow(/part 1/);
  });

  it("is of one part at least and of 512 characters at most", () => {
    expect(() => key()).toThrow(expect.objectContaining(invalid));
    expect(key("x".repeat(512))).toHaveLength(512);
    expect(() => key("x".repeat(512), "y")).toThrow(expect.objectContaining(invalid));
  });
});

describe("under", () => {
  it("holds just the keys that start with the parts of the prefix and go on", () => {
    fc.assert(
      fc.property(parts, parts, (prefix, given) => {
        const startsWith = given.length > prefix.length && prefix.every((text, n) => given[n] === text);
        expect(within(key(...given), under(key(...prefix)))).toBe(startsWith);
      }),
    );
  });

  it("holds what was put under it", () => {
    fc.assert(
      fc.property(parts, parts, (prefix, rest) => {
        expect(within(key(...prefix, ...rest), under(key(...prefix)))).toBe(true);
      }),
    );
  });
});

describe("numbers in keys", () => {
  it.each([
    [padSeq, 99_999_999, 8],
    [padN, 99, 2],
    [padTime, 9_999_999_999_999, 13],
  ])("%p sorts as numbers do, up to its digits", (pad, most, digits) => {
    const number = fc.integer({ min: 0, max: most });
    fc.assert(
      fc.property(number, number, (one, other) => {
        expect(pad(one)).toHaveLength(digits);
        expect(Number(pad(one))).toBe(one);
        expect(compare(pad(one), pad(other))).toBe(Math.sign(one - other));
      }),
    );
    for (const bad of [-1, 0.5, most + 1, Number.NaN, 1e21])
      expect(() => pad(bad)).toThrow(expect.objectContaining(invalid));
  });

  it("an inverted time sorts the newest first", () => {
    const time = fc.integer({ min: 0, max: 9_999_999_999_999 });
    fc.assert(
      fc.property(time, time, (one, other) => {
        expect(invertTime(one)).toHaveLength(13);
        expect(compare(invertTime(one), invertTime(other))).toBe(Math.sign(other - one));
      }),
    );
    expect(() => invertTime(10_000_000_000_000)).toThrow(expect.objectContaining(invalid));
  });
});

describe("guid", () => {
  it("is lower case and without braces, however it was written", () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        expect(guid(id.toUpperCase())).toBe(id);
        expect(guid(`{${id}}`)).toBe(id);
      }),
    );
  });

  it.each(["", "x", "00000000-0000-0000-0000-00000000000g", "000000000000-0000-0000-0000-00000000"])(
    "is refused when it is none: %j",
    (bad) => expect(() => guid(bad)).toThrow(expect.objectContaining(invalid)),
  );
});

function within(text: string, range: { from: string; below: string }): boolean {
  return compare(text, range.from) >= 0 && compare(text, range.below) < 0;
}

/** In the order of character codes, as the stores sort. */
function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
