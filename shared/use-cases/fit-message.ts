import type { Change } from "../domain/change.ts";
import type { Failed } from "../domain/evaluate.ts";
import type { TriggerEvent } from "../domain/event.ts";
import type { NotFired } from "../domain/judge.ts";
import type { Columns, FieldValue } from "../domain/value.ts";
import type { Changes } from "../stores/changes.ts";

/** Longer text stays in the stored body; messages and state carry a reference. In characters. */
const LONGEST_VALUE = 4_000;
/** What a reason shows of a value that was seen. In characters of JSON. */
const LONGEST_SEEN = 200;
/** Below the bus's own limit of 256 KB by what a message has beside its body. In bytes of JSON. */
const LARGEST_MESSAGE = 190_000;
/** A character of JSON is at most three bytes in UTF-8. */
const MOST_BYTES_A_CHARACTER = 3;

/** Whether a message's body is more than the bus should carry. */
export function isLarge(body: unknown): boolean {
  const json = JSON.stringify(body);
  if (json.length * MOST_BYTES_A_CHARACTER <= LARGEST_MESSAGE) return false;
  return Buffer.byteLength(json) > LARGEST_MESSAGE;
}

/** Leaves long text, or everything where there is much of it, to the stored body. */
export function fitEvent(event: TriggerEvent, change: Change, changes: Pick<Changes, "ref">): TriggerEvent {
  const short = { ...event, after: shortOf(event.after), before: shortOf(event.before) };
  const complete = size(short.after) === size(event.after) && size(short.before) === size(event.before);
  if (isLarge(short)) return { ...short, after: {}, before: {}, changeRef: changes.ref(change) };
  return complete ? short : { ...short, changeRef: changes.ref(change) };
}

/** A reason with the beginnings of what it saw: fifty triggers may have looked at one long text. */
export function fitReason(failed: NotFired): NotFired {
  return typeof failed === "string" ? failed : shortened(failed);
}

export function shortened(failed: Failed): Failed {
  const { expected, seen, before } = failed;
  return {
    ...failed,
    expected: beginningOf(expected),
    seen: beginningOf(seen),
    ...(before === undefined ? {} : { before: beginningOf(before) }),
  };
}

function beginningOf(value: FieldValue): FieldValue {
  if (value === null || typeof value === "number" || typeof value === "boolean") return value;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length <= LONGEST_SEEN ? value : `${text.slice(0, LONGEST_SEEN)}…`;
}

function shortOf(columns: Columns): Columns {
  return Object.fromEntries(
    Object.entries(columns).filter(([, value]) => typeof value !== "string" || value.length <= LONGEST_VALUE),
  );
}

function size(columns: Columns): number {
  return Object.keys(columns).length;
}
