import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { withoutParent } from "../../../shared/wire/parent-context.ts";
import { EXPECTED } from "./expected-changes.ts";
import { payload } from "./payload.ts";

type Body = Record<string, unknown>;
const parse = (text: string): Body => JSON.parse(text.replace(/^\uFEFF/, "")) as Body;

describe("leaving the parent context out", () => {
  it.each(Object.keys(EXPECTED))("leaves all else of %s as it is, and a fifth less at least", (name) => {
    const text = payload(name);
    expect(parse(withoutParent(text))).toEqual({ ...parse(text), ParentContext: null });
    expect(withoutParent(text).length).toBeLessThan(text.length * 0.8);
  });

  it("finds the end whatever strings, braces and escapes stand in it", () => {
    const tricky = fc.string({ unit: fc.constantFrom("{", "}", '"', "\\", "a", "[", ",", ":"), maxLength: 12 });
    const inside = fc.dictionary(
      tricky,
      fc.oneof(tricky, fc.jsonValue({ maxDepth: 3 }), fc.dictionary(tricky, tricky)),
    );
    fc.assert(
      fc.property(inside, tricky, tricky, fc.constantFrom(0, 1, 2), (parent, before, after, indent) => {
        const text = JSON.stringify({ before, ParentContext: parent, after }, null, indent);
        expect(parse(withoutParent(text))).toEqual({ before, ParentContext: null, after });
      }),
      { numRuns: 2000 },
    );
  });

  it("keeps a parent that holds a tag", () => {
    const text = JSON.stringify({ ParentContext: { SharedVariables: [{ key: "tag", value: "x" }] } });
    expect(withoutParent(text)).toBe(text);
  });

  it("keeps what is no object, and what never ends", () => {
    for (const text of ['{"ParentContext":null}', '{"ParentContext":{"a":"}', '{"x":"\\"ParentContext\\":{}"}', ""])
      expect(withoutParent(text)).toBe(text);
  });
});
