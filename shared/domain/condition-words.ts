import { type Counting, lookupIn, type RowComparison } from "./child-rows.ts";
import type { Comparison, Condition } from "./condition.ts";
import { type ConditionPhrases, englishConditions, frenchConditions } from "./condition-phrases.ts";
import type { RecordTrigger } from "./trigger.ts";
import type { FieldValue } from "./value.ts";
import { labelsOf, spanWords, tableOf } from "./why/failed-words.ts";
import type { Speaker } from "./why/speaker.ts";

/** A trigger as its author would say it. */
export interface TriggerWords {
  /** `When “State” changes in a record of “Case”` */
  readonly when: string;
  /** Null where it has none. */
  readonly condition: string | null;
  /** By whom or what, where that is limited. */
  readonly who: string | null;
}

/** What a trigger listens to, in the speaker's language and with the organisation's own labels. */
export function triggerWords(trigger: RecordTrigger, speaker: Speaker): TriggerWords {
  const say = phrasesOf(speaker);
  const who = whoWords(trigger, speaker, say);
  return {
    when: say.when(messagesOf(trigger, speaker, say)),
    condition: trigger.condition === undefined ? null : conditionWords(trigger.condition, trigger.table, speaker),
    who: who.length === 0 ? null : say.and(who),
  };
}

/** A condition in words. `table`: the one whose columns `event.…`, `before.…` and `record.…` are. */
export function conditionWords(condition: Condition, table: string, speaker: Speaker): string {
  return words(condition, table, speaker, phrasesOf(speaker));
}

function words(condition: Condition, table: string, speaker: Speaker, say: ConditionPhrases): string {
  switch (condition.kind) {
    case "all":
    case "any": {
      const parts =
        condition.kind === "all"
          ? jointly(condition.of, table, speaker, say)
          : condition.of.map((part) => grouped(part, table, speaker, say));
      if (parts.length === 0) return condition.kind === "all" ? say.always : say.never;
      return condition.kind === "all" ? say.and(parts) : say.or(parts);
    }
    case "not":
      return say.not(grouped(condition.of, table, speaker, say));
    case "compare":
      return comparisonWords(condition, table, speaker, say);
    default:
      return countingWords(condition, table, speaker, say);
  }
}

/** What must all hold; "from" and "to" of one column, as an example shows them, are said as one. */
function jointly(of: readonly Condition[], table: string, speaker: Speaker, say: ConditionPhrases): string[] {
  const said: string[] = [];
  for (let n = 0; n < of.length; n += 1) {
    const [part, after] = [of[n], of[n + 1]];
    if (part === undefined) continue;
    const moved = after === undefined ? undefined : fromTo(part, after, table, speaker, say);
    said.push(moved ?? grouped(part, table, speaker, say));
    if (moved !== undefined) n += 1;
  }
  return said;
}

function fromTo(from: Condition, to: Condition, table: string, speaker: Speaker, say: ConditionPhrases) {
  if (from.kind !== "compare" || to.kind !== "compare" || from.field !== to.field) return undefined;
  if (from.op !== "changed-from" || to.op !== "changed-to") return undefined;
  const { label, shown } = fieldWords(from.field, table, speaker);
  return `${label} ${say.fromTo(shown(from.value), shown(to.value))}`;
}

/** Several parts within others stand in brackets: else nobody could tell what belongs together. */
function grouped(condition: Condition, table: string, speaker: Speaker, say: ConditionPhrases): string {
  const text = words(condition, table, speaker, say);
  const several = (condition.kind === "all" || condition.kind === "any") && condition.of.length > 1;
  return several ? `(${text})` : text;
}

function comparisonWords(comparison: Comparison, table: string, speaker: Speaker, say: ConditionPhrases): string {
  const { label, shown } = fieldWords(comparison.field, table, speaker);
  return `${label} ${said(comparison, shown, speaker, say)}`;
}

function fieldWords(field: Comparison["field"], table: string, speaker: Speaker) {
  const of = { table, member: null, readAt: null };
  const column = field.split(".").at(-1) ?? "";
  const shown = (value: FieldValue): string => speaker.value(tableOf(field, of, speaker), column, value);
  return { label: labelsOf([field], of, speaker), shown };
}

function countingWords(asked: Counting, table: string, speaker: Speaker, say: ConditionPhrases): string {
  const lookup = lookupIn(asked.whose);
  const owner =
    asked.whose === "audience"
      ? say.person
      : lookup === undefined
        ? say.record
        : say.owner(speaker.column(table, lookup));
  const shown = (column: string) => (value: FieldValue) => speaker.value(asked.table, column, value);
  const where = asked.where.map(
    (each) => `${speaker.column(asked.table, each.column)} ${said(each, shown(each.column), speaker, say)}`,
  );
  const other = asked.others && asked.table === table;
  const many = asked.kind === "count" && asked.value > 1;
  const named = say.rows(speaker.quoted(speaker.table(asked.table)), other, many);
  const rows = where.length === 0 ? named : `${named}${say.where(say.and(where))}`;
  if (asked.kind === "count") return say.count[asked.op](owner, String(asked.value), rows);
  return asked.kind === "has" ? say.has(owner, rows) : say.hasNo(owner, rows);
}

function said(
  comparison: Comparison | RowComparison,
  shown: (value: FieldValue) => string,
  speaker: Speaker,
  say: ConditionPhrases,
): string {
  const says = say.says[comparison.op];
  if (!("value" in comparison)) return says("");
  if (comparison.op === "within-last" || comparison.op === "within-next")
    return says(spanWords(comparison.value, speaker));
  return says(comparison.op === "in" ? say.or(comparison.value.map(shown)) : shown(comparison.value));
}

function messagesOf({ table, created, updated, deleted }: RecordTrigger, speaker: Speaker, say: ConditionPhrases) {
  const name = speaker.quoted(speaker.table(table));
  const parts = created ? [say.created(name)] : [];
  if (updated?.columns === "any") parts.push(updated.onlyWhenChanged ? say.anyChanged(name) : say.anySaved(name));
  else if (updated !== undefined) {
    const columns = say.or(updated.columns.map((column) => speaker.quoted(speaker.column(table, column))));
    parts.push(updated.onlyWhenChanged ? say.changed(columns, name) : say.saved(columns, name));
  }
  return deleted ? [...parts, say.deleted(name)] : parts;
}

function whoWords({ by, ignore }: RecordTrigger, speaker: Speaker, say: ConditionPhrases): string[] {
  const named = (users: readonly string[]): string => say.or(users.map((user) => speaker.user(user.toLowerCase())));
  return [
    ...(by === undefined ? [] : [say.by(named(by))]),
    ...(ignore === undefined || ignore.users.length === 0 ? [] : [say.notBy(named(ignore.users))]),
    ...(ignore?.imports === true ? [say.notImports] : []),
    ...(ignore?.own === false ? [say.ownToo] : []),
  ];
}

function phrasesOf({ speaking }: Speaker): ConditionPhrases {
  return speaking.language === "fr" ? frenchConditions : englishConditions;
}
