import type { Change, Message } from "./change.ts";
import { factsOf } from "./change-lookup.ts";
import type { Lookup } from "./compare.ts";
import type { Condition } from "./condition.ts";
import { judge, type NotFired } from "./judge.ts";
import { type Key, type Narrowing, narrowings } from "./narrowing.ts";
import { sameKey } from "./sameness.ts";
import { Sieve } from "./sieve.ts";
import type { RecordTrigger } from "./trigger.ts";

/** Published record triggers, indexed so that a change looks only at those that it may fire. */
export interface Matcher {
  /** Of the catalogue that it was compiled from: kept with each decision. */
  readonly generation: number;
  readonly tables: ReadonlyMap<string, Readonly<Record<Message, MessageIndex>>>;
}

export interface Matched {
  /** In the catalogue's order. */
  readonly fired: readonly RecordTrigger[];
  /** Of those that fired, by slug: what of their conditions only rows can tell. */
  readonly rests: ReadonlyMap<string, Condition>;
  /** Triggers that were evaluated and did not fire, at most 50: those that the index passes over are not listed. */
  readonly considered: readonly { readonly trigger: string; readonly failed: NotFired }[];
}

const MOST_CONSIDERED = 50;

interface Entry {
  readonly order: number;
  readonly trigger: RecordTrigger;
  /** Stands under several columns or values, so that one change may find it twice. */
  readonly shared: boolean;
}

/** First by written column (updates only), then by the value of the field that narrows best. */
interface MessageIndex {
  readonly anyColumn: Leaf;
  readonly byColumn: Map<string, Leaf>;
  /** What no one value narrows, or what too many others share it with. */
  readonly wide: Entry[];
  sieve: Sieve;
}

type Leaf = Map<string, Map<Key, Entry[]>>;

/** A value that more triggers ask for than this narrows little: other fields may tell them apart. */
const CROWD = 64;

/** Indexes a catalogue's triggers. Costs milliseconds for thousands: once for each generation, not for each change. */
export function compile(triggers: readonly RecordTrigger[], generation: number): Matcher {
  const tables = new Map<string, Record<Message, MessageIndex>>();
  const narrowed = triggers.map((trigger) => (trigger.condition === undefined ? [] : narrowings(trigger.condition)));
  const crowds = crowdsOf(triggers, narrowed);
  for (const [order, trigger] of triggers.entries()) {
    const best = narrowest(trigger.table, narrowed[order] ?? [], crowds);
    const columns = trigger.updated === undefined || trigger.updated.columns === "any" ? [] : trigger.updated.columns;
    const shared = best !== undefined && (columns.length > 1 || best.keys.size > 1);
    const entry: Entry = { order, trigger, shared };
    const table = orMake(tables, trigger.table, () => ({
      create: emptyIndex(),
      update: emptyIndex(),
      delete: emptyIndex(),
    }));
    const place = (index: MessageIndex): void => {
      if (best === undefined) index.wide.push(entry);
      else if (index !== table.update || columns.length === 0) post(entry, index.anyColumn, best);
      else for (const column of new Set(columns)) post(entry, orMake(index.byColumn, column, leaf), best);
    };
    if (trigger.created) place(table.create);
    if (trigger.deleted) place(table.delete);
    if (trigger.updated !== undefined) place(table.update);
  }
  for (const table of tables.values())
    for (const [message, index] of Object.entries(table))
      index.sieve = new Sieve(
        index.wide.map(({ trigger }) => trigger),
        message === "update",
      );
  return { generation, tables };
}

/** Which triggers a change fires, and why those nearby did not. `now` is for conditions on dates, in milliseconds. */
export function match(matcher: Matcher, change: Change, now: number): Matched {
  const index = matcher.tables.get(change.table)?.[change.message];
  if (index === undefined) return NOTHING;
  const facts = factsOf(change);
  const fired: Entry[] = [];
  let rests: Map<string, Condition> | undefined;
  const considered: { trigger: string; failed: NotFired }[] = [];
  const done = new Set<Entry>();
  const look = (entry: Entry): void => {
    if (entry.shared) {
      if (done.has(entry)) return;
      done.add(entry);
    }
    const verdict = judge(entry.trigger, change, now, facts);
    if (verdict.kind === "fired") {
      fired.push(entry);
      if (verdict.rest !== undefined) rests = (rests ?? new Map()).set(entry.trigger.slug, verdict.rest);
    } else if (verdict.kind === "not-fired" && considered.length < MOST_CONSIDERED)
      considered.push({ trigger: entry.trigger.slug, failed: verdict.failed });
  };
  for (const each of change.oversize ? leavesOf(index) : leavesFor(index, change))
    visit(each, change, facts.lookup, look);
  index.sieve.look(change, facts.lookup, (number) => {
    const entry = index.wide[number];
    if (entry !== undefined) look(entry);
  });
  const inOrder = fired.sort((one, other) => one.order - other.order).map(({ trigger }) => trigger);
  return { fired: inOrder, rests: rests ?? NO_RESTS, considered };
}

const NO_RESTS: ReadonlyMap<string, Condition> = new Map();
const NOTHING: Matched = { fired: [], rests: NO_RESTS, considered: [] };

function* leavesFor(index: MessageIndex, change: Change): Generator<Leaf> {
  yield index.anyColumn;
  for (const column of change.written) {
    const found = index.byColumn.get(column);
    if (found !== undefined) yield found;
  }
}

/** Nothing is known of an oversize change: whoever listens to its message is looked at. */
function* leavesOf(index: MessageIndex): Generator<Leaf> {
  yield index.anyColumn;
  yield* index.byColumn.values();
}

function visit(each: Leaf, change: Change, lookup: Lookup, look: (entry: Entry) => void): void {
  for (const [field, postings] of each) {
    if (change.oversize) for (const entries of postings.values()) entries.forEach(look);
    else postings.get(sameKey(lookup(field)))?.forEach(look);
  }
}

/** How many triggers of a table ask for one value of one field. */
type Crowds = Map<string, Map<Key, number>>;

function crowdsOf(triggers: readonly RecordTrigger[], narrowed: readonly (readonly Narrowing[])[]): Crowds {
  const crowds: Crowds = new Map();
  for (const [order, trigger] of triggers.entries())
    for (const { field, keys } of narrowed[order] ?? []) {
      const crowd = orMake(crowds, `${trigger.table} ${field}`, () => new Map<Key, number>());
      for (const key of keys) crowd.set(key, (crowd.get(key) ?? 0) + 1);
    }
  return crowds;
}

/** The narrowing that the fewest others share: a status is asked for by thousands, a product by three. */
function narrowest(table: string, choices: readonly Narrowing[], crowds: Crowds): Narrowing | undefined {
  let best: Narrowing | undefined;
  let smallest = Number.POSITIVE_INFINITY;
  for (const choice of choices) {
    const crowd = crowds.get(`${table} ${choice.field}`);
    let size = 0;
    for (const key of choice.keys) size += crowd?.get(key) ?? 0;
    if (size < smallest) {
      best = choice;
      smallest = size;
    }
  }
  return smallest > CROWD ? undefined : best;
}

function post(entry: Entry, into: Leaf, narrowing: Narrowing): void {
  const postings = orMake(into, narrowing.field, () => new Map<Key, Entry[]>());
  for (const key of narrowing.keys) orMake(postings, key, () => []).push(entry);
}

function leaf(): Leaf {
  return new Map();
}

function emptyIndex(): MessageIndex {
  return { anyColumn: leaf(), byColumn: new Map(), wide: [], sieve: NO_SIEVE };
}

const NO_SIEVE = new Sieve([], false);

function orMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
