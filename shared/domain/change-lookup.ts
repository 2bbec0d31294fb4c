import type { Change } from "./change.ts";
import type { Lookup } from "./compare.ts";
import { same } from "./sameness.ts";
import type { Columns, FieldValue } from "./value.ts";

/** What can be asked of one change. It remembers its answers: each trigger that may fire asks much the same. */
export interface ChangeFacts {
  /** `event.<column>` (after), `before.<column>` and `change.<by|depth|tag|message>`; all else is null. */
  readonly lookup: Lookup;
  /** Whether a column's value differs from before; one that an image lacks is null there. */
  readonly differs: (column: string) => boolean;
}

export function factsOf(change: Change): ChangeFacts {
  return {
    lookup: remembered((field) => readField(change, field)),
    differs: remembered((column) => !same(columnOf(change.before, column), columnOf(change.after, column))),
  };
}

function remembered<T>(answer: (question: string) => T): (question: string) => T {
  const known = new Map<string, T>();
  return (question) => {
    const found = known.get(question);
    if (found !== undefined) return found;
    const value = answer(question);
    known.set(question, value);
    return value;
  };
}

function readField(change: Change, field: string): FieldValue {
  const dot = field.indexOf(".");
  const name = field.slice(dot + 1);
  switch (field.slice(0, dot)) {
    case "event":
      return columnOf(change.after, name);
    case "before":
      return columnOf(change.before, name);
    case "change":
      return changeFact(change, name);
    default:
      return null;
  }
}

/** A column's value; absent is null, and so are the names that every object inherits. */
export function columnOf(columns: Columns | null, name: string): FieldValue {
  return columns !== null && Object.hasOwn(columns, name) ? (columns[name] ?? null) : null;
}

function changeFact(change: Change, name: string): FieldValue {
  switch (name) {
    case "by":
      return change.by;
    case "depth":
      return change.depth;
    case "tag":
      return change.tag;
    case "message":
      return change.message;
    default:
      return null;
  }
}
