import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { brokenAt } from "../../../shared/wire/json-place.ts";
import { type ParsedContext, parseContext } from "../../../shared/wire/remote-execution-context.ts";
import { EXPECTED } from "./expected-changes.ts";
import { payload } from "./payload.ts";

const BODIES = Object.keys(EXPECTED).map(payload);

type Holder = Record<string | number, unknown>;

/** All places of a document: an object or list, and a key in it. */
function placesOf(node: unknown): { holder: Holder; key: string | number }[] {
  if (typeof node !== "object" || node === null) return [];
  const holder = node as Holder;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesOf(holder[key])]);
}

type Edit = (place: { holder: Holder; key: string | number }) => void;

const replacement = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    "",
    0,
    -1,
    1e308,
    true,
    [],
    {},
    [null],
    "/Date(1)/",
    "/Date(99999999999999999)/",
    "x".repeat(300),
  ),
  fc.jsonValue({ maxDepth: 3 }),
  fc
    .constantFrom("Money", "EntityReference", "EntityCollection", "Guid", "DateTime", "OptionSetValue", "Odd")
    .chain((type) =>
      fc
        .jsonValue({ maxDepth: 2 })
        .map((value) => ({ __type: `${type}:x`, __value: value, Value: value, Id: value, Entities: value })),
    ),
);

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.constant<Edit>(({ holder, key }) => void delete holder[key]),
  replacement.map<Edit>((value) => ({ holder, key }) => {
    holder[key] = value;
  }),
  fc.constant<Edit>(({ holder, key }) => {
    holder[key] = Array.isArray(holder[key]) ? { 0: holder[key] } : [holder[key]];
  }),
  fc.constant<Edit>(({ holder, key }) => {
    holder[key] = String(holder[key]);
  }),
);

const mutatedNodes = fc
  .tuple(fc.constantFrom(...BODIES), fc.array(fc.tuple(fc.nat(), edit), { minLength: 1, maxLength: 4 }))
  .map(([body, edits]) => {
    const root: unknown = JSON.parse(body.replace(/^\uFEFF/, ""));
    for (const [pick, change] of edits) {
      const places = placesOf(root);
      const place = places[pick % Math.max(1, places.length)];
      if (place !== undefined) change(place);
    }
    return JSON.stringify(root);
  });

const mutatedText = fc
  .tuple(fc.constantFrom(...BODIES), fc.nat(), fc.nat({ max: 40 }), fc.string({ unit: "binary", maxLength: 8 }))
  .map(([body, pick, length, garbage]) => {
    const at = pick % body.length;
    return body.slice(0, at) + garbage + body.slice(at + length);
  });

const truncated = fc
  .tuple(fc.constantFrom(...BODIES), fc.nat())
  .map(([body, pick]) => body.slice(0, pick % body.length));

const garbage = fc.uint8Array({ maxLength: 200 }).map((bytes) => new TextDecoder().decode(bytes));

const seen = { change: 0, malformed: 0 };

function isAnswer(parsed: ParsedContext): boolean {
  seen[parsed.kind] += 1;
  if (parsed.kind === "malformed") {
    const unforeseen = parsed.problem.startsWith("can't be read");
    return !unforeseen && parsed.problem.length > 3 && /^(\$|position \d+$)/.test(parsed.at);
  }
  // What leaves must survive the trip over the bus unchanged.
  expect(JSON.parse(JSON.stringify(parsed.change))).toEqual(parsed.change);
  return true;
}

describe("10 000 mutated payloads", () => {
  it("give a change or a reason with its place, never a throw", () => {
    const ways: [fc.Arbitrary<string>, number][] = [
      [mutatedNodes, 6000],
      [mutatedText, 2000],
      [truncated, 1000],
      [garbage, 1000],
    ];
    for (const [texts, numRuns] of ways)
      fc.assert(
        fc.property(texts, (text) => isAnswer(parseContext(text))),
        { numRuns },
      );
    expect(seen.change + seen.malformed).toBeGreaterThanOrEqual(10_000);
    expect(Math.min(seen.change, seen.malformed)).toBeGreaterThan(1000);
  });

  it("are found broken exactly where JSON stops being JSON", () => {
    fc.assert(
      fc.property(fc.oneof(mutatedText, truncated, garbage), (text) => {
        const told = positionByNode(text);
        if (told !== undefined) expect(brokenAt(text)).toBe(told);
      }),
      { numRuns: 3000 },
    );
  });
});

/** Where Node itself says a position. It counts a broken string, number or word from another of its characters. */
function positionByNode(text: string): number | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (fault) {
    const told = /^(?:Expected .*|Unexpected non-whitespace .*) at position (\d+)/.exec(
      String((fault as Error).message),
    );
    return told === null ? undefined : Number(told[1]);
  }
}
