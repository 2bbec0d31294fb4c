import type { Change } from "../change.ts";
import { columnOf } from "../change-lookup.ts";
import { fieldsOf } from "../evaluate.ts";
import { type FieldPath, parseField } from "../fields.ts";
import { same } from "../sameness.ts";
import type { Evidence, SeenChange } from "./evidence.ts";
import type { Speaker } from "./speaker.ts";

/** One column that a change gave another value. */
export interface Moved {
  readonly label: string;
  readonly before: string;
  readonly after: string;
}

const MOST_MOVED = 12;

/** A change as a sentence: what was done to which row, and by whom. */
export function tellChange(change: SeenChange, { subject }: Pick<Evidence, "subject">, speaker: Speaker): string {
  const { body } = change;
  const { say } = speaker;
  const row = rowOf(change, subject, speaker);
  if (body === undefined) return say.change.unkept(row);
  const { via = "webhook", received } = change.decision;
  const made = say.change.made[body.message](row, speaker.user(body.by));
  if (via === "webhook") return made;
  return `${made} ${say.change.via[via](speaker.when(received === undefined ? change.decision.at : Date.parse(received)))}`;
}

/** What it changed, of the columns that some trigger or journey looks at. */
export function movedBy({ body, triggers }: SeenChange, evidence: Evidence, speaker: Speaker): readonly Moved[] {
  if (body === undefined) return [];
  const moved: Moved[] = [];
  for (const column of watched(triggers, evidence)) {
    const [before, after] = [columnOf(body.before, column), columnOf(body.after, column)];
    if (same(before, after) || moved.length === MOST_MOVED) continue;
    const value = (it: typeof before): string => speaker.value(body.table, column, it);
    moved.push({ label: speaker.column(body.table, column), before: value(before), after: value(after) });
  }
  return moved;
}

/** Columns that triggers listen to, and that their conditions and the journeys' filters ask. */
export function watched(triggers: SeenChange["triggers"], { journeys }: Pick<Evidence, "journeys">): readonly string[] {
  const columns = new Set<string>();
  for (const { updated, condition, slug } of triggers) {
    for (const column of updated === undefined || updated.columns === "any" ? [] : updated.columns) columns.add(column);
    const filters = Object.values(journeys).flatMap((it) => (it.trigger === slug ? (it.filter ?? []) : []));
    for (const asked of [...(condition === undefined ? [] : [condition]), ...filters])
      for (const path of fieldsOf(asked)) {
        const field = parseField(path);
        if ((field?.scope === "event" || field?.scope === "before") && field.step === null) columns.add(field.name);
      }
  }
  return [...columns];
}

/** Fields that the journeys' filters ask. */
export function watchedFields({ journeys }: Pick<Evidence, "journeys">): readonly FieldPath[] {
  const filters = Object.values(journeys).flatMap(({ filter }) => filter ?? []);
  return filters.flatMap((filter) => fieldsOf(filter).flatMap((path) => parseField(path) ?? []));
}

/** Whether it is a change of the very row that is asked about. */
export function isOf(subject: Evidence["subject"], change: Change): boolean {
  return change.record === subject.id && change.table === subject.table;
}

function rowOf({ body }: SeenChange, subject: Evidence["subject"], speaker: Speaker): string {
  if (body === undefined || isOf(subject, body)) return speaker.row(subject.table, subject.id, subject.name);
  return speaker.row(body.table, body.record, null);
}
