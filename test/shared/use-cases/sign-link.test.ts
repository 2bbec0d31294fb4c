import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { readLink, signLink } from "../../../shared/use-cases/sign-link.ts";

const old = { id: "k1", secret: "first secret" };
const current = { id: "k2", secret: "second secret" };
const keys = [current, old];

describe("a signed link", () => {
  it("gives back any payload, under the current key and the one before", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.constantFrom(old, current), (payload, key) => {
        expect(readLink(keys, signLink(key, payload))).toEqual({ kind: "valid", payload });
      }),
    );
  });

  it("is safe in a URL", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (payload) => {
        expect(signLink(current, payload)).toMatch(/^k2\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]{43}$/);
      }),
    );
  });

  it("is invalid when any of its characters is another one", () => {
    const alphabet = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=%"];
    fc.assert(
      fc.property(fc.string(), fc.nat(), fc.constantFrom(...alphabet), (payload, place, character) => {
        const token = signLink(current, payload);
        const at = place % token.length;
        fc.pre(token[at] !== character);
        const forged = token.slice(0, at) + character + token.slice(at + 1);
        expect(readLink(keys, forged)).toEqual({ kind: "invalid" });
      }),
      { numRuns: 2000 },
    );
  });

  it("is invalid when cut, lengthened, or signed by a key no longer valid", () => {
    const token = signLink(old, "run-1");
    for (let length = 0; length < token.length; length++)
      expect(readLink(keys, token.slice(0, length))).toEqual({ kind: "invalid" });
    expect(readLink(keys, `${token}A`)).toEqual({ kind: "invalid" });
    expect(readLink(keys, `${token}.`)).toEqual({ kind: "invalid" });
    expect(readLink([current], token)).toEqual({ kind: "invalid" });
    expect(readLink([], token)).toEqual({ kind: "invalid" });
  });

  it("of one key is not valid under another key's name", () => {
    const forged = signLink(old, "run-1").replace(/^k1/, "k2");
    expect(readLink(keys, forged)).toEqual({ kind: "invalid" });
  });
});
