import { add, type Bits, bitsFor, join } from "./bits.ts";
import type { FieldTest } from "./field-tests.ts";
import type { Key } from "./narrowing.ts";
import { PartFinder } from "./part-finder.ts";
import { instant, sameKey } from "./sameness.ts";
import type { FieldValue } from "./value.ts";

/** Ranges are told apart by so many steps: a trigger whose bound lies within the value's own step is looked at. */
const STEPS = 64;

/** Of triggers that are numbered: which may fire as far as one field's value goes. A superset, never less. */
export class FieldSieve {
  /** Those who ask nothing of the field that can be looked up. */
  readonly #free: Bits;
  readonly #byKey = new Map<Key, number[]>();
  readonly #parts: PartFinder;
  readonly #numbers: Steps;
  readonly #moments: Steps;

  constructor(size: number, tests: ReadonlyMap<number, FieldTest>) {
    this.#free = bitsFor(size);
    for (let number = 0; number < size; number++) if (!tests.has(number)) add(this.#free, number);
    const parts = new Map<string, number[]>();
    for (const [number, test] of tests) {
      if (test.kind === "keys") for (const key of test.keys) push(this.#byKey, key, number);
      if (test.kind === "parts") for (const part of new Set(test.parts)) push(parts, part, number);
    }
    this.#parts = new PartFinder(parts);
    this.#numbers = new Steps(size, tests, "numbers");
    this.#moments = new Steps(size, tests, "moments");
  }

  /** Puts those who may fire into an empty set. */
  pass(value: FieldValue, into: Bits): void {
    join(into, this.#free);
    const found = (number: number): void => add(into, number);
    if (this.#byKey.size > 0) this.#byKey.get(sameKey(value))?.forEach(found);
    if (typeof value === "number") this.#numbers.pass(value, into);
    else if (typeof value === "string") {
      this.#parts.find(value.toLowerCase(), found);
      const ms = instant(value);
      // Other text has an order of its own.
      if (ms === undefined) this.#moments.all(into);
      else this.#moments.pass(ms, into);
    } else if (Array.isArray(value)) this.#parts.all(found);
  }
}

/** Ranges over one field, by the steps between their bounds. */
class Steps {
  readonly #bounds: readonly number[];
  /** For each step those whose range meets it. */
  readonly #members: readonly Bits[];
  readonly #everybody: Bits;

  constructor(size: number, tests: ReadonlyMap<number, FieldTest>, kind: "numbers" | "moments") {
    const ranges: { number: number; from: number; to: number }[] = [];
    for (const [number, test] of tests) if (test.kind === kind) ranges.push({ number, from: test.from, to: test.to });
    this.#everybody = bitsFor(ranges.length === 0 ? 0 : size);
    for (const { number } of ranges) add(this.#everybody, number);
    const ends = ranges.flatMap(({ from, to }) => [from, to]).filter(Number.isFinite);
    this.#bounds = quantiles(ends.sort((one, other) => one - other));
    this.#members = ranges.length === 0 ? [] : Array.from({ length: this.#bounds.length + 1 }, () => bitsFor(size));
    for (const { number, from, to } of ranges)
      for (let step = this.#stepOf(from); step <= this.#stepOf(to); step++) {
        const members = this.#members[step];
        if (members !== undefined) add(members, number);
      }
  }

  pass(value: number, into: Bits): void {
    if (this.#members.length === 0) return;
    const members = this.#members[this.#stepOf(value)];
    if (members !== undefined) join(into, members);
  }

  all(into: Bits): void {
    if (this.#members.length > 0) join(into, this.#everybody);
  }

  /** How many bounds lie below the value, or at it: one value, one step. */
  #stepOf(value: number): number {
    let [low, high] = [0, this.#bounds.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#bounds[middle] ?? 0) <= value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function quantiles(sorted: readonly number[]): readonly number[] {
  if (sorted.length <= STEPS) return [...new Set(sorted)];
  return [...new Set(Array.from({ length: STEPS }, (_, n) => sorted[Math.floor((n * sorted.length) / STEPS)] ?? 0))];
}

function push<K>(map: Map<K, number[]>, key: K, number: number): void {
  const there = map.get(key);
  if (there === undefined) map.set(key, [number]);
  else there.push(number);
}
