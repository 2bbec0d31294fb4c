/** What cannot be equal in two runs: ids, times, ports, keys of the machine, stack frames. Their form is kept. */
export function normalised(value: unknown): unknown {
  if (typeof value === "string") return normalisedText(value);
  if (Array.isArray(value)) return value.map(normalised);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([name]) => !OF_THE_SERVER.has(name));
  return Object.fromEntries(entries.map(([name, part]) => [name, name in COUNTS ? "some" : normalised(part)]));
}

/** Response headers of the web server that `callHttp` met. */
const OF_THE_SERVER: ReadonlySet<string> = new Set(["Server", "Connection", "Keep-Alive"]);
/** The recorded host had instances of earlier scenarios too; and the library's own times. */
const COUNTS = { instancesDeleted: true, startTime: true, requestTime: true, duration: true };

const RULES: readonly (readonly [RegExp, string])[] = [
  [/http:\/\/(localhost|127\.0\.0\.1):\d{3,}/g, "<origin>"],
  // All frames of a stack, in a text or in the JSON within a text (within a text …).
  [/(\\+n|\n) {3,4}at [^"]*?(?=\\*"|$)/g, "<stack>"],
  [/ {3}at [^"]*?(?=\\*"|$)/g, "<stack>"],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, "<guid>"],
  [/\b[0-9a-f]{32}\b/g, "<hex>"],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|\+00:00)/g, "<time>"],
  [/\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT/g, "<date>"],
  [/\\*"(Server|Connection|Keep-Alive)\\*":\\*"[^"]*",/g, ""],
  [/known (\w+) functions: .*?\./g, "known $1 functions: …"],
];

function normalisedText(text: string): string {
  return RULES.reduce((result, [pattern, by]) => result.replace(pattern, by), text);
}

/** A trigger's history with its times as ranks: not when, but in which order. */
export function ranked<T extends { readonly EventType: number; readonly Timestamp: string }>(
  history: readonly T[],
): unknown[] {
  const times = [
    ...new Set(history.filter(({ EventType }) => EventType !== 15).map(({ Timestamp }) => comparable(Timestamp))),
  ].sort();
  return history.map((event) => {
    // When somebody outside raised an event is not the engine's doing.
    if (event.EventType === 15) return { ...(normalised(event) as object) };
    const rank = times.indexOf(comparable(event.Timestamp));
    return { ...(normalised(event) as object), Timestamp: `time ${rank}` };
  });
}

function comparable(stamp: string): string {
  const [whole = "", fraction = ""] = stamp.slice(0, -1).split(".");
  return `${whole}.${fraction.padEnd(7, "0")}`;
}
