import type { Operator } from "../condition.ts";
import type { Failed } from "../evaluate.ts";
import { parseField } from "../fields.ts";
import type { FieldValue } from "../value.ts";
import type { Speaker } from "./speaker.ts";

/** A value that was seen where another one was needed, ready to be shown. */
export interface SeenValue {
  readonly label: string;
  readonly expected: string;
  readonly seen: string;
  readonly before?: string;
  /** When it was read, ISO 8601, where that was later than the change. */
  readonly readAt?: string;
}

export interface ToldFailure {
  readonly text: string;
  readonly values: SeenValue | null;
  readonly mend: string;
}

/** Whose columns a condition's fields are. */
export interface FieldsOf {
  /** Table of the record; null where there is none. */
  readonly table: string | null;
  readonly member: string | null;
  /** When rows were read for it; null where nothing but the change itself was asked. */
  readonly readAt: number | null;
}

/** What the contrary of a comparison asks for, where that has a word of its own. */
const CONTRARY: Partial<Record<string, Operator>> = {
  eq: "ne",
  ne: "eq",
  gt: "le",
  ge: "lt",
  lt: "ge",
  le: "gt",
};

/** The comparison that decided, as a sentence: what was seen, and what was needed. */
export function tellFailed(failed: Failed, of: FieldsOf, speaker: Speaker): ToldFailure {
  const { say } = speaker;
  const label = labelOf(failed, of, speaker);
  const seen = shown(failed.seen, failed.field, of, speaker);
  const needed = neededOf(failed, of, speaker);
  const readAt = of.readAt !== null && isReadLater(failed) ? of.readAt : null;
  const before = failed.before === undefined ? undefined : shown(failed.before, failed.field, of, speaker);
  const sentence =
    before === undefined ? say.isNeeded(label, seen, needed) : say.movedNeeded(label, before, seen, needed);
  return {
    text: readAt === null ? sentence : say.readAt(sentence, speaker.when(readAt)),
    values: {
      ...{ label, expected: needed, seen },
      ...(before === undefined ? {} : { before }),
      ...(readAt === null ? {} : { readAt: new Date(readAt).toISOString() }),
    },
    mend: say.mend.condition(`${label}${say.colon}${needed}`),
  };
}

/** Values of the event are as they were then; all else was read when it was decided. */
function isReadLater({ field, op }: Failed): boolean {
  if (op === "has" || op === "has-no" || op === "count") return true;
  return /^(record|audience|related)\./.test(field);
}

function neededOf(failed: Failed, of: FieldsOf, speaker: Speaker): string {
  const { say } = speaker;
  const { op, expected, field, negated } = failed;
  const words = (operator: string): ((value: string) => string) =>
    (say.needed as Readonly<Record<string, (value: string) => string>>)[operator] ?? say.needed.missing;
  if (op === "count" && failed.asked?.kind === "count") {
    const needed = words(failed.asked.op)(shown(failed.asked.value, "", of, speaker));
    return negated === true ? say.neededNot(needed) : needed;
  }
  const contrary = negated === true ? CONTRARY[op] : undefined;
  const needed = words(contrary ?? op)(expectedWords(op, expected, field, of, speaker));
  return negated === true && contrary === undefined ? say.neededNot(needed) : needed;
}

function expectedWords(op: string, expected: FieldValue, field: string, of: FieldsOf, speaker: Speaker): string {
  if (op === "in" && Array.isArray(expected))
    return speaker.say.oneOf(expected.map((value: FieldValue) => shown(value, field, of, speaker)));
  if ((op === "within-last" || op === "within-next") && typeof expected === "string")
    return spanWords(expected, speaker);
  return shown(expected, field, of, speaker);
}

const UNITS: Readonly<Record<string, string>> = { Y: "year", M: "month", W: "week", D: "day", H: "hour", S: "second" };

/** `P1DT2H` as "1 day 2 hours". */
export function spanWords(duration: string, { say }: Speaker): string {
  const [date = "", time = ""] = duration.split("T");
  const parts = [...date.matchAll(/([\d.]+)([YMWD])/g), ...time.matchAll(/([\d.]+)([HMS])/g)].map((part) => {
    const unit = part[2] === "M" && part.input === time ? "minute" : (UNITS[part[2] ?? ""] ?? "day");
    return new Intl.NumberFormat(say.locale, { style: "unit", unit, unitDisplay: "long" }).format(Number(part[1]));
  });
  return parts.length === 0 ? duration : say.span(parts);
}

/** Fields as a list of labels; `before.*` asks for whatever was there before. */
export function labelsOf(fields: readonly string[], of: FieldsOf, speaker: Speaker): string {
  const { say } = speaker;
  const labels = fields.map((field) =>
    field === "before.*"
      ? say.fields.valuesBefore
      : labelOf({ field, op: "eq", expected: null, seen: null }, of, speaker),
  );
  return new Intl.ListFormat(say.locale, { type: "conjunction" }).format(labels);
}

/** A field as people know it: the column's label, and whose it is if it is not the record's. */
function labelOf({ field, asked }: Failed, of: FieldsOf, speaker: Speaker): string {
  const { fields } = speaker.say;
  if (asked !== undefined) return fields.rows(speaker.quoted(speaker.table(asked.table)));
  const path = parseField(field);
  if (path === undefined) return fields.anything;
  const table = tableOf(field, of, speaker);
  const column = table === null ? path.name : speaker.column(table, path.name);
  switch (path.scope) {
    case "event":
    case "record":
      return column;
    case "before":
      return fields.before(column);
    case "audience":
      return fields.ofPerson(column);
    case "related":
      return fields.ofRelated(column, of.table === null ? path.lookup : speaker.column(of.table, path.lookup));
    case "survey":
      return fields.answer(path.name);
    case "discount":
      return fields.code;
    case "change":
      return { by: fields.by, depth: fields.depth, tag: fields.tag, message: fields.message }[path.name] ?? path.name;
  }
}

/** The table whose column a field is, where that is known. */
export function tableOf(field: string, of: FieldsOf, { speaking }: Speaker): string | null {
  const path = parseField(field);
  switch (path?.scope) {
    case "event":
      return path.step === null ? of.table : null;
    case "before":
    case "record":
      return of.table;
    case "audience":
      return of.member?.split(":")[0] ?? "contact";
    case "related": {
      const columns = of.table === null ? undefined : speaking.glossary.tables[of.table]?.columns;
      return columns?.find(({ column }) => column === path.lookup)?.targets[0] ?? null;
    }
    default:
      return null;
  }
}

function shown(value: FieldValue, field: string, of: FieldsOf, speaker: Speaker): string {
  const path = parseField(field);
  if (path?.scope === "change" && path.name === "by" && typeof value === "string") return speaker.user(value);
  return speaker.value(tableOf(field, of, speaker), path?.name ?? "", value);
}
