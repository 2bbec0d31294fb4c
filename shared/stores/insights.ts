import type { Fact } from "../domain/run.ts";
import type { Rows } from "../ports/rows.ts";
import { key, padN, padSeq, padTime, under } from "./keys.ts";
import type { StoredFact } from "./members.ts";
import { all } from "./pages.ts";

const TABLE = "Insights";
const SHARDS = 16;
const HOUR_MS = 3_600_000;

/** Which facts of which commit: the key of what is counted. */
export interface Counted {
  readonly journey: string;
  readonly version: number;
  readonly run: string;
  readonly seq: number;
}

/** Who is where and why, and counters by hour raised in the same transaction: each fact counts once. */
export class Insights {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  /** Counts a commit's facts; those that were counted before are passed over. */
  async count(of: Counted, facts: readonly Fact[]): Promise<void> {
    for (const [n, fact] of facts.entries()) await this.#countOne(of, n, fact);
  }

  /** How often each outcome came at each step, over all time: `<step>~<outcome>` → number. */
  async totals(journey: string, version: number): Promise<Readonly<Record<string, number>>> {
    const sums: Record<string, number> = {};
    for (let shard = 0; shard < SHARDS; shard += 1) {
      for (const stored of await all<number>(this.#rows, TABLE, partition(journey, version, shard), under("count"))) {
        const [, step, outcome] = stored.row.split("~");
        const name = `${step}~${outcome}`;
        sums[name] = (sums[name] ?? 0) + stored.value;
      }
    }
    return sums;
  }

  /** The rows that name a run go; what was counted stays counted. */
  async forget(of: Omit<Counted, "seq">, facts: readonly StoredFact[]): Promise<void> {
    const place = partition(of.journey, of.version, shardOf(of.run));
    for (const { row, value } of facts) {
      const [seq = "", n = ""] = row.split("~").slice(-2);
      await this.#rows.commit(TABLE, place, [{ kind: "delete", row: factRow(of.run, seq, n, value) }]);
    }
  }

  async #countOne(of: Counted, n: number, fact: Fact): Promise<void> {
    const place = partition(of.journey, of.version, shardOf(of.run));
    const what = key(fact.step ?? "journey", fact.kind);
    const row = factRow(of.run, padSeq(of.seq), padN(n), fact);
    const counter = `count~${what}~${padTime(Math.floor(fact.at / HOUR_MS) * HOUR_MS)}`;
    for (;;) {
      const before = await this.#rows.get<number>(TABLE, place, counter);
      const value = (before?.value ?? 0) + 1;
      const written = await this.#rows.commit(TABLE, place, [
        { kind: "insert", row, value: { detail: fact.detail } },
        before === undefined
          ? { kind: "insert", row: counter, value }
          : { kind: "replace", row: counter, value, etag: before.etag },
      ]);
      if (written.kind === "committed" || written.index === 0) return;
    }
  }
}

function factRow(run: string, seq: string, n: string, fact: Fact): string {
  return `fact~${key(fact.step ?? "journey", fact.kind)}~${padTime(fact.at)}~${run}~${seq}~${n}`;
}

function partition(journey: string, version: number, shard: number): string {
  return key(journey, String(version), padN(shard));
}

/** The run id ends in a hash: its last digit is even enough. */
function shardOf(run: string): number {
  return Number.parseInt(run.slice(-1), 16) % SHARDS;
}
