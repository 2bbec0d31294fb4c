import { add, type Bits, bitsFor, forEach, join, meet } from "./bits.ts";
import type { Change } from "./change.ts";
import type { Lookup } from "./compare.ts";
import { FieldSieve } from "./field-sieve.ts";
import { type FieldTest, fieldTests } from "./field-tests.ts";
import type { RecordTrigger } from "./trigger.ts";

/** So few triggers are looked at one by one: as many as a decision gives reasons for. */
const FEW = 50;
/** A field is worth looking up where this part of the triggers asks it; there are never many such. */
const WORTH = 64;

/**
 * Triggers of one table and message that no single value narrows: by ranges, parts of texts and several columns. For
 * each field and each column one set of bits: what is in all of them may fire. Time grows with a thirty-second of the
 * triggers, and with those that come near.
 */
export class Sieve {
  readonly #triggers: readonly RecordTrigger[];
  readonly #fields: ReadonlyMap<string, FieldSieve>;
  readonly #byColumn = new Map<string, Bits>();
  /** Those who listen to any column, or whose message names none. */
  readonly #anyColumn: Bits;
  // Used anew by each change: nothing waits in between.
  readonly #near: Bits;
  readonly #passed: Bits;

  constructor(triggers: readonly RecordTrigger[], ofUpdates: boolean) {
    this.#triggers = triggers;
    const size = triggers.length;
    [this.#anyColumn, this.#near, this.#passed] = [bitsFor(size), bitsFor(size), bitsFor(size)];
    for (const [number, { updated }] of triggers.entries())
      if (!ofUpdates || updated === undefined || updated.columns === "any") add(this.#anyColumn, number);
      else for (const column of updated.columns) add(this.#columnOf(column, size), number);
    this.#fields = size <= FEW ? new Map() : fieldsOf(triggers);
  }

  /** Calls with the number of each trigger that the change may fire, in their order. */
  look(change: Change, lookup: Lookup, visit: (number: number) => void): void {
    if (change.oversize) {
      for (const number of this.#triggers.keys()) visit(number);
      return;
    }
    this.#near.set(this.#anyColumn);
    for (const column of change.written) {
      const listening = this.#byColumn.get(column);
      if (listening !== undefined) join(this.#near, listening);
    }
    for (const [field, sieve] of this.#fields) {
      this.#passed.fill(0);
      sieve.pass(lookup(field), this.#passed);
      meet(this.#near, this.#passed);
    }
    forEach(this.#near, visit);
  }

  #columnOf(column: string, size: number): Bits {
    const there = this.#byColumn.get(column) ?? bitsFor(size);
    this.#byColumn.set(column, there);
    return there;
  }
}

function fieldsOf(triggers: readonly RecordTrigger[]): ReadonlyMap<string, FieldSieve> {
  const tests = new Map<string, Map<number, FieldTest>>();
  for (const [number, { condition }] of triggers.entries())
    for (const [field, test] of condition === undefined ? [] : fieldTests(condition)) {
      const there = tests.get(field) ?? new Map<number, FieldTest>();
      tests.set(field, there.set(number, test));
    }
  const worth = [...tests].filter(([, of]) => of.size * WORTH >= triggers.length);
  return new Map(worth.map(([field, of]) => [field, new FieldSieve(triggers.length, of)]));
}
