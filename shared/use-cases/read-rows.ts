import { columnOf } from "../domain/change-lookup.ts";
import { type Counting, lookupIn, mostOf, type RowComparison } from "../domain/child-rows.ts";
import { addDuration } from "../domain/duration.ts";
import type { TriggerEvent } from "../domain/event.ts";
import { type Columns, isReference, type RecordAddress, type Reference } from "../domain/value.ts";
import type { RowsOf, RowWhere } from "../ports/dataverse.ts";
import type { Deps } from "./deps.ts";
import { masterOf } from "./resolve-person.ts";

/** What is asked of rows: columns of the record, of the person, of rows one lookup away, and numbers of child rows. */
export interface RowsAsked {
  readonly record: readonly string[];
  readonly audience: readonly string[];
  readonly related: ReadonlyMap<string, ReadonlySet<string>>;
  readonly countings: readonly Counting[];
}

export interface RowsRead {
  /** Undefined where it was not asked for, or is gone. */
  readonly record: Columns | undefined;
  readonly audience: Columns;
  readonly related: Readonly<Record<string, Columns>>;
  readonly counts: ReadonlyMap<Counting, number>;
}

/** About whom and what they are asked. */
export interface RowsAbout {
  /** `contact:<id>` or `lead:<id>`; null where the event names nobody. */
  readonly member: string | null;
  readonly entry: TriggerEvent;
  /** The event is only just coming in: its lookups are as they are now. */
  readonly entering: boolean;
}

/** Merges form chains, but a long one is a loop in somebody's data. */
const LONGEST_CHAIN = 5;

/**
 * Rows as they are now, in one request where the event brings the lookups that lead to them, else in two. A person who
 * was merged meanwhile is the one that survived.
 */
export async function readRows(
  asked: RowsAsked,
  about: RowsAbout,
  deps: Pick<Deps, "clock" | "dataverse">,
): Promise<RowsRead> {
  const first = await round(asked, about, known(asked, about), deps);
  // A row that is gone leads where its last image did.
  const leading = first.record ?? { ...about.entry.before, ...about.entry.after };
  const second = first.open.length > 0 ? await round(rest(asked, first.open), about, leading, deps) : undefined;
  let { audience, counts } = first;
  let member = about.member;
  for (let hop = 0; hop < LONGEST_CHAIN; hop += 1) {
    const master = masterOf(audience);
    if (master === undefined) break;
    member = `contact:${master}`;
    const again = await round(ofPerson(asked), { ...about, member }, {}, deps);
    audience = again.audience;
    counts = new Map([...counts, ...again.counts]);
  }
  return {
    record: first.record,
    audience,
    related: { ...first.related, ...second?.related },
    // Nobody has no rows.
    counts: new Map([...asked.countings.map((each) => [each, 0] as const), ...counts, ...(second?.counts ?? [])]),
  };
}

/** Lookups that the event itself tells. After a delete only the values before are left. */
function known(asked: RowsAsked, { entry, entering }: RowsAbout): Columns {
  if (!entering || entry.record === null) return {};
  const image = entry.message === "delete" ? entry.before : entry.after;
  const there = lookupsOf(asked).filter((name) => Object.hasOwn(image, name));
  return Object.fromEntries(there.map((name) => [name, columnOf(image, name)]));
}

function lookupsOf({ related, countings }: RowsAsked): readonly string[] {
  return [...new Set([...related.keys(), ...countings.flatMap(({ whose }) => lookupIn(whose) ?? [])])];
}

interface Round extends RowsRead {
  /** Lookups of the record that nobody knew beforehand. */
  readonly open: readonly string[];
}

/** All that can be asked with the lookups that are known. */
async function round(
  asked: RowsAsked,
  about: RowsAbout,
  lookups: Columns,
  { clock, dataverse }: Pick<Deps, "clock" | "dataverse">,
): Promise<Round> {
  const { record } = about.entry;
  const open = lookupsOf(asked).filter((name) => !Object.hasOwn(lookups, name));
  const own = [...new Set([...asked.record, ...open])];
  const person = personAsked(asked, about.member);
  const reached = [...asked.related].flatMap(([name, columns]) => {
    const to = referenceIn(lookups, name);
    return to === undefined ? [] : [{ name, table: to.table, id: to.id, columns: [...columns] }];
  });
  const counted = asked.countings.flatMap((counting) => {
    const to = ownerOf(counting, about, lookups);
    return to === undefined ? [] : [{ counting, ask: rowsOf(counting, to, record, clock.now()) }];
  });
  const rows = [
    ...(own.length > 0 && record !== null ? [{ ...record, columns: own }] : []),
    ...(person === undefined ? [] : [person]),
    ...reached,
  ];
  const found = await dataverse.look({ rows, counts: counted.map(({ ask }) => ask) });
  const answers = [...found.rows];
  const row = own.length > 0 && record !== null ? answers.shift() : undefined;
  const audience = person === undefined ? {} : (answers.shift() ?? {});
  return {
    ...{ record: row, audience, open },
    related: Object.fromEntries(reached.map(({ name }, at) => [name, answers[at] ?? {}])),
    counts: new Map(counted.map(({ counting }, at) => [counting, found.counts[at] ?? 0])),
  };
}

/** The person's row: also where only rows of theirs are counted, for they may have been merged. */
function personAsked({ audience, countings }: RowsAsked, member: string | null) {
  const wanted = audience.length > 0 || countings.some(({ whose }) => whose === "audience");
  if (!wanted || member === null) return undefined;
  const { table, id } = addressOf(member);
  return { table, id, columns: [...audience, ...(table === "contact" ? ["merged", "masterid"] : [])] };
}

/** Whose rows are counted; undefined where that is nobody, or not known yet. */
function ownerOf({ whose }: Counting, { member, entry }: RowsAbout, lookups: Columns): string | undefined {
  if (whose === "audience") return member === null ? undefined : addressOf(member).id;
  const name = lookupIn(whose);
  return name === undefined ? entry.record?.id : referenceIn(lookups, name)?.id;
}

function rowsOf(asked: Counting, to: string, record: RecordAddress | null, now: number): RowsOf {
  const { table, lookup, where } = asked;
  const except = asked.others && record?.table === table ? record.id : null;
  return { table, lookup, to, except, where: where.map((each) => measured(each, now)), most: mostOf(asked) };
}

/** Dataverse knows spans of its own, but none that is longer or shorter than whole days. */
function measured(where: RowComparison, now: number): RowWhere {
  const { column } = where;
  switch (where.op) {
    case "within-last":
      return { column, op: "between", from: addDuration(now, where.value, -1), to: now };
    case "within-next":
      return { column, op: "between", from: now, to: addDuration(now, where.value) };
    default:
      return where;
  }
}

function rest(asked: RowsAsked, open: readonly string[]): RowsAsked {
  return {
    ...{ record: [], audience: [] },
    related: new Map([...asked.related].filter(([name]) => open.includes(name))),
    countings: asked.countings.filter(({ whose }) => open.includes(lookupIn(whose) ?? "")),
  };
}

function ofPerson(asked: RowsAsked): RowsAsked {
  const countings = asked.countings.filter(({ whose }) => whose === "audience");
  return { record: [], audience: asked.audience, related: new Map(), countings };
}

function referenceIn(columns: Columns, name: string): Reference | undefined {
  const value = columnOf(columns, name);
  return isReference(value) ? value : undefined;
}

function addressOf(member: string): { readonly table: string; readonly id: string } {
  const [table = "", id = ""] = member.split(":");
  return { table, id };
}
