import { fieldAfter, fieldBefore } from "./compare.ts";
import type { Condition } from "./condition.ts";
import { isAtHand } from "./evaluate.ts";
import { sameKey } from "./sameness.ts";
import type { FieldValue } from "./value.ts";

/** A key that values are compared by. */
export type Key = ReturnType<typeof sameKey>;

/** The condition can only hold where the field's value has one of these keys. No key: it never holds. */
export interface Narrowing {
  readonly field: string;
  readonly keys: ReadonlySet<Key>;
}

/** What must be true of single fields if a condition is to hold: what the matcher can look up instead of evaluating. */
export function narrowings(condition: Condition): readonly Narrowing[] {
  switch (condition.kind) {
    case "all":
      return condition.of.flatMap(narrowings);
    case "any":
      return inEach(condition.of.map(narrowings));
    case "not":
    // Only rows can tell.
    case "has":
    case "has-no":
    case "count":
      return [];
    case "compare":
      if (!isAtHand(condition.field)) return [];
      switch (condition.op) {
        case "eq":
          return [to(condition.field, [condition.value].filter(isValue))];
        case "in":
          return [to(condition.field, condition.value.filter(isValue))];
        case "is-null":
          return [to(condition.field, [null])];
        case "changed-to":
          return [to(fieldAfter(condition.field), [condition.value])];
        case "changed-from":
          return [to(fieldBefore(condition.field), [condition.value])];
        default:
          return [];
      }
  }
}

function to(field: string, values: readonly FieldValue[]): Narrowing {
  return { field, keys: new Set(values.map(sameKey)) };
}

/** `eq` and `in` never hold for null. */
function isValue(value: FieldValue): boolean {
  return value !== null;
}

/** Fields that every alternative narrows, to what any of them allows. */
function inEach(alternatives: readonly (readonly Narrowing[])[]): Narrowing[] {
  const [first = [], ...others] = alternatives;
  return first.flatMap((narrowing) => {
    const keys = new Set(narrowing.keys);
    for (const other of others) {
      const match = other.find(({ field }) => field === narrowing.field);
      if (match === undefined) return [];
      for (const key of match.keys) keys.add(key);
    }
    return [{ field: narrowing.field, keys }];
  });
}
