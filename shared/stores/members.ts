import type { TriggerEvent } from "../domain/event.ts";
import type { Command, Fact, Next, RunState } from "../domain/run.ts";
import type { Rows, StoredRow, Write } from "../ports/rows.ts";
import type { DuePlace } from "./due.ts";
import { key, padN, padSeq, padTime, under } from "./keys.ts";
import { all } from "./pages.ts";
import { today } from "./run-schema.ts";

const TABLE = "Members";
/** Of one transaction. */
const MOST_WRITES = 100;

/** A run's row. `seq` counts its commits; `formerBuckets` are where the operators' index may still list it. */
export interface RunRow {
  readonly seq: number;
  readonly state: RunState;
  readonly next: Next;
  readonly bucket: Bucket;
  readonly formerBuckets: readonly Bucket[];
  /** Facts of this commit, so that a projection that was cut off can be made again. */
  readonly facts: number;
  /** Where its row in Due lies, and where the one before it lay; absent in rows of before there was a keeper. */
  readonly due?: DuePlace;
  readonly formerDue?: DuePlace;
}
export type Bucket = "live" | "held" | "goal" | "exit" | "completed" | "stopped";

export interface StoredRun {
  readonly row: RunRow;
  /** Undefined once the run ended: an ended run is never written again. */
  readonly etag: string | undefined;
}

export type StoredFact = StoredRow<Fact>;

/** What lies in an inbox: an event for whoever cares, or an operator's command to one run. */
export type InboxItem =
  | { readonly kind: "event"; readonly event: TriggerEvent }
  | {
      readonly kind: "command";
      readonly id: string;
      readonly run: string;
      readonly at: number;
      readonly command: Command;
    };

/** Once-only entry: the key row lives as long as the journey. */
export interface EntryKey {
  readonly run: string;
  readonly event: string;
}

/** The last entry of a person into a journey. Times of occurrence, in milliseconds. */
export interface LastEntry {
  readonly at: number;
  readonly count: number;
  /** Raised by an operator's reset, so that the same key gives another run. */
  readonly generation: number;
}

export interface EntryState {
  readonly key: EntryKey | undefined;
  readonly last: { readonly value: LastEntry; readonly etag: string } | undefined;
}

/** As many keys as one transaction takes beside the row of the last entry. */
const MOST_KEYS = 99;

/** All that must change together for one audience member: runs, facts, entries, inbox. One partition. */
export class Members {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  async run(member: string, run: string): Promise<StoredRun | undefined> {
    const live = await this.#rows.get<RunRow>(TABLE, member, runKey("live", run));
    if (live !== undefined) return { row: forward(live.value), etag: live.etag };
    const done = await this.#rows.get<RunRow>(TABLE, member, runKey("done", run));
    return done === undefined ? undefined : { row: forward(done.value), etag: undefined };
  }

  async liveRuns(member: string): Promise<RunRow[]> {
    const found = await all<RunRow>(this.#rows, TABLE, member, under("live"));
    return found.map((stored) => forward(stored.value));
  }

  /** Live and ended runs, as long as they are kept. */
  async everyRun(member: string): Promise<RunRow[]> {
    const read = await Promise.all(["live", "done"].map((kind) => all<RunRow>(this.#rows, TABLE, member, under(kind))));
    return read.flat().map((stored) => stored.value);
  }

  /** Replaces the live row and adds the commit's facts, or says that somebody was faster. */
  async commit(member: string, etag: string, row: RunRow, facts: readonly Fact[]): Promise<"committed" | "stale"> {
    const live = runKey("live", row.state.run);
    const moved: Write[] =
      row.state.ended === null
        ? [{ kind: "replace", row: live, value: row, etag }]
        : [
            { kind: "delete", row: live, etag },
            { kind: "insert", row: runKey("done", row.state.run), value: row },
          ];
    const written = await this.#rows.commit(TABLE, member, [...moved, ...factRows(row, facts)]);
    return written.kind === "committed" ? "committed" : "stale";
  }

  async facts(member: string, run: string): Promise<Fact[]> {
    return (await all<Fact>(this.#rows, TABLE, member, under(runKey("fact", run)))).map((stored) => stored.value);
  }

  /** With their rows, for a purge. */
  async storedFacts(member: string, run: string): Promise<StoredFact[]> {
    return all<Fact>(this.#rows, TABLE, member, under(runKey("fact", run)));
  }

  /** Facts first: what is cut off here is found again by the run. */
  async removeRun(member: string, run: string, facts: readonly StoredFact[]): Promise<void> {
    for (let from = 0; from < facts.length; from += MOST_WRITES) {
      const some = facts.slice(from, from + MOST_WRITES);
      const writes = some.map(({ row }): Write => ({ kind: "delete", row }));
      const removed = await this.#rows.commit(TABLE, member, writes);
      // Somebody else purges too: one by one, what is left.
      if (removed.kind === "conflict") for (const write of writes) await this.#rows.commit(TABLE, member, [write]);
    }
    await this.#rows.commit(TABLE, member, [{ kind: "delete", row: runKey("done", run) }]);
  }

  async factsOf(member: string, run: string, seq: number): Promise<Fact[]> {
    const range = under(`${runKey("fact", run)}~${padSeq(seq)}`);
    return (await all<Fact>(this.#rows, TABLE, member, range)).map((stored) => stored.value);
  }

  async entryState(member: string, journey: string, keyHash: string): Promise<EntryState> {
    const [made, last] = await Promise.all([
      this.#rows.get<EntryKey>(TABLE, member, key("entry", journey, keyHash)),
      this.#rows.get<LastEntry>(TABLE, member, key("entry", journey)),
    ]);
    return { key: made?.value, last: last && { value: last.value, etag: last.etag } };
  }

  /** Key row, last entry, run and facts in one transaction: one of two that come at once wins. */
  async enter(
    member: string,
    keyHash: string,
    before: EntryState,
    row: RunRow,
    facts: readonly Fact[],
    last: LastEntry,
  ): Promise<"entered" | "conflict"> {
    const journey = row.state.journey;
    const made: EntryKey = { run: row.state.run, event: row.state.entry.id };
    const lastRow = key("entry", journey);
    const written = await this.#rows.commit(TABLE, member, [
      { kind: "insert", row: key("entry", journey, keyHash), value: made },
      before.last === undefined
        ? { kind: "insert", row: lastRow, value: last }
        : { kind: "replace", row: lastRow, value: last, etag: before.last.etag },
      { kind: "insert", row: runKey("live", row.state.run), value: row },
      ...factRows(row, facts),
    ]);
    return written.kind === "committed" ? "entered" : "conflict";
  }

  /** Forgets that somebody entered a journey; answers how many entries that were. The next one makes another run. */
  async resetEntry(member: string, journey: string): Promise<number> {
    for (let forgotten = 0; ; ) {
      const keys = await all<EntryKey>(this.#rows, TABLE, member, under(key("entry", journey)));
      const last = await this.#rows.get<LastEntry>(TABLE, member, key("entry", journey));
      if (last === undefined || (forgotten > 0 && keys.length === 0)) return forgotten;
      const part = keys.slice(0, MOST_KEYS);
      const value: LastEntry = { at: 0, count: last.value.count, generation: last.value.generation + 1 };
      const written = await this.#rows.commit(TABLE, member, [
        { kind: "replace", row: key("entry", journey), value, etag: last.etag },
        ...part.map(({ row, etag }): Write => ({ kind: "delete", row, etag })),
      ]);
      // Somebody entered meanwhile: that is forgotten too.
      if (written.kind === "conflict") continue;
      forgotten += part.length;
      if (part.length === keys.length) return forgotten;
    }
  }

  /**
   * What one person entered counts for the person that it was merged into, so that nobody enters twice by a merge; and
   * what happens to the survivor is brought to the runs of the one that is gone.
   */
  async merge(from: string, to: string): Promise<void> {
    for (const { row, value } of await all<EntryKey | LastEntry>(this.#rows, TABLE, from, under("entry")))
      await this.#rows.commit(TABLE, to, [{ kind: "insert", row, value }]);
    for (const former of [from, ...(await this.formerSelves(from))])
      await this.#rows.commit(TABLE, to, [{ kind: "upsert", row: key("former", former), value: former }]);
  }

  /** Members that were merged into this one. */
  async formerSelves(member: string): Promise<string[]> {
    return (await all<string>(this.#rows, TABLE, member, under("former"))).map((stored) => stored.value);
  }

  /** The same event again is the same row: nothing to do. */
  async deliver(member: string, at: number, item: InboxItem): Promise<void> {
    await this.#rows.commit(TABLE, member, [{ kind: "insert", row: inboxKey(at, inboxId(item)), value: item }]);
  }

  async inbox(member: string, since: number): Promise<InboxItem[]> {
    const range = { from: key("inbox", padTime(since)), below: under("inbox").below };
    return (await all<InboxItem>(this.#rows, TABLE, member, range)).map((stored) => stored.value);
  }

  async forget(member: string, at: number, id: string): Promise<void> {
    await this.#rows.commit(TABLE, member, [{ kind: "delete", row: inboxKey(at, id) }]);
  }
}

/** A run's id is two key parts, the member and a hash. */
export function runKey(kind: "live" | "done" | "fact" | "run", run: string): string {
  return key(kind, ...run.split("~"));
}

export function inboxId(item: InboxItem): string {
  return item.kind === "event" ? item.event.id : item.id;
}

export function inboxKey(at: number, id: string): string {
  return key("inbox", padTime(at), id);
}

/** With the state in today's shape; what stands around it in the row is projected anew by each commit. */
function forward(row: RunRow): RunRow {
  const state = today({ ...row.state });
  return { ...row, state };
}

function factRows(row: RunRow, facts: readonly Fact[]): Write[] {
  return facts.map((fact, n) => ({
    kind: "insert",
    row: `${runKey("fact", row.state.run)}~${padSeq(row.seq)}~${padN(n)}`,
    value: fact,
  }));
}
