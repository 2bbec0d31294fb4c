import type { Change } from "./change.ts";
import type { Lookup } from "./evaluate.ts";
import type { Columns, FieldValue } from "./value.ts";

/** Reads `event.<column>` (after), `before.<column>` and `change.<by|depth|tag|message>` off a change; else null. */
export function changeLookup(change: Change): Lookup {
  return (field) => {
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
  };
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
