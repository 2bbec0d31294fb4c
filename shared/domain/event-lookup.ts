import { columnOf } from "./change-lookup.ts";
import type { TriggerEvent } from "./event.ts";
import { parseField } from "./fields.ts";
import type { FieldValue } from "./value.ts";

/** Reads `event.…`, `before.…` and `change.…` off one event; all else is null here. */
export function eventLookup(event: TriggerEvent): (path: string) => FieldValue {
  return (path) => {
    const field = parseField(path);
    switch (field?.scope) {
      case "event":
        return field.step === null ? columnOf(event.after, field.name) : null;
      case "before":
        return columnOf(event.before, field.name);
      case "change":
        return changeValue(event, field.name);
      default:
        return null;
    }
  };
}

function changeValue(event: TriggerEvent, name: string): FieldValue {
  switch (name) {
    case "by":
      return event.by;
    case "depth":
      return event.depth;
    case "tag":
      return event.tag;
    case "message":
      return event.message;
    default:
      return null;
  }
}
