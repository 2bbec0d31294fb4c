import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { keyMatches, keyUsed } from "../../../shared/use-cases/check-key.ts";

describe("a caller's key", () => {
  it("may be either of two valid ones", () => {
    expect(keyMatches("old", ["new", "old"])).toBe(true);
    expect(keyMatches("new", ["new", "old"])).toBe(true);
    expect(keyMatches("other", ["new", "old"])).toBe(false);
  });

  it("is wrong when absent, empty, or when no key is set", () => {
    expect(keyMatches(undefined, ["key"])).toBe(false);
    expect(keyMatches("", ["key", ""])).toBe(false);
    expect(keyMatches(undefined, [""])).toBe(false);
    expect(keyMatches("key", [])).toBe(false);
  });

  it("is right exactly when it is one of the valid ones", () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string(), { maxLength: 3 }), (given, valid) => {
        expect(keyMatches(given, valid)).toBe(given !== "" && valid.includes(given));
      }),
    );
  });
});

describe("the key that a caller shows", () => {
  it("is known by the name before its colon, or by a few digits of its hash", () => {
    expect(keyUsed("k2:new secret", ["k2:new secret", "k1:old secret"])).toBe("k2");
    expect(keyUsed("k1:old secret", ["k2:new secret", "k1:old secret"])).toBe("k1");
    expect(keyUsed("nameless", ["nameless"])).toMatch(/^[0-9a-f]{8}$/);
  });

  it("is none where no valid key fits", () => {
    expect(keyUsed("k1:wrong", ["k1:right"])).toBeUndefined();
    expect(keyUsed(undefined, [""])).toBeUndefined();
    expect(keyUsed("", [""])).toBeUndefined();
  });
});
